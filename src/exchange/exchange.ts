import type { components } from '../contract/generated/sandbox.js';
import type { RuleId } from '../klarna/catalogue/rules.js';

type Schemas = components['schemas'];

/** A request and its answer, as the journal shows them. */
export type Exchange = Omit<Schemas['exchange'], 'explanation' | 'number'> & {
  /** Its number in the journal, from 1; absent where it is of no journal. */
  number?: number;
  explanation?: Schemas['explanation'] & { rule: RuleId };
};

/** An exchange of a journal. */
export type NumberedExchange = Exchange & { number: number };

/** An attempt to deliver a callback, as the list of callbacks shows it. */
export type CallbackAttempt = Schemas['callback_attempt'];

/** A journal as the control API gives it: exchanges newest first. */
export interface Journal {
  items: readonly Exchange[];
  dropped: number;
}
