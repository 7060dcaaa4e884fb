import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { authorize, fieldsFor, shopperBy, usualPurchase } from '../../src/client/states.js';
import t from '../tap.js';

t.test('a shopper pays by the type of payment method that an order or a customer token names', async (t) => {
  const paid = (payment_option: string, type?: string) => ({
    payment_option,
    ...(type !== undefined && { funding_source: { type } }),
  });
  for (const [type, shopper] of [
    ['direct_debit', paid('pay_now', 'direct_debit')],
    ['pay_by_card', paid('pay_now', 'card')],
    ['direct_bank_transfer', paid('pay_now', 'bank_transfer')],
    ['invoice', paid('pay_later', 'none')],
    ['pay_later_by_card', paid('pay_later', 'card')],
    ['slice_it_by_card', paid('pay_in_3', 'card')],
    ['fixed_amount', paid('pay_in_3', 'direct_debit')],
    ['fixed_amount_by_card', paid('pay_in_3', 'card')],
    ['fixed_sum_credit', paid('financing', 'card')],
  ] as const) {
    t.strictSame(shopperBy(type), shopper, type);
    t.strictSame(shopperBy(type.toUpperCase()), shopper, type);
  }
  for (const none of ['invoices', '', undefined, null, 7]) t.strictSame(shopperBy(none), {}, String(none));
});

t.test('a usual purchase is one of its market, whose sums come out', async (t) => {
  t.strictSame(usualPurchase('no', 500), {
    purchase_country: 'NO',
    purchase_currency: 'NOK',
    locale: 'nb-NO',
    order_amount: 500,
    order_tax_amount: 0,
    order_lines: [{ name: 'Boots', quantity: 1, unit_price: 500, total_amount: 500, total_tax_amount: 0 }],
  });
  t.match(usualPurchase('XX'), { purchase_country: 'SE', purchase_currency: 'SEK', order_amount: 10_000 });
});

t.test('of a body an operation gets the fields that it has', async (t) => {
  const { purchase_country, order_amount } = usualPurchase();
  const body = { intent: 'buy', purchase_country, order_amount, captured_amount: 1 };
  t.strictSame(fieldsFor('createSession', body), { intent: 'buy', purchase_country, order_amount });
  t.strictSame(fieldsFor('captureOrder', body), { captured_amount: 1 });
});

t.test('an authorization without a token is an error that says so', async (t) => {
  const server = createServer((_, response) => response.end('{"approved":false,"show_form":true}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const target = { url: `http://127.0.0.1:${port}`, username: 'shop', password: 'secret' };
  await t.rejects(authorize(target, 'a'), {
    name: 'ControlError',
    message: 'authorizeSession gave no authorization token',
  });
});
