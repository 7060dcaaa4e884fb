import { fillPlaceholders } from '../../klarna/links.js';
import type { Store } from '../../store/store.js';
import { type OpenHandler, page } from './page.js';

/** Returns the confirmation URL of a session or order, if it has one; undefined for an unknown id. */
async function destinationOf(store: Store, id: string): Promise<{ url?: string } | undefined> {
  const session = (await store.read('session', id))?.record;
  const order = (await store.read('order', session?.order ?? id))?.record;
  if (!session && !order) return undefined;
  const url = order?.data.merchant_urls?.confirmation ?? session?.data.merchant_urls?.confirmation;
  return { url: url && fillPlaceholders(url, { session: session?.id, order: order?.id }) };
}

/** Returns a URL in the form for `Location`: absolute, of http or https, in ASCII; undefined when it is not valid. */
function location(url: string | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return protocol === 'http:' || protocol === 'https:' ? href : undefined;
}

/** Serves the page of `redirect_url`: redirects the shopper to the merchant's confirmation page. */
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
