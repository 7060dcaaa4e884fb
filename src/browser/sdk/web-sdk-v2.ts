/** `/web-sdk/v2/klarna.mjs`: version 2 of the Web SDK; on-site messaging is there, other calls say what is not. */
import { greet, notThere } from './not-there.js';
import { note } from './notes.js';
import { PLACEMENT, startPlacements } from './placements.js';

interface PlacementOptions {
  key?: unknown;
  amount?: unknown;
  locale?: unknown;
}

/** Makes a placement that can be mounted into an element of the page. */
function placement({ key, amount, locale }: PlacementOptions = {}) {
  const element = document.createElement(PLACEMENT);
  for (const [name, value] of Object.entries({ key, locale, purchaseAmount: amount })) {
    if (value !== undefined) element.dataset[name] = String(value);
  }
  return {
    mount(target: string | Element): void {
      const place = typeof target === 'string' ? document.querySelector(target) : target;
      if (place) place.append(element);
      else note(`Klarna.Messaging.placement().mount: “${String(target)}” finds no element`);
    },
    unmount: (): void => element.remove(),
  };
}

startPlacements();

export const KlarnaSDK = async (): Promise<object> => {
  greet('v2');
  return notThere('Klarna', { Messaging: notThere('Klarna.Messaging', { placement }) });
};
export default KlarnaSDK;
