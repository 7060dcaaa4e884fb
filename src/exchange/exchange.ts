import type { components } from '../contract/generated/sandbox.js';
import type { RuleId } from '../klarna/catalogue/rules.js';

type Schemas = components['schemas'];

/** A request and its answer, as the journal shows them. */
export type Exchange = Omit<Schemas['exchange'], 'explanation'> & {
  explanation?: Schemas['explanation'] & { rule: RuleId };
};

/** An attempt to deliver a callback, as the list of callbacks shows it. */
export type CallbackAttempt = Schemas['callback_attempt'];

/** A journal as the control API gives it: exchanges newest first. */
export interface Journal {
  items: readonly Exchange[];
  dropped: number;
}
