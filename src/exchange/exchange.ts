import type { components } from '../contract/generated/sandbox.js';

/** A request and its answer, as the journal shows them. */
export type Exchange = components['schemas']['exchange'];

/** One try to deliver a callback, as the list of callbacks shows it. */
export type CallbackAttempt = components['schemas']['callback_attempt'];
