import { checkOutcomes } from './check-outcomes.js';
import { checkActs, checkCallbacks, checkPaid, checkShopper } from './check-script.js';
import { entry, itemsOf, type Located } from './located.js';
import { isMatcherMap, isWord, keyMatchers, wordMatchers } from './matchers.js';
import { parsePath } from './paths.js';
import { didYouMean, type Position, type Problem } from './problem.js';
import { generators, rootOf, variablesOf } from './template.js';

/** Tells a mistake. */
export type Report = (at: Position, message: string) => void;

/** What a text may name at its place in the file. */
interface Known {
  variables: ReadonlySet<string>;
  merchants: ReadonlySet<string>;
  /** Why there is no variable of that name. */
  unknown(name: string): string;
}

/** Variables that stand before the first step. */
const builtIn: ReadonlySet<string> = new Set(['merchant', 'merchants', 'person', 'receiver']);

/** The parts of an answer that a step can keep something of. */
const ANSWER = ['status', 'headers', 'body', 'callbacks'];

/**
 * What a schema cannot say: matchers, generated values and errors that exist, variables kept by an earlier step and used
 * by a later one, paths that can be read, calls left for each outcome. Looks only at what is there, so that it may follow
 * a structure with mistakes.
 */
export function checkMeaning(root: Located, path: string): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (at, message) => problems.push({ path, ...at, message });
  const parts = ['steps', 'outcomes', 'callbacks', 'shopper'];
  if (root.entries && !parts.some((part) => root.entries?.has(part))) {
    report(root.at, `a scenario needs one of ${parts.join(', ')}`);
  }
  checkShopper(root, report);
  checkOutcomes(root, report);
  checkConditions(root, report);
  checkCallbacks(root, report);
  checkActs(root, report);
  checkPaid(root, report);
  checkSteps(root, report);
  return problems;
}

/** The conditions of outcomes: a chosen scenario has no variables but those of its market. */
function checkConditions(root: Located, report: Report): void {
  const known: Known = {
    variables: new Set(entry(root, 'market') ? ['person'] : []),
    merchants: new Set(),
    unknown: (name) => `an outcome has no variable "${name}", only those of the market such as \${person.customer}`,
  };
  for (const outcome of itemsOf(root, 'outcomes')) {
    const when = entry(outcome, 'when');
    if (when) checkExpected(when, known, report);
  }
}

function checkSteps(root: Located, report: Report): void {
  const steps = itemsOf(root, 'steps');
  const variables = new Set(builtIn);
  if (!entry(root, 'market')) variables.delete('person');
  const merchants = new Set(
    steps.flatMap((step) => entry(step, 'as')?.value).filter((name) => typeof name === 'string'),
  );
  const kept = new Kept();
  let misspelt = false;
  const unknown = (name: string) => {
    misspelt = true;
    return `no step before this one keeps "${name}"${didYouMean(name, variables)}`;
  };
  for (const step of steps) {
    const known = { variables, merchants, unknown };
    for (const [key, { node }] of step.entries ?? []) {
      if (key === 'title') continue;
      if (key === 'expect') checkExpected(node, known, report);
      else if (key === 'keep') checkKeep(node, report);
      else checkRequest(node, known, report);
      if (key !== 'keep') kept.use(node);
    }
    for (const [name, { key }] of entry(step, 'keep')?.entries ?? []) {
      // A name that cannot be one is told elsewhere.
      if (/^[A-Za-z_]\w*$/.test(name) && !builtIn.has(name)) kept.keep(name, key);
      variables.add(name);
    }
  }
  // A name that is misspelt where it is used is one mistake, not two.
  if (!misspelt) for (const { name, at } of kept.unused()) report(at, `"${name}" is kept and never used`);
}

/** Variables that steps keep, and whether a later step uses them before they are kept anew. */
class Kept {
  readonly #waiting = new Map<string, Position>();
  readonly #unused: { name: string; at: Position }[] = [];

  use(node: Located): void {
    if (typeof node.value === 'string') for (const name of variablesOf(node.value)) this.#waiting.delete(rootOf(name));
    for (const item of node.items ?? []) this.use(item);
    for (const { node: inner } of node.entries?.values() ?? []) this.use(inner);
  }

