export interface InOrder<Item, Result> {
  /** Highest number of items that are worked on at once. */
  parallel: number;
  work: (item: Item) => Promise<Result>;
  /** Lane of an item: items of one lane are worked on one after the other; undefined: the item waits for none. */
  lane?: (item: Item) => string | undefined;
  /** Tells whether a result is the last: no later item is begun, and results of later items are discarded. */
  last?: (result: Result) => boolean;
  /** Called with each result, in the order of the items. */
  onResult?: (result: Result) => void;
}

/**
 * Works on items in parallel and returns the results in the order of the items. The order in which items finish affects
 * neither the calls of `onResult` nor the last result.
 */
export async function inOrder<Item, Result>(
  items: readonly Item[],
  { parallel, work, lane, last, onResult }: InOrder<Item, Result>,
): Promise<Result[]> {
  const results = new Map<number, Result>();
  const lanes = new Map<string, Promise<unknown>>();
  let started = 0;
  let reported = 0;
  let end = items.length;

  function finish(index: number, result: Result): void {
    results.set(index, result);
    if (last?.(result)) end = Math.min(end, index + 1);
    for (; reported < end && results.has(reported); reported++) onResult?.(results.get(reported) as Result);
  }

  function begin(item: Item): Promise<Result> {
    const name = lane?.(item);
    if (name === undefined) return work(item);
    const doing = (lanes.get(name) ?? Promise.resolve()).then(() => work(item));
    lanes.set(name, doing);
    return doing;
  }

  async function take(): Promise<void> {
    while (started < end) {
      const index = started++;
      finish(index, await begin(items[index] as Item));
    }
  }

  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, take));
  return Array.from({ length: end }, (_, index) => results.get(index) as Result);
}
