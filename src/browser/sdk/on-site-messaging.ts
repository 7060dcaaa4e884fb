/** The older script of on-site messaging, `lib.js`: placeholders where Klarna would show messages. */
import { startPlacements } from './placements.js';

startPlacements();
