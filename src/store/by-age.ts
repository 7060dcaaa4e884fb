/** An item of a list by age, with its neighbours. */
export interface Aged<Item> {
  older: Item | undefined;
  newer: Item | undefined;
}

/** Items in the order in which they were added. Any of them is removed at once, and the list is walked from any of them. */
export class ByAge<Item extends Aged<Item>> {
  oldest: Item | undefined;
  newest: Item | undefined;

  /** Adds an item as the newest. */
  add(item: Item): void {
    const { newest } = this;
    item.older = newest;
    if (newest) newest.newer = item;
    else this.oldest = item;
    this.newest = item;
  }

  /** Removes an item of this list. */
  remove(item: Item): void {
    const { older, newer } = item;
    if (older) older.newer = newer;
    else this.oldest = newer;
    if (newer) newer.older = older;
    else this.newest = older;
    // A reference to this entry must not keep the other entries alive.
    item.older = undefined;
    item.newer = undefined;
  }
}