  keep(name: string, at: Position): void {
    const before = this.#waiting.get(name);
    if (before) this.#unused.push({ name, at: before });
    this.#waiting.set(name, at);
  }

  unused(): { name: string; at: Position }[] {
    return [...this.#unused, ...[...this.#waiting].map(([name, at]) => ({ name, at }))];
  }
}

function checkRequest(node: Located, known: Known, report: Report): void {
  if (typeof node.value === 'string') {
    if (wordMatchers.has(node.value) && !generators.has(node.value)) refuseMatcher(node.at, node.value, report);
    else if (isWord(node.value)) checkWord(node, generators, 'generated value', report);
    else checkVariables(node, known, report);
  }
  for (const item of node.items ?? []) checkRequest(item, known, report);
  for (const [key, { key: at, node: inner }] of node.entries ?? []) {
    if (/^\$(?!\$)/.test(key)) refuseMatcher(at, key, report);
    checkRequest(inner, known, report);
  }
}

function refuseMatcher(at: Position, name: string, report: Report): void {
  report(at, `a request has no matchers such as ${name}, only ${[...generators].join(', ')}; $$ is a literal $`);
}

function checkExpected(node: Located, known: Known, report: Report): void {
  if (typeof node.value === 'string') {
    if (isWord(node.value)) checkWord(node, new Set(wordMatchers.keys()), 'matcher', report);
    else checkVariables(node, known, report);
  }
  for (const item of node.items ?? []) checkExpected(item, known, report);
  if (!node.entries) return;
  const onlyMatchers = isMatcherMap(node.value as object);
  for (const [key, { key: at, node: inner }] of node.entries) {
    if (/^\$(?!\$)/.test(key)) checkMatcher(key, at, inner, onlyMatchers, report);
    if (key !== '$match') checkExpected(inner, known, report);
  }
}

function checkMatcher(key: string, at: Position, argument: Located, alone: boolean, report: Report): void {
  const wrong = keyMatchers.get(key);
  if (!wrong) report(at, `unknown matcher ${key}${didYouMean(key, keyMatchers.keys())}`);
  else if (!alone) report(at, `${key} stands beside fields; a matcher takes the place of the whole value`);
  else {
    // A variable may bring the argument in; what it brings is judged when the step is played.
    const variable = typeof argument.value === 'string' && key !== '$match' && variablesOf(argument.value).length > 0;
    const message = variable ? undefined : wrong(argument.value);
    if (message) report(argument.at, `${key} ${message}`);
  }
}

function checkWord(node: Located, words: ReadonlySet<string>, what: string, report: Report): void {
  const word = node.value as string;
  if (!words.has(word)) report(node.at, `unknown ${what} ${word}${didYouMean(word, words)}`);
}

function checkVariables(node: Located, { variables, merchants, unknown }: Known, report: Report): void {
  for (const name of variablesOf(node.value as string)) {
    const path = parsePath(name);
    const root = rootOf(name);
    if (!path) report(node.at, `\${${name}} is no variable`);
    else if (root === 'person' && !variables.has(root)) report(node.at, `\${${name}} needs a market`);
    else if (!variables.has(root)) report(node.at, unknown(root));
    else if (root === 'merchants' && !merchants.has(String(path[0]))) {
      report(node.at, `no step acts as "${path[0]}"${didYouMean(String(path[0]), merchants)}`);
    }
  }
}

function checkKeep(node: Located, report: Report): void {
  for (const [name, { key, node: path }] of node.entries ?? []) {
    if (builtIn.has(name)) report(key, `"${name}" is a variable that every scenario has`);
    const text = String(path.value);
    const parsed = text.startsWith('$') ? parsePath(text) : undefined;
    if (!parsed || !ANSWER.includes(String(parsed[0]))) {
      const start = `$.${text.replace(/^\$?\.?/, '').replace(/\W.*/s, '')}`;
      const hint = didYouMean(
        start,
        ANSWER.map((part) => `$.${part}`),
      );
      report(path.at, `${JSON.stringify(path.value)} is no path into the answer, such as $.body.session_id${hint}`);
    }
  }
}
