import type { FastifyRequest } from 'fastify';
import { enterHostedSession } from '../../klarna/hosted-page/visits.js';
import { hostedUrls } from '../../klarna/links.js';
import type { Store } from '../../store/store.js';
import { Transaction } from '../../store/store.js';
import { baseOf } from '../exchange.js';
import { hostedSession } from '../klarna/hosted-payment-page.js';
import type { Scenarios } from '../scenarios.js';
import type { Worlds } from '../world/worlds.js';
import { type OpenHandler, page } from './pages.js';

export interface HostedPageOptions {
  store: Store;
  worlds: Worlds;
  scenarios: Scenarios;
}

/** Text within a page: the host that the client called is whatever it says. */
const shown = (text: string) => text.replace(/[^\w\s:/.-]/g, (sign) => `&#${sign.codePointAt(0)};`);

const unknownPage = () => page(404, 'Not found', 'mock-klarna knows no hosted session by this address.');

const idOf = (request: FastifyRequest) => (request.params as { session_id: string }).session_id;

/** How to play the shopper, in commands. */
function acts(base: string, id: string): string {
  const commands = ['complete', 'fail', 'cancel', 'back'].map(
    (act) => `curl -u USER:PASSWORD -X POST ${shown(base)}/sandbox/v1/hosted-sessions/${shown(id)}/${act}`,
  );
  return `<pre>${commands.join('\n')}</pre>`;
}

/** The page of `redirect_url`: the shopper is on it from now on, and it says how to play them. */
export function openHostedPage({ store, worlds, scenarios }: HostedPageOptions): OpenHandler {
  return async (request) => {
    const id = idOf(request);
    for (;;) {
      const tx = new Transaction(store);
      const merchant = (await store.read('hosted_session', id))?.record.merchant;
      if (merchant === undefined) return unknownPage();
      const world = worlds.of(merchant);
      const now = world.clock.now();
      const on = await hostedSession({ tx, merchant, now }, id);
      const decision = enterHostedSession({ ...on, eventId: world.ids.uuid });
      if (!(await tx.commit(decision.changes, now))) continue;
      if ('refusal' in decision) return page(200, 'This page is closed', `${shown(decision.because.text)}.`);
      const run = await scenarios.runFor(world, undefined, { session_id: id });
      const rule = run && 'scenario' in run ? run.delivery('status_update') : undefined;
      for (const effect of decision.effects) await world.callbacks.send(effect, rule);
      return page(
        200,
        'Klarna’s hosted page',
        `mock-klarna stands in for it: nobody can pay here yet. Whoever tests plays the shopper, with the merchant’s
own credentials. <code>complete</code> takes how they pay, such as <code>{"payment_option":"pay_in_4"}</code>.</p>${acts(baseOf(request), id)}<p>The answer says where the browser would go.`,
      );
    }
  };
}

/** A page about a hosted session that changes nothing. */
function about(store: Store, title: string, tell: (link: string) => string): OpenHandler {
  return async (request) => {
    const id = idOf(request);
    if (!(await store.read('hosted_session', id))) return unknownPage();
    const link = shown(hostedUrls(baseOf(request), id).redirect_url);
    return page(200, title, tell(`<a href="${link}">${link}</a>`));
  };
}

/** The page of `qr_code_url`. */
export const showQrCode = (store: Store): OpenHandler =>
  about(store, 'No QR code', (link) => `mock-klarna draws no picture. The QR code would lead to ${link}.`);

/** The page of the distribution module's `standalone_url`. */
export const showDistributionModule = (store: Store): OpenHandler =>
  about(
    store,
    'No distribution module',
    (link) => `mock-klarna has no widget that hands out links. This one’s is ${link}.`,
  );
