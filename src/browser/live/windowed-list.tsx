import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { scrollTo, visibleRows } from './window.js';

export interface WindowedListProps<Item> {
  label: string;
  /** Items in the order in which they are drawn. */
  count: number;
  at(index: number): Item;
  keyOf(item: Item): string | number;
  draw(item: Item): ComponentChildren;
  /** Key of the item that is open. */
  chosen?: string | number | undefined;
  choose(item: Item): void;
}

/** Height of a row, in pixels, as the style has it. */
export const ROW = 34;

/**
 * Draws a long list: only the rows that are seen. New rows come at the top; who has scrolled down stays where they are. Arrow
 * keys move through it. Written here, since it is these few lines and a library would bring as much again as the page.
 */
export function WindowedList<Item>({ label, count, at, keyOf, draw, chosen, choose }: WindowedListProps<Item>) {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 600 });
  const before = useRef(count);
  useLayoutEffect(() => {
    const { current } = box;
    if (!current) return undefined;
    const watch = new ResizeObserver(() => setSeen({ top: current.scrollTop, height: current.clientHeight }));
    watch.observe(current);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    const { current } = box;
    const added = count - before.current;
    before.current = count;
    if (current && added > 0 && current.scrollTop > ROW) current.scrollTop += added * ROW;
  }, [count]);
  const { from, to } = visibleRows(count, ROW, seen.top, seen.height);
  const items = Array.from({ length: Math.max(0, to - from) }, (_, index) => at(from + index));
  const place = () => {
    for (let index = 0; index < count; index++) if (keyOf(at(index)) === chosen) return index;
    return -1;
  };
  const step = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 10,
      PageUp: -10,
      Home: -count,
      End: count,
    };
    const by = moves[event.key];
    if (by === undefined || count === 0) return;
    event.preventDefault();
    const now = place();
    const next = now < 0 ? 0 : Math.min(count - 1, Math.max(0, now + by));
    const { current } = box;
    if (current) current.scrollTop = scrollTo(next, ROW, current.scrollTop, current.clientHeight);
    choose(at(next));
  };
  const id = (key: string | number) => `row-${key}`;
  const isDrawn = items.some((item) => keyOf(item) === chosen);
  return (
    <div
      class="windowed"
      ref={box}
      role="listbox"
      aria-label={label}
      aria-activedescendant={isDrawn && chosen !== undefined ? id(chosen) : undefined}
      tabIndex={0}
      onKeyDown={step}
      onScroll={(event) => setSeen({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
    >
      <div role="presentation" style={{ height: `${from * ROW}px` }} />
      {items.map((item, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
        <div
          key={keyOf(item)}
          id={id(keyOf(item))}
          class="windowed-row"
          role="option"
          tabIndex={-1}
          aria-selected={keyOf(item) === chosen}
          aria-posinset={from + index + 1}
          aria-setsize={count}
          onClick={() => choose(item)}
        >
          {draw(item)}
        </div>
      ))}
      <div role="presentation" style={{ height: `${(count - to) * ROW}px` }} />
    </div>
  );
}
