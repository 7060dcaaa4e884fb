import type { FastifyRequest } from 'fastify';
import { fillPlaceholders } from '../../klarna/links.js';
import { type Markup, markup } from '../../report/markup.js';
import type { Store } from '../../store/store.js';
import type { Outgoing } from '../answers.js';

/** Answers a request that needs no credentials and belongs to no merchant. */
export type OpenHandler = (request: FastifyRequest) => Promise<Outgoing> | Outgoing;

/** An HTML page of a title and a text. */
export function page(status: number, title: string, text: Markup | string): Outgoing {
  const { text: body } =
    markup`<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>`;
  return { status, body, headers: { 'content-type': 'text/html;charset=utf-8' } };
}

/** What the redirect page knows of an id: the confirmation URL of its session or order, if there is one. */
async function destinationOf(store: Store, id: string): Promise<{ url?: string } | undefined> {
  const session = (await store.read('session', id))?.record;
  const order = (await store.read('order', session?.order ?? id))?.record;
  if (!session && !order) return undefined;
  const url = order?.data.merchant_urls?.confirmation ?? session?.data.merchant_urls?.confirmation;
  return { url: url && fillPlaceholders(url, { session: session?.id, order: order?.id }) };
}

/** A URL that may stand in `Location`: absolute, of http or https, in ASCII. */
function location(url: string | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return protocol === 'http:' || protocol === 'https:' ? href : undefined;
}

/** The page of `redirect_url`: sends the shopper on to the merchant's confirmation page. */
export function followRedirect(store: Store): OpenHandler {
  return async (request) => {
    const { session_id: id = '' } = request.params as Record<string, string>;
    const destination = await destinationOf(store, id);
    if (!destination) return page(404, 'Not found', 'mock-klarna knows no purchase by this address.');
    const target = location(destination.url);
    if (target) return { status: 302, headers: { location: target } };
    return page(200, 'Thank you', 'The purchase is complete. The shop named no confirmation page to go on to.');
  };
}
