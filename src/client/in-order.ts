export interface InOrder<Item, Result> {
  /** So many at once, at most. */
  parallel: number;
  work: (item: Item) => Promise<Result>;
  /** Items of one lane follow each other; those without a lane wait for nobody. */
  lane?: (item: Item) => string | undefined;
  /** After such a result nothing further is begun, and what was begun further on does not count. */
  last?: (result: Result) => boolean;
  /** Hears of each result, in the order of the items. */
  onResult?: (result: Result) => void;
}

/**
 * Works on items side by side and gives the results in their order: which of them finishes first makes no difference to
 * what is told, nor to where it ends.
 */
export async function inOrder<Item, Result>(
  items: readonly Item[],
  { parallel, work, lane, last, onResult }: InOrder<Item, Result>,
): Promise<Result[]> {
  const results = new Map<number, Result>();
  const lanes = new Map<string, Promise<unknown>>();
  let begun = 0;
  let told = 0;
  let end = items.length;

  function finish(index: number, result: Result): void {
    results.set(index, result);
    if (last?.(result)) end = Math.min(end, index + 1);
    for (; told < end && results.has(told); told++) onResult?.(results.get(told) as Result);
  }

  function begin(item: Item): Promise<Result> {
    const name = lane?.(item);
    if (name === undefined) return work(item);
    const doing = (lanes.get(name) ?? Promise.resolve()).then(() => work(item));
    lanes.set(name, doing);
    return doing;
  }

  async function take(): Promise<void> {
    while (begun < end) {
      const index = begun++;
      finish(index, await begin(items[index] as Item));
    }
  }

  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, take));
  return Array.from({ length: end }, (_, index) => results.get(index) as Result);
}
