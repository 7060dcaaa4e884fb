import pactum from 'pactum';
import { operationNamed } from '../../src/contract/operations.js';
import { checkAnswer } from '../../src/contract/validate.js';
import type { Observed } from '../../src/server/options.js';
import { type Server, type ServerOptions, startServer } from '../../src/server/start.js';
import type { Test } from '../tap.js';

const { request: requests, settings, spec } = pactum;

settings.setLogLevel('SILENT');
// Three seconds unless told otherwise, too few for what reads every scenario on a busy machine.
requests.setDefaultTimeout(30_000);

/** What a test says of a request. */
export interface Asked {
  path?: Record<string, string>;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
}

export interface Answered {
  status: number;
  headers: Record<string, string>;
  // Tests look into answers freely.
  body: any;
  /** `Mock-Klarna-Explain`. */
  why: string;
}

/** Calls operations by name, as one merchant. */
export type Caller = (operation: string, asked?: Asked) => Promise<Answered>;

/** A server for one test; every answer it gives is judged against the contract. */
export interface Sandbox {
  url: string;
  server: Server;
  as(merchant: string, password?: string): Caller;
}

export const basic = (username: string, password = 'secret') =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** Judges an answer as the test's servers give it. */
export function judge({ operation, status, headers, body }: Observed): string[] {
  const json = String(headers['content-type'] ?? headers['Content-Type']).includes('json');
  return checkAnswer(operationNamed(operation), { status, headers, body: json && body ? JSON.parse(body) : body });
}

/** Starts a server that ends with the test, and fails the test for every answer that breaks the contract. */
export async function startSandbox(t: Test, options: ServerOptions = {}): Promise<Sandbox> {
  const broken: string[] = [];
  const failures: unknown[] = [];
  const server = await startServer({
    port: 0,
    failed: (error) => failures.push(error),
    observe: (exchange) => {
      for (const problem of judge(exchange)) broken.push(`${exchange.operation} ${exchange.status}: ${problem}`);
    },
    ...options,
  });
  t.teardown(async () => {
    await server.close();
    // A test has ended by now: only an error can still fail it.
    if (broken.length > 0) throw new Error(`answers that break the contract:\n${broken.join('\n')}`);
    if (failures.length > 0) throw new Error(`failed behind the scenes:\n${failures.join('\n')}`);
  });
  return { url: server.url, server, as: (merchant, password) => caller(server.url, basic(merchant, password)) };
}

function caller(url: string, authorization: string): Caller {
  return async (name, { path = {}, headers = {}, query = {}, body } = {}) => {
    const { method, path: template } = operationNamed(name);
    const target = template.replace(/\{(\w+)\}/g, (_, parameter: string) => encodeURIComponent(path[parameter] ?? ''));
    const request = spec()
      .withMethod(method as 'GET')
      .withPath(url + target)
      .withHeaders({ authorization, ...headers })
      .withFollowRedirects(false);
    if (Object.keys(query).length > 0) request.withQueryParams(query);
    if (body !== undefined) request.withJson(body as object);
    const response = await request.toss();
    const answered = response as unknown as { statusCode: number; headers: Record<string, string>; body: unknown };
    return {
      status: answered.statusCode,
      headers: answered.headers,
      body: answered.body,
      why: answered.headers['mock-klarna-explain'] ?? '',
    };
  };
}

/** The same thing many times at once. */
export const times = <T>(n: number, run: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: n }, (_, i) => run(i)));

export const boots = {
  type: 'physical',
  reference: 'BOOT-42',
  name: 'Winter boots',
  quantity: 2,
  unit_price: 5000,
  tax_rate: 2500,
  total_amount: 10000,
  total_tax_amount: 2000,
};

export const care = {
  type: 'digital',
  reference: 'CARE-1',
  name: 'Boot care',
  quantity: 1,
  unit_price: 900,
  tax_rate: 2500,
  total_amount: 900,
  total_tax_amount: 180,
};

/** A purchase of boots in Sweden. */
export const purchase = {
  purchase_country: 'SE',
  purchase_currency: 'SEK',
  locale: 'sv-SE',
  order_amount: 10000,
  order_tax_amount: 2000,
  order_lines: [boots],
};

/** A charge for boot care. */
export const charge = { purchase_currency: 'SEK', order_amount: 900, order_tax_amount: 180, order_lines: [care] };

export const tokenRequest = { description: 'Boot care, once a month', intended_use: 'SUBSCRIPTION' };

/** Goes through the purchase flow: a session, and an authorization of it. */
export async function authorized(call: Caller, session: object = {}, shopper: object = {}) {
  const created = await call('createSession', {
    body: { ...purchase, intent: 'buy_and_default_tokenize', ...session },
  });
  const session_id: string = created.body.session_id;
  const answer = await call('authorizeSession', { path: { session_id }, body: shopper });
  return { session_id, authorizationToken: answer.body.authorization_token as string };
}

/** Goes on to a customer token. */
export async function tokenized(call: Caller, session: object = {}, shopper: object = {}) {
  const before = await authorized(call, session, shopper);
  const { body } = await call('createCustomerToken', { path: before, body: tokenRequest });
  return { ...before, customerToken: body.token_id as string };
}
