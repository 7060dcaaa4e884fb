/**
 * A small shop that sells winter boots, and their care by the month. Boots are bought once, by any of Klarna's payment options;
 * the care is charged by a customer token from then on: Klarna's mixed payments.
 */
import { readFile } from 'node:fs/promises';
import Fastify from 'fastify';

const market = { purchase_country: 'SE', purchase_currency: 'SEK', locale: 'sv-SE' };

/** Makes an order line of one piece, with a quarter of tax on top of its net price. */
const line = (reference, name, price, more) => ({
  reference,
  name,
  quantity: 1,
  unit_price: price,
  tax_rate: 2500,
  total_amount: price,
  total_tax_amount: price / 5,
  ...more,
});
const boots = line('BOOTS-42', 'Winter boots', 129900, { type: 'physical' });
const plan = { name: 'Boot care', interval: 'MONTH', interval_count: 1 };
const care = line('CARE-1', 'Boot care', 4900, { type: 'digital', subscription: plan });

/** Returns the amounts and lines of a purchase of one line. */
const purchaseOf = (line) => ({
  ...market,
  order_amount: line.total_amount,
  order_tax_amount: line.total_tax_amount,
  order_lines: [line],
});

/**
 * Makes the shop.
 * @param klarna address of Klarna's APIs, and the shop's user name and password there
 */
export function makeShop({ klarna, username, password }) {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  /** Purchases by their sessions: what is bought, and what came of it. */
  const purchases = new Map();
  const acknowledged = new Set();

  /** Calls Klarna; a call that got no answer, a 429 or a 5xx is repeated with the same key. */
  async function call(method, path, body, key) {
    const headers = {
      authorization,
      ...(body && { 'content-type': 'application/json' }),
      ...(key && { 'klarna-idempotency-key': key }),
    };
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(klarna + path, { method, headers, body: body && JSON.stringify(body) }).catch(
        () => undefined,
      );
      const failed = !response || response.status === 429 || response.status >= 500;
      if (failed && attempt < 3) continue;
      if (!response) throw new Error(`Klarna did not answer ${method} ${path}`);
      const text = await response.text();
      const answer = text === '' ? {} : JSON.parse(text);
      if (response.ok) return answer;
      throw Object.assign(new Error((answer.error_messages ?? [`HTTP ${response.status}`]).join(', ')), { answer });
    }
  }

  /** Makes the customer token and the order of an authorization, once, whether the browser or the callback brought it. */
  function complete(session, token) {
    const purchase = purchases.get(session);
    if (!purchase) throw new Error(`no purchase by session ${session}`);
    purchase.completed ??= place(purchase, token).catch((error) => {
      // It may be tried again with another authorization.
      purchase.completed = undefined;
      throw error;
    });
    return purchase.completed;
  }

  /** Tells Klarna that the shop has the order, once; until then Klarna reminds it. */
  async function acknowledge(order) {
    if (acknowledged.has(order)) return;
    acknowledged.add(order);
    await call('POST', `/ordermanagement/v1/orders/${order}/acknowledge`);
  }

  async function place(purchase, token) {
    const path = `/payments/v1/authorizations/${token}`;
    const { token_id } = await call('POST', `${path}/customer-token`, {
      ...market,
      description: 'Boot care, once a month',
      intended_use: 'SUBSCRIPTION',
    });
    const order = await call('POST', `${path}/order`, {
      ...purchaseOf(boots),
      merchant_urls: purchase.urls,
    });
    await acknowledge(order.order_id);
    // Klarna aims to keep the card or account behind the purchase. The shop reads what it kept before it relies on it.
    const kept = await call('GET', `/customer-token/v1/tokens/${token_id}`);
    purchase.token = token_id;
    return { order_id: order.order_id, paid_by: order.authorized_payment_method?.type, token_id, kept };
  }

  const shop = Fastify({ forceCloseConnections: true });
  shop.setErrorHandler((error, _request, reply) => {
    reply.code(error.statusCode ?? 502).send({ message: error.message });
  });
  shop.get('/', async (_request, reply) => {
    const page = await readFile(new URL('page.html', import.meta.url), 'utf8');
    return reply.type('text/html').send(page.replaceAll('{klarna}', klarna.replace('127.0.0.1', 'localhost')));
  });

  // The browser asks for a session when the checkout opens.
  shop.post('/sessions', async (request) => {
    const own = `${request.protocol}://${request.host}`;
    const urls = {
      authorization: `${own}/klarna/authorization?session={session.id}`,
      push: `${own}/klarna/push?order={order.id}`,
      notification: `${own}/klarna/notification?order={order.id}`,
    };
    const session = await call('POST', '/payments/v1/sessions', {
      intent: 'buy_and_default_tokenize',
      ...purchaseOf(boots),
      merchant_urls: { authorization: urls.authorization },
    });
    const { push, notification } = urls;
    purchases.set(session.session_id, { urls: { push, notification }, months: 0 });
    return session;
  });

  shop.post('/sessions/:id/order', (request) => complete(request.params.id, request.body.authorization_token));

  // The care of another month is charged; its key is the same however often the button is pressed in that month.
  shop.post('/sessions/:id/renew', async (request) => {
    const purchase = purchases.get(request.params.id);
    if (!purchase?.token) return Promise.reject(Object.assign(new Error('nothing to renew yet'), { statusCode: 409 }));
    const path = `/customer-token/v1/tokens/${purchase.token}/order`;
    const body = { ...purchaseOf(care), merchant_urls: { push: purchase.urls.push } };
    const order = await call('POST', path, body, `${purchase.token}-${purchase.months}`);
    await acknowledge(order.order_id);
    return order;
  });

  // Only the stand-in has a clock to move.
  shop.post('/sessions/:id/month', async (request) => {
    const clock = await call('POST', '/sandbox/v1/clock/advance', { by: 'P1M' });
    const purchase = purchases.get(request.params.id);
    if (purchase) purchase.months += 1;
    return clock;
  });

  // Klarna gives the authorization to the server too, in case the browser is gone. It is answered at once.
  shop.post('/klarna/authorization', (request, reply) => {
    const { session_id, authorization_token } = request.body ?? {};
    reply.code(204).send();
    complete(session_id, authorization_token).catch((error) => request.log.error(error));
  });
  shop.post('/klarna/push', (request, reply) => {
    const { order } = request.query;
    reply.code(204).send();
    acknowledge(order).catch((error) => request.log.error(error));
  });
  // A verdict on an order that was pending; this shop ships by hand and only takes note.
  shop.post('/klarna/notification', (_request, reply) => reply.code(204).send());

  return shop;
}
