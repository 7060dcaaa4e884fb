/** `/web-sdk/v1/klarna.mjs`: version 1 of the Web SDK as a module; its calls say what is not there yet. */
import { startPlacements } from './placements.js';
import { makeWebSdkV1 } from './web-sdk-v1-object.js';

startPlacements();

export const KlarnaSDK = async (): Promise<object> => makeWebSdkV1();
export default KlarnaSDK;
