import type { FastifyRequest } from 'fastify';
import { enterHostedSession } from '../../klarna/hosted-page/visits.js';
import { hostedUrls } from '../../klarna/links.js';
import { type Markup, markup } from '../../report/markup.js';
import { perform } from '../../store/eventually.js';
import { type Store, transact } from '../../store/store.js';
import type { Outgoing } from '../answers.js';
import { baseOf, basesOf } from '../call.js';
import { hostedSession } from '../klarna/hosted-payment-page.js';
import type { Scenarios } from '../scenarios.js';
import { tellChanged } from '../world/changed.js';
import type { Worlds } from '../world/worlds.js';
import { asset, type OpenHandler, page, picture, renderPage } from './page.js';
import { qrCode } from './qr-code.js';

export interface HostedPageOptions {
  store: Store;
  worlds: Worlds;
  scenarios: Scenarios;
  /** Scheme and host by which browsers reach the sandbox; those that the browser called unless given. */
  publicUrl?: string;
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

/** The page, which its script fills; what it says without scripts comes first. */
const paymentPage = (unscripted: Markup): Outgoing =>
  renderPage(200, {
    title: 'Payment page (sandbox)',
    scripts: [asset('purchase.js')],
    body: markup`<main id="page" data-page="hosted">
<noscript class="page">
<h1>Payment page</h1>
<p>This page needs scripts.</p>
${unscripted}
</noscript>
</main>`,
  });

/** Says how to play the shopper from a terminal. */
const elsewhere = (base: string, id: string): Markup =>
  markup`<p>Whoever tests can also play the shopper from a terminal, with the merchant’s own credentials;
<code>complete</code> takes how they pay, such as <code>{"payment_option":"pay_in_4"}</code>.</p>
${acts(base, id)}
<p>The answer says where the browser would go.</p>`;

/** Serves the page of `redirect_url`: opening it is the shopper's visit. */
export function openHostedPage({ store, worlds, scenarios }: HostedPageOptions): OpenHandler {
  return async (request) => {
    const id = idOf(request);
    const merchant = (await store.read('hosted_session', id))?.record.merchant;
    if (merchant === undefined) return unknownPage();
    const world = await worlds.of(merchant);
    const entering = transact(
      store,
      () => world.clock.now(),
      function* (tx, now) {
        const on = yield* hostedSession({ tx, merchant, now }, id);
        return { ...enterHostedSession({ ...on, eventId: world.ids.uuid }), size: 0 };
      },
    );
    const decision = await perform(entering);
    // Its script shows how the session ended, and the way to the shop.
    if ('refusal' in decision) return paymentPage(markup`<p>It is closed: ${decision.because.text}.</p>`);
    tellChanged(world, decision.changes);
    const run = await scenarios.runFor(world, undefined, { session_id: id });
    const rule = run && 'scenario' in run ? run.delivery('status_update') : undefined;
    for (const effect of decision.effects) await world.callbacks.send(effect, rule);
    await worlds.save(world);
    return paymentPage(elsewhere(baseOf(request), id));
  };
}

/** Serves what is about a hosted session and changes nothing. @param show makes it, from the page's address and id */
function about(
  { store, publicUrl }: HostedPageOptions,
  show: (link: string, id: string) => Promise<Outgoing> | Outgoing,
): OpenHandler {
  return async (request) => {
    const id = idOf(request);
    if (!(await store.read('hosted_session', id))) return unknownPage();
    return show(hostedUrls(basesOf(request, publicUrl), id).redirect_url, id);
  };
}

/** Serves the picture of `qr_code_url`. */
export const showQrCode = (options: HostedPageOptions): OpenHandler =>
  about(options, async (link) => {
    const svg = await qrCode(link);
    if (svg !== undefined) return picture(svg);
    return page(404, 'No QR code', `The address of the page has ${link.length} characters, more than a QR code holds.`);
  });

/** Serves the page of the distribution module's `standalone_url`, which hands out the link. */
export const showDistributionModule = (options: HostedPageOptions): OpenHandler =>
  about(options, (link, id) =>
    renderPage(200, {
      title: 'Payment link (sandbox)',
      scripts: [asset('purchase.js')],
      body: markup`<main class="page" id="page" data-page="distribution">
<h1>Payment link <span class="sandbox-mark">sandbox</span></h1>
<p>Klarna’s module sends it to the shopper by e-mail or text message. mock-klarna sends nothing: copy the link, or scan it.</p>
<p class="link"><a id="link" href="${link}">${link}</a></p>
<p class="row"><button class="button primary" type="button" data-copies="link" hidden>Copy the link</button>
<span role="status"></span></p>
<img class="qr" src="../payments/${encodeURIComponent(id)}/qr" alt="QR code of the link">
</main>`,
    }),
  );
