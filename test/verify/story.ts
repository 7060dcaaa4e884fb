import { gzipSync } from 'node:zlib';
import { basic, boots, care, purchase, tokenRequest } from '../contract/sandbox.js';

/** One exchange as a recorder saw it. */
export interface Seen {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  status: number;
  answerHeaders: Record<string, string>;
  answer: string;
}

/** Asks a server, and keeps what was said. */
export function recorder(base: string) {
  const seen: Seen[] = [];
  /** @returns the answer's body and headers */
  const ask = async (call: string, body?: unknown, { password = 'secret', headers = {} } = {}) => {
    const [method = '', path = ''] = call.split(' ');
    const sent: Record<string, string> = {
      authorization: basic('shop', password),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    };
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(base + path, { method, headers: sent, body: text });
    const answer = await response.text();
    const answerHeaders = Object.fromEntries(response.headers);
    seen.push({ method, url: base + path, headers: sent, body: text, status: response.status, answerHeaders, answer });
    const json = /json/.test(answerHeaders['content-type'] ?? '') && answer !== '';
    return { status: response.status, headers: answerHeaders, body: json ? JSON.parse(answer) : answer };
  };
  return { seen, ask };
}

export const charge = { purchase_currency: 'SEK', order_amount: 900, order_tax_amount: 180, order_lines: [care] };

/** A shop's day: a purchase that is captured and refunded, a customer token that is charged, and what is refused. */
export async function tellStory(base: string): Promise<Seen[]> {
  const { seen, ask } = recorder(base);
  const session = (await ask('POST /payments/v1/sessions', purchase)).body.session_id;
  await ask(`POST /payments/v1/sessions/${session}`, { merchant_reference1: 'A-1' });
  await ask(`GET /payments/v1/sessions/${session}`);
  const token = (await ask(`POST /sandbox/v1/sessions/${session}/authorize`, {})).body.authorization_token;
  const placed = { ...purchase, merchant_reference1: 'A-1' };
  const order = (await ask(`POST /payments/v1/authorizations/${token}/order`, placed)).body.order_id;
  await ask(`POST /payments/v1/authorizations/${token}/order`, { ...placed, merchant_reference1: 'A-2' });
  const managed = `/ordermanagement/v1/orders/${order}`;
  await ask(`POST ${managed}/acknowledge`);
  const capture = (await ask(`POST ${managed}/captures`, { captured_amount: 4000 })).headers['capture-id'];
  await ask(`GET ${managed}/captures/${capture}`);
  await ask(`POST ${managed}/captures`, { captured_amount: 9000 });
  const refund = (await ask(`POST ${managed}/refunds`, { refunded_amount: 1000 })).headers['refund-id'];
  await ask(`GET ${managed}/refunds/${refund}`);
  await ask(`POST ${managed}/release-remaining-authorization`);
  await ask(`GET ${managed}`);

  const tokenizing = { ...purchase, intent: 'buy_and_default_tokenize' };
  const second = (await ask('POST /payments/v1/sessions', tokenizing)).body.session_id;
  const other = (await ask(`POST /sandbox/v1/sessions/${second}/authorize`, {})).body.authorization_token;
  const customer = (await ask(`POST /payments/v1/authorizations/${other}/customer-token`, tokenRequest)).body.token_id;
  await ask(`GET /customer-token/v1/tokens/${customer}`);
  await ask(`POST /customer-token/v1/tokens/${customer}/order`, charge, {
    headers: { 'klarna-idempotency-key': 'k-1' },
  });
  await ask(`PATCH /customer-token/v1/tokens/${customer}/status`, { status: 'CANCELLED' });
  await ask(`POST /customer-token/v1/tokens/${customer}/order`, charge);

  await ask('POST /payments/v1/sessions', purchase, { password: 'invalid' });
  await ask('POST /payments/v1/sessions', { ...purchase, order_amount: 1, order_lines: [boots, boots] });
  await ask('GET /payments/v1/sessions/no-such-session');
  await ask('POST /payments/v1/sessions', '{"order_amount": ');
  return seen;
}

/** What Klarna itself would have been asked: the shopper is not among it. */
export const withoutShopper = (seen: readonly Seen[]): Seen[] => seen.filter(({ url }) => !url.includes('/sandbox/'));

const pairs = (headers: Record<string, string>) => Object.entries(headers).map(([name, value]) => ({ name, value }));
const lists = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));

