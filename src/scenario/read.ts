import type { Evidence } from '../klarna/catalogue/evidence.js';
import type { MarketCountry } from '../klarna/catalogue/markets.js';
import type { CategoryName } from '../klarna/records.js';
import { checkMeaning } from './check.js';
import { locate } from './located.js';
import { entry, itemsOf, type Located } from './located-value.js';
import { withOddSigns } from './odd-signs.js';
import { buildCallbacks, buildOutcomes } from './outcomes.js';
import { type Problem, ScenarioError } from './problem.js';
import type { Need, Scenario, ShopperScript } from './scenario.js';
import { MAX_BYTES, scenarioName } from './scenario-file.js';
import { buildStep, clockStep, marketVariables } from './steps.js';
import { checkStructure } from './structure.js';

/** Largest number of mistakes of one file that are reported. */
const MAX_PROBLEMS = 50;

/**
 * Reads a scenario from YAML, or JSON, which is YAML. `path` is the file as messages name it.
 * @throws ScenarioError with the mistakes of the file
 */
export function readScenario(source: string | Uint8Array, path: string, name = scenarioName(path)): Scenario {
  const text = decode(source, path);
  const { root, mistakes } = look(text, path);
  if (root && mistakes.length === 0) return build(root, path, name);
  const problems = withOddSigns(mistakes, text, path);
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  const more = problems.length - MAX_PROBLEMS;
  const last = { path, line: 1, column: 1, message: `and ${more} more mistakes` };
  throw new ScenarioError(more > 0 ? [...problems.slice(0, MAX_PROBLEMS), last] : problems);
}

/** Returns what stands in a text, with its mistakes. */
function look(text: string, path: string): { root?: Located; mistakes: Problem[] } {
  try {
    const root = locate(text, path);
    return { root, mistakes: [...checkStructure(root, path), ...checkMeaning(root, path)] };
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return { mistakes: error.problems };
  }
}

/**
 * Returns the content of a file as text.
 * @throws ScenarioError when it is too large or not UTF-8
 */
export function decode(source: string | Uint8Array, path: string): string {
  const refuse = (message: string) => new ScenarioError([{ path, line: 1, column: 1, message }]);
  const bytes = typeof source === 'string' ? Buffer.byteLength(source) : source.byteLength;
  if (bytes > MAX_BYTES) throw refuse(`the file holds more than 1 MB (${bytes} bytes)`);
  if (typeof source === 'string') return source;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(source);
  } catch {
    throw refuse('the file is not UTF-8');
  }
}

/** Makes the scenario of a file without mistakes. */
function build(root: Located, path: string, name: string): Scenario {
  const given = root.value as Record<string, unknown>;
  const market = given.market as MarketCountry | undefined;
  const shopper = given.shopper as ShopperScript | undefined;
  const steps = itemsOf(root, 'steps').map((step) => buildStep(step, market, shopper));
  const clock = entry(root, 'clock');
  const variables = marketVariables(market);
  return {
    name,
    path,
    alias: given.alias as string | undefined,
    title: given.title as string,
    evidence: given.evidence as Evidence | undefined,
    source: given.source as string | undefined,
    market,
    tags: (given.tags ?? []) as string[],
    merchant: given.merchant as string | undefined,
    needs: (given.needs ?? []) as Need[],
    variables,
    categories: given.payment_method_categories as CategoryName[] | undefined,
    shopper,
    outcomes: buildOutcomes(root, variables),
    callbacks: buildCallbacks(root),
    steps: clock ? [clockStep(clock.value as string, clock.at), ...steps] : steps,
  };
}
