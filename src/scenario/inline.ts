import { locate } from './located.js';
import type { Located } from './located-value.js';
import { type Position, ScenarioError } from './problem.js';
import { readScenario } from './read.js';
import type { Scenario } from './scenario.js';

/** The name of a scenario that was given as an object. */
const INLINE = 'inline';

/**
 * Reads a scenario that was given as an object, with the content of a file. It has no lines: its mistakes are placed by the step
 * or outcome that they are in.
 * @throws ScenarioError with its mistakes
 */
export function readInline(content: object): Scenario {
  // A line for each value, so that a position means one.
  const text = JSON.stringify(content, undefined, 2);
  try {
    const { outcomes, callbacks, ...scenario } = readScenario(text, INLINE, INLINE);
    return {
      ...scenario,
      inline: content,
      outcomes: outcomes.map(({ line: _, ...outcome }) => outcome),
      callbacks: callbacks.map(({ line: _, ...rule }) => rule),
    };
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    throw new ScenarioError(error.problems.map((problem) => ({ ...problem, place: placeOf(text, problem) })));
  }
}

/** Returns the place of a mistake in words: `steps[2] "Capture the order", captureOrder.body`; empty for the whole. */
function placeOf(text: string, at: Position): string {
  let root: Located;
  try {
    root = locate(text, INLINE);
  } catch {
    // Nothing of it can be read.
    return '';
  }
  // Each mistake stands at a value or a key.
  const path = pathTo(root, at) as (string | number)[];
  const [list, index, ...inner] = path;
  if (typeof index !== 'number') return written(path);
  const item = root.entries?.get(String(list))?.node.items?.[index]?.value;
  return [`${list}[${index}]${namedBy(item)}`, ...(inner.length > 0 ? [written(inner)] : [])].join(', ');
}

/** Returns the keys and indices that lead to a position: of a value, or of a key, which its mapping stands for. */
function pathTo(node: Located, at: Position): (string | number)[] | undefined {
  if (isAt(node.at, at)) return [];
  for (const [name, { key, node: inner }] of node.entries ?? []) {
    if (isAt(key, at)) return [];
    const path = pathTo(inner, at);
    if (path) return [name, ...path];
  }
  for (const [index, item] of node.items?.entries() ?? []) {
    const path = pathTo(item, at);
    if (path) return [index, ...path];
  }
  return undefined;
}

const isAt = (one: Position, other: Position): boolean => one.line === other.line && one.column === other.column;

/** The longest title that a place has. */
const TITLE = 60;

/** Returns what a step, an outcome or a rule for callbacks is known by: its title, or what it is on. */
function namedBy(item: unknown): string {
  const { title, on } = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
  if (typeof title === 'string')
    return ` ${JSON.stringify(title.length > TITLE ? `${title.slice(0, TITLE)}…` : title)}`;
  return typeof on === 'string' ? ` on ${on.slice(0, TITLE)}` : '';
}

const written = (path: readonly (string | number)[]): string =>
  path.map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at > 0 ? '.' : ''}${part}`)).join('');