/** Writes exchanges as recorders do, by the name of the recorder. */
export const writers: Record<string, (seen: readonly Seen[]) => object> = {
  har: (seen) => ({ log: { version: '1.2', entries: seen.map(harEntry) } }),
  polly: (seen) => ({
    log: {
      _recordingName: 'a shop',
      creator: { name: 'Polly.JS', version: '6.0.5' },
      entries: seen.map((one) => {
        const entry = harEntry(one);
        const content = { ...entry.response.content, encoding: 'base64', _isBinary: true };
        const text = JSON.stringify([Buffer.from(one.answer).toString('base64')]);
        return { _id: '1', _order: 0, ...entry, response: { ...entry.response, content: { ...content, text } } };
      }),
    },
  }),
  // A hook that parses bodies before they are written leaves values where texts were; the answer came compressed.
  'polly-parsed': (seen) => ({
    log: {
      _recordingName: 'a shop/%p https://api.playground.klarna.com',
      creator: { comment: 'persister:fs', name: 'Polly.JS', version: '6.0.6' },
      entries: seen.map((one, order) => {
        const { request, response, ...entry } = harEntry(one);
        const size = Buffer.byteLength(one.answer);
        const { postData } = request;
        const parsedPost = postData && { ...postData, params: [], text: parsed(postData.text) };
        return {
          _id: '1',
          _order: order,
          ...entry,
          request: { ...request, bodySize: one.body?.length ?? 0, ...(parsedPost && { postData: parsedPost }) },
          response: {
            ...response,
            headers: [...response.headers, { name: 'content-encoding', value: 'gzip' }],
            bodySize: size,
            content: { mimeType: '', size, ...(size > 0 && { text: parsed(one.answer) }) },
          },
        };
      }),
    },
  }),
  vcr: (seen) => ({
    http_interactions: seen.map((one) => ({
      request: {
        method: one.method.toLowerCase(),
        uri: one.url,
        body: { encoding: 'UTF-8', string: one.body ?? '' },
        headers: lists(one.headers),
      },
      response: {
        status: { code: one.status, message: '' },
        headers: lists(one.answerHeaders),
        body: { encoding: 'UTF-8', string: one.answer },
      },
      recorded_at: 'Mon, 02 Mar 2026 09:00:00 GMT',
    })),
    recorded_with: 'VCR 6.1.0',
  }),
  vcrpy: (seen) => ({
    version: 1,
    interactions: seen.map((one) => ({
      request: { method: one.method, uri: one.url, body: one.body ?? null, headers: lists(one.headers) },
      response: {
        status: { code: one.status, message: '' },
        headers: lists(one.answerHeaders),
        body: { string: one.answer },
      },
    })),
  }),
  'go-vcr': (seen) => ({
    version: 2,
    interactions: seen.map((one) => ({
      request: { method: one.method, url: one.url, body: one.body ?? '', headers: lists(one.headers) },
      response: { code: one.status, status: '', headers: lists(one.answerHeaders), body: one.answer },
    })),
  }),
  'php-vcr': (seen) =>
    seen.map((one) => ({
      request: { method: one.method, url: one.url, headers: one.headers, body: one.body },
      response: { status: `${one.status} OK`, headers: one.answerHeaders, body: one.answer },
    })),
  nock: (seen) =>
    seen.map((one) => ({
      scope: new URL(one.url).origin,
      method: one.method,
      path: new URL(one.url).pathname,
      body: one.body === undefined || !one.body.endsWith('}') ? (one.body ?? '') : JSON.parse(one.body),
      status: one.status,
      response: /^\{/.test(one.answer) ? JSON.parse(one.answer) : one.answer,
      rawHeaders: Object.entries(one.answerHeaders).flat(),
      reqheaders: one.headers,
    })),
  'nock-compressed': (seen) =>
    seen.map((one) => ({
      scope: new URL(one.url).origin,
      method: one.method,
      path: new URL(one.url).pathname,
      body: one.body ?? '',
      status: one.status,
      response: one.answer === '' ? '' : [gzipSync(one.answer).toString('hex')],
      rawHeaders: [...Object.entries(one.answerHeaders).flat(), 'Content-Encoding', 'gzip'],
      reqheaders: one.headers,
    })),
};

/** JSON as a value, anything else as it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function harEntry(one: Seen) {
  return {
    startedDateTime: '2026-03-02T09:00:00.000Z',
    time: 1,
    request: {
      method: one.method,
      url: one.url,
      headers: pairs(one.headers),
      ...(one.body !== undefined && { postData: { mimeType: 'application/json', text: one.body } }),
    },
    response: { status: one.status, headers: pairs(one.answerHeaders), content: { mimeType: '', text: one.answer } },
  };
}
