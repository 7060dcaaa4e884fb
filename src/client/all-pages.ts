import type { SuccessOf } from '../contract/operation-map.js';
import { control } from './control.js';
import type { Target } from './target.js';

/** The lists of the control API that come in pages. */
export type ListOperation =
  | 'readJournal'
  | 'listCallbacks'
  | 'listDue'
  | 'listMerchants'
  | 'listSessions'
  | 'listAuthorizations'
  | 'listCustomerTokens'
  | 'listOrders'
  | 'listHostedSessions';

/** Number of items that are asked for at once. */
const PAGE = 100;

interface Page {
  items: unknown[];
  next?: string | number;
}

/**
 * Reads a list to its end, page by page.
 * @param query its filters; with `limit` the list is read up to so many items
 * @returns the last page, with the items of all
 * @throws ControlError unless it succeeds
 */
export async function allPages<Name extends ListOperation>(
  target: Target,
  name: Name,
  { limit, ...filter }: Readonly<Record<string, string | number | undefined>> = {},
): Promise<SuccessOf<Name>> {
  const items: unknown[] = [];
  let after: string | number | undefined;
  for (;;) {
    const left = limit === undefined ? PAGE : Number(limit) - items.length;
    // A limit that is none is refused by the sandbox.
    const query = { ...filter, limit: Math.min(left, PAGE), after };
    const page = (await control<ListOperation>(target, name, { query })) as Page;
    items.push(...page.items);
    const complete = limit !== undefined && left <= page.items.length;
    if (page.next === undefined || complete) return { ...page, items } as SuccessOf<Name>;
    after = page.next;
  }
}
