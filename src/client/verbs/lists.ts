import type { SuccessOf } from '../../contract/operation-map.js';
import { allPages, type ListOperation } from '../all-pages.js';
import { checkOptions, type OptionTable } from '../check-options.js';
import type { Target } from '../target.js';

/** Options of a list. */
export interface ListOptions {
  /** Highest number of items; all unless given. */
  limit?: number;
}

const OPTIONS: OptionTable<ListOptions> = { limit: 'a number' };

/** Something of which there are several. */
export interface Listed<Item> {
  /** Returns what there is, newest first. */
  list(options?: ListOptions): Promise<Item[]>;
}

type ItemOf<Name extends ListOperation> = SuccessOf<Name> extends { items: (infer Item)[] } ? Item : never;

/** Reads a list of the control API to its end, or up to a limit. */
export async function itemsOf<Name extends ListOperation>(
  target: Target,
  name: Name,
  filter: Readonly<Record<string, string | number | undefined>>,
): Promise<ItemOf<Name>[]> {
  return (await allPages<ListOperation>(target, name, filter)).items as ItemOf<Name>[];
}

/**
 * Makes the method that reads a list without filters.
 * @param call the method, as messages name it
 */
export function lister<Name extends ListOperation>(
  target: Target,
  name: Name,
  call: string,
): Listed<ItemOf<Name>>['list'] {
  return async (options = {}) => {
    checkOptions(call, options, OPTIONS);
    return itemsOf(target, name, { ...options });
  };
}
