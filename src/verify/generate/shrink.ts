import { type Fields, isFields } from '../../replay/words.js';

type Path = (string | number)[];

/** So many smaller bodies are tried at most. */
const ATTEMPTS = 200;

/**
 * The smallest body that fast-check finds to fail as a body does, made by leaving fields and elements out.
 * @param fails whether a body still fails in the same way
 */
export async function shrink(body: Fields, fails: (smaller: Fields) => Promise<boolean>): Promise<Fields> {
  const { asyncProperty, check, subarray } = await import('fast-check');
  const all = pathsIn(body);
  let attempts = 0;
  let smallest = body;
  const holds = asyncProperty(subarray(all), async (kept) => {
    if (attempts++ >= ATTEMPTS) return true;
    const smaller = keepOnly(body, new Set(kept), []) as Fields;
    if (!(await fails(smaller))) return true;
    smallest = smaller;
    return false;
  });
  // The whole body comes first, which fails; what is tried after it are smaller ones.
  await check(holds, { seed: 1, numRuns: 1, examples: [[all]] });
  return smallest;
}

/** Every place in a body, as JSON. */
function pathsIn(value: unknown, path: Path = []): string[] {
  const own = path.length > 0 ? [JSON.stringify(path)] : [];
  return [...own, ...entriesOf(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))];
}

function entriesOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return value.map((element, index) => [index, element]);
  return isFields(value) ? Object.entries(value) : [];
}

/** A value without what stands at other places. */
function keepOnly(value: unknown, kept: ReadonlySet<string>, path: Path): unknown {
  const inner = entriesOf(value)
    .filter(([key]) => kept.has(JSON.stringify([...path, key])))
    .map(([key, part]) => [key, keepOnly(part, kept, [...path, key])] as const);
  if (Array.isArray(value)) return inner.map(([, part]) => part);
  return isFields(value) ? Object.fromEntries(inner) : value;
}
