import { makeSession, usualPurchase } from '../../../src/client/states.js';
import type { ServerOptions } from '../../../src/server/start.js';
import type { Test } from '../../tap.js';
import { until } from '../../until.js';
import { openPage, type Page, sandbox, shopPage } from '../browser.js';

/** What a call came to: its answers and errors in the order in which the page met them. */
export type Log = [what: 'answer' | 'thrown' | 'returned', ...rest: unknown[]][];

export interface ShopOptions {
  /** Query of the script's address, with its question mark. */
  query?: string;
  /** Attributes of the script's tag. */
  attributes?: string;
  body?: string;
  /** A script that runs before the SDK. */
  before?: string;
  /** Categories that the session has. */
  categories?: string[];
  purchase?: Record<string, unknown>;
  /** Headers of the shop's page. */
  headers?: (sandbox: string) => Record<string, string>;
  server?: ServerOptions;
}

/** What the page has for the tests: it runs a call and notes what came of it. */
const PAGE = `
window.log = [];
window.note = (answer) => log.push(['answer', answer]);
window.run = (call) => {
  window.log = [];
  try {
    const returned = call(note);
    if (returned !== undefined) log.push(['returned', returned]);
  } catch (error) {
    log.push(['thrown', error.name, error.message]);
  }
  return log;
};
`;

/** Encodes claims as a client token that nobody signed. */
export const tokenOf = (claims: unknown) =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2lnbmF0dXJl`;

/** Opens a page of a shop with the SDK in it, and a session of the sandbox as `token`. */
export async function openShopPage(t: Test, options: ShopOptions = {}) {
  const {
    query = '',
    attributes = '',
    body = '<div id="klarna"></div>',
    before = '',
    headers = () => ({}),
    purchase,
  } = options;
  const { url, merchant, target } = await sandbox(t, options.server);
  if (options.categories) {
    const { categories } = options;
    await merchant.scenario.choose({
      title: 'Categories',
      evidence: 'inferred',
      payment_method_categories: categories,
    });
  }
  const authorization = `Basic ${btoa(`${target.username}:${target.password}`)}`;
  const newToken = async (more: Record<string, unknown> = {}) => {
    const session_id = await makeSession(target, { ...usualPurchase('SE'), ...purchase, ...more });
    const session = await fetch(`${target.url}/payments/v1/sessions/${session_id}`, { headers: { authorization } });
    const { client_token } = (await session.json()) as { client_token: string };
    return { session_id, client_token };
  };
  const readSession = async (id: string) =>
    (await fetch(`${target.url}/payments/v1/sessions/${id}`, { headers: { authorization } })).json() as Promise<any>;
  const { session_id, client_token } = await newToken();
  const script = `${url}/kp/lib/v1/api.js`;
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title></head><body><h1>Shop</h1>${body}
<script nonce="shop">window.token = ${JSON.stringify(client_token)};${PAGE}${before}</script>
<script src="${script}${query}" ${attributes}></script></body></html>`;
  const address = await shopPage(t, html, headers(url));
  const opened = await openPage(t);
  await opened.page.goto(address);
  /** Runs a call, `(note) => …` as text, and returns what came of it at once. */
  const run = (call: string) => opened.page.evaluate(`run(${call})`) as Promise<Log>;
  /** Returns the log of the last call when it has so many entries. */
  const settled = async (count = 1): Promise<Log> => {
    const log = () => opened.page.evaluate('log') as Promise<Log>;
    await until(async () => (await log()).length >= count, `${count} entries of the log`);
    return log();
  };
  /** Returns the first answer to the last call. */
  const answer = async (): Promise<any> => (await settled())[0]?.[1];
  const answerTo = async (call: string): Promise<any> => {
    await run(call);
    return answer();
  };
  /** Returns the errors of the SDK that the journal has, newest first, when there are so many. */
  const reported = async (count: number) => {
    const exchanges = () => merchant.journal.exchanges({ operation: 'reportSdkError' });
    await until(async () => (await exchanges()).length >= count, `${count} reports in the journal`);
    return exchanges();
  };
  const purchasePage = opened.page.frameLocator('#klarna-apf-iframe');
  return {
    ...opened,
    url,
    script,
    html,
    merchant,
    session_id,
    newToken,
    readSession,
    run,
    settled,
    answer,
    answerTo,
    reported,
    purchasePage,
  };
}

/** Begins with an init. */
export const INIT = 'Klarna.Payments.init({ client_token: token })';

/** Stops the page's clock: its timers end when a test moves it. */
export async function stopClock(page: Page): Promise<void> {
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1_000);
}
