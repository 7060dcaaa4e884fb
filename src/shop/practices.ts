import { attachments } from './practices/attachments.js';
import { callbacks } from './practices/callbacks.js';
import { credentials } from './practices/credentials.js';
import { keys } from './practices/keys.js';
import { orders } from './practices/orders.js';
import type { Practice } from './practices/practice.js';
import { retries } from './practices/retries.js';
import { sessions } from './practices/sessions.js';
import { tokens } from './practices/tokens.js';

/** All practices, in the order of a purchase. */
export const practices: readonly Practice[] = [
  ...credentials,
  ...sessions,
  ...attachments,
  ...orders,
  ...tokens,
  ...keys,
  ...retries,
  ...callbacks,
];
