import { boots, care, charge } from '../contract/sandbox.js';
import type { Shop } from './shop.js';

/** What a shop does; beside it, where it takes callbacks, and who it is. */
export type Script = (shop: Shop, known: { taken: string; refused: string; merchant: string }) => Promise<unknown>;

/** A shop that a check catches, and the same shop with care. */
export interface Twins {
  careless: Script;
  careful: Script;
  /** Other ways to be careless. */
  also?: Script[];
}

export const monthly = { name: 'Boot care', interval: 'MONTH', interval_count: 1 };
export const plan = { ...care, subscription: monthly };
export const planned = { ...charge, order_lines: [plan] };
export const trial = { ...plan, unit_price: 0, total_amount: 0, total_tax_amount: 0 };
export const signUp = { intent: 'tokenize', order_amount: 0, order_tax_amount: 0, order_lines: [trial] };
export const onDemand = { ...signUp, order_lines: [{ ...trial, subscription: undefined }] };
export const twoLines = { order_amount: 10900, order_tax_amount: 2180, order_lines: [boots, plan] };
export const person = { given_name: 'Elsa', family_name: 'Lind', email: 'elsa.lind@example.com', country: 'SE' };
export const pending = { on: 'createOrder', fraud: { status: 'PENDING' } };

/** Extra merchant data as an attachment. */
export const emd = (packages: unknown) => ({
  attachment: { content_type: 'application/vnd.klarna.internal.emd-v2+json', body: JSON.stringify(packages) },
});
export const account = { customer_account_info: [{ account_registration_date: '2024-11-24T15:00' }] };

/** Charges that go on as they were meant to. */
export const charged = async (shop: Shop, session: object, ...bodies: object[]) => {
  const path = await shop.token(session);
  for (const body of bodies) await shop.charge(path, body);
  return path;
};
