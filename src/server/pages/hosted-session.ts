import type { FastifyRequest } from 'fastify';
import { enterHostedSession } from '../../klarna/hosted-page/visits.js';
import { hostedUrls } from '../../klarna/links.js';
import { type Markup, markup } from '../../report/markup.js';
import { type Store, transact } from '../../store/store.js';
import { baseOf } from '../call.js';
import { hostedSession } from '../klarna/hosted-payment-page.js';
import type { Scenarios } from '../scenarios.js';
import { tellChanged } from '../world/changed.js';
import type { Worlds } from '../world/worlds.js';
import { type OpenHandler, page } from './page.js';

export interface HostedPageOptions {
  store: Store;
  worlds: Worlds;
  scenarios: Scenarios;
}

const unknownPage = () => page(404, 'Not found', 'mock-klarna knows no hosted session by this address.');

const idOf = (request: FastifyRequest) => (request.params as { session_id: string }).session_id;

/** Lists the commands with which to act as the shopper. */
function acts(base: string, id: string): Markup {
  const commands = ['complete', 'fail', 'cancel', 'back'].map(
    (act) => `curl -u USER:PASSWORD -X POST ${base}/sandbox/v1/hosted-sessions/${id}/${act}`,
  );
  return markup`<pre>${commands.join('\n')}</pre>`;
}

/** Serves the page of `redirect_url`: opening it is the shopper's visit, and it shows how to act as the shopper. */
export function openHostedPage({ store, worlds, scenarios }: HostedPageOptions): OpenHandler {
  return async (request) => {
    const id = idOf(request);
    const merchant = (await store.read('hosted_session', id))?.record.merchant;
    if (merchant === undefined) return unknownPage();
    const world = await worlds.of(merchant);
    const decision = await transact(
      store,
      () => world.clock.now(),
      async (tx, now) =>
        enterHostedSession({ ...(await hostedSession({ tx, merchant, now }, id)), eventId: world.ids.uuid }),
    );
    if ('refusal' in decision) return page(200, 'This page is closed', `${decision.because.text}.`);
    tellChanged(world, decision.changes);
    const run = await scenarios.runFor(world, undefined, { session_id: id });
    const rule = run && 'scenario' in run ? run.delivery('status_update') : undefined;
    for (const effect of decision.effects) await world.callbacks.send(effect, rule);
    await worlds.save(world);
    return page(
      200,
      'Klarna’s hosted page',
      markup`mock-klarna stands in for it: nobody can pay here yet. Whoever tests plays the shopper, with the merchant’s
own credentials. <code>complete</code> takes how they pay, such as <code>{"payment_option":"pay_in_4"}</code>.</p>${acts(baseOf(request), id)}<p>The answer says where the browser would go.`,
    );
  };
}

/** Serves a page about a hosted session that changes nothing. */
function about(store: Store, title: string, tell: (link: Markup) => Markup): OpenHandler {
  return async (request) => {
    const id = idOf(request);
    if (!(await store.read('hosted_session', id))) return unknownPage();
    const link = hostedUrls(baseOf(request), id).redirect_url;
    return page(200, title, tell(markup`<a href="${link}">${link}</a>`));
  };
}

/** Serves the page of `qr_code_url`. */
export const showQrCode = (store: Store): OpenHandler =>
  about(store, 'No QR code', (link) => markup`mock-klarna draws no picture. The QR code would lead to ${link}.`);

/** Serves the page of the distribution module's `standalone_url`. */
export const showDistributionModule = (store: Store): OpenHandler =>
  about(
    store,
    'No distribution module',
    (link) => markup`mock-klarna has no widget that hands out links. This one’s is ${link}.`,
  );
