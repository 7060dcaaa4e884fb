import type { CollectedAddress, Open, ShopChannel } from '../sdk/messages.js';
import type { HostedApi, PurchaseApi } from './api.js';
import { hostedOutcomeOf, outcomeOf } from './decisions.js';
import type { Carrier, Ending } from './flow.js';
import { destination, isOver } from './hosted-status.js';
import type { AuthorizeAnswer, SessionData } from './purchase.js';

/** An ending over the shop, with the answer that the callback of the shop's page gets. */
interface Answered extends Ending {
  answer: AuthorizeAnswer;
}

/** Carries out what the shop's page asked the SDK for, and tells it the answer. */
export function overShop(api: PurchaseApi, opened: Open, shop: ShopChannel): Carrier<Answered> {
  const { call, category, categories = [], autoFinalize, collectShippingAddress = false } = opened;
  const data = opened.data && Object.keys(opened.data).length > 0 ? (opened.data as SessionData) : undefined;
  let merged = false;
  return {
    place: 'over-shop',
    categories: category === undefined ? categories : [category],
    data,
    autoFinalize,
    collectsAddress: collectShippingAddress,
    unattended: call !== 'authorize',
    async read() {
      const purchase = await api.read();
      if (!data || merged || purchase.scripted || call !== 'authorize') return purchase;
      // The shopper sees the purchase as the shop's page says that it is by now.
      await api.load(data);
      merged = true;
      return api.read();
    },
    async send(_decision, request) {
      const answer = await {
        authorize: () => api.authorize(request),
        reauthorize: () => api.reauthorize(data),
        finalize: () => api.finalize({ ...(data && { data }) }),
      }[call]();
      return { answer, outcome: outcomeOf(answer), stays: false, approved: answer.approved };
    },
    end({ answer }: Answered, address?: CollectedAddress) {
      shop.send({ kind: 'answer', answer: { ...answer, ...(address && { collected_shipping_address: address }) } });
    },
    giveUp(trouble) {
      if (trouble) shop.send({ kind: 'failed', reason: `${trouble.title}: ${trouble.detail} ${trouble.advice}` });
      else shop.send({ kind: 'closed' });
    },
  };
}

/**
 * Carries out what is decided on the hosted page.
 * @param go leads the browser to an address
 */
export function onHostedPage(api: HostedApi, go: (url: URL) => void): Carrier {
  return {
    place: 'hosted',
    categories: [],
    autoFinalize: true,
    collectsAddress: false,
    unattended: false,
    read: () => api.read(),
    async send(decision, request) {
      const leaves = decision === 'back' || decision === 'cancel';
      const answer = leaves ? await api.leave(decision) : await api.pay(request);
      const to = destination(answer.redirect_url);
      const stays = !to && !isOver(answer.status) && decision !== 'back';
      return {
        outcome: hostedOutcomeOf(answer),
        stays,
        status: answer.status,
        goesOn: answer.status !== 'IN_PROGRESS',
        destination: to,
        named: answer.redirect_url,
        approved: answer.approved === true,
      };
    },
    end({ destination: to }) {
      if (to) go(to);
    },
    giveUp() {
      // The page stays where it is: there is no shop around it.
    },
  };
}
