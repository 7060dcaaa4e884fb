/** `/web-sdk/v1/klarna.js`: draws placements; its calls say what is not there yet. */
import { notThere } from './not-there.js';
import { startPlacements } from './placements.js';
import { makeWebSdkV1 } from './web-sdk-v1-object.js';

/** The parts of version 1 that a page finds on `window.Klarna` beside on-site messaging. */
const PARTS = ['Payment', 'Identity', 'Messaging', 'Interoperability', 'Network', 'Customer', 'Express', 'Icon'];

declare global {
  interface Window {
    KlarnaSDKCallback?: (klarna: object) => void;
  }
}

startPlacements();
const klarna = window.Klarna as unknown as Record<string, unknown>;
for (const part of PARTS) klarna[part] ??= notThere(`Klarna.${part}`);
if (typeof window.KlarnaSDKCallback === 'function') window.KlarnaSDKCallback(makeWebSdkV1());
