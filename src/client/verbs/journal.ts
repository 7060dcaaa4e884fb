import type { components } from '../../contract/generated/sandbox.js';
import type { OperationName } from '../../contract/operation-map.js';
import type { Exchange } from '../../exchange/exchange.js';
import { checkOptions, type OptionTable } from '../check-options.js';
import { control } from '../control.js';
import type { Target } from '../target.js';
import { itemsOf, type ListOptions } from './lists.js';

type Schemas = components['schemas'];

/** The exchanges to return. */
export interface ExchangeFilter extends ListOptions {
  operation?: OperationName;
  /** Status of the answer. */
  status?: number;
}

const FILTER: OptionTable<ExchangeFilter> = {
  operation: 'the name of an operation',
  status: 'a number',
  limit: 'a number',
};

/** A merchant's exchanges. */
export interface Journal {
  /** Returns exchanges, newest first. */
  exchanges(filter?: ExchangeFilter): Promise<Exchange[]>;
  /** Forgets the exchanges. */
  clear(): Promise<void>;
  /** Returns the newest requests whose credentials are nobody's, which stand in no journal. */
  refusals(): Promise<Schemas['refusal'][]>;
  /** Returns the rules that explanations name, each with the reason why it is believed to be Klarna's. */
  rules(): Promise<Schemas['listed_rule'][]>;
}

/** Returns the methods for the journal of the target's merchant. */
export const journalOf = (target: Target): Journal => ({
  async exchanges(filter = {}) {
    checkOptions('journal.exchanges()', filter, FILTER);
    return (await itemsOf(target, 'readJournal', { ...filter })) as Exchange[];
  },
  clear: () => control(target, 'clearJournal'),
  refusals: async () => (await control(target, 'listRefusals')).items,
  rules: async () => (await control(target, 'listRules')).items,
});
