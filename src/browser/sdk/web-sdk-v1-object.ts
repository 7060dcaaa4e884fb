import { greet, notThere } from './not-there.js';
import { refreshPlacements } from './placements.js';

/** Makes the object that version 1 of the Web SDK gives: on-site messaging is there, the rest says that it is not. */
export function makeWebSdkV1(): object {
  greet('v1');
  return notThere('Klarna', { OnsiteMessaging: { refresh: refreshPlacements } });
}
