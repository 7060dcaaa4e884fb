import type { Handlers } from '../call.js';
import { openSession } from '../klarna/payments.js';

/** Handler of the call that Klarna's express button makes for a merchant. */
export const expressSessions: Handlers<'openExpressSession'> = {
  openExpressSession: (call) => openSession(call, call.body.data),
};
