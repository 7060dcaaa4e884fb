import type { components } from '../../contract/generated/sandbox.js';
import type { CallbackAttempt } from '../../exchange/exchange.js';
import { checkOptions, type OptionTable } from '../check-options.js';
import { control } from '../control.js';
import type { Target } from '../target.js';
import { itemsOf, type ListOptions, lister } from './lists.js';

/** The attempts to return. */
export interface CallbackFilter extends ListOptions {
  /** Kind of callback. */
  on?: CallbackAttempt['on'];
}

const FILTER: OptionTable<CallbackFilter> = {
  on: ['authorization', 'notification', 'push', 'status_update'],
  limit: 'a number',
};

/** An attempt that waits for its time on the merchant's clock. */
export type DueCallback = components['schemas']['due_callback'];

/** The callbacks to a merchant's URLs. */
export interface Callbacks {
  /** Returns the attempts, newest first; the latest 200 are kept. */
  list(filter?: CallbackFilter): Promise<CallbackAttempt[]>;
  /** Returns the next attempt of each callback that waits for its time, the first to fall due first. */
  due(options?: ListOptions): Promise<DueCallback[]>;
  /** Sends a callback again at once; returns the attempt with its result. */
  redeliver(callback_id: string): Promise<CallbackAttempt>;
}

/** Returns the methods for the callbacks of the target's merchant. */
export const callbacksOf = (target: Target): Callbacks => ({
  async list(filter = {}) {
    checkOptions('callbacks.list()', filter, FILTER);
    return itemsOf(target, 'listCallbacks', { ...filter });
  },
  due: lister(target, 'listDue', 'callbacks.due()'),
  redeliver: (callback_id) => control(target, 'redeliverCallback', { path: { callback_id } }),
});
