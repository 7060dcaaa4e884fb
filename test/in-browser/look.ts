import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame, Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** As much of axe's result as is looked at. */
interface Found {
  violations: { id: string; nodes: { target: unknown[] }[] }[];
}

/** Returns what axe finds on a page or in a frame, each rule with the places where it is broken. */
export async function findings(where: Page | Frame): Promise<string[]> {
  await where.evaluate(source);
  const found = (await where.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as Found;
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

/** The sizes and colours in which a page is looked at. */
export const looks = [360, 1600].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ viewport: { width, height: 900 }, colorScheme })),
);

/** Tells whether something is wider than the window. */
export const isTooWide = (where: Page | Frame): Promise<boolean> =>
  where.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth') as Promise<boolean>;
