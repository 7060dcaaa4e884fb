import { isFields } from '../../replay/words.js';
import { readDuration } from '../../server/clock.js';
import type { Exchange } from '../../shop/exchange.js';

/**
 * The exchanges with the times of the merchant's own clock, where a sandbox has moved it: a proxy sees its own time. The
 * clock is known by the answers that moved it, and runs with real time between them.
 * @param exchanges of one merchant, oldest first
 */
export async function onOwnClock(exchanges: readonly Exchange[]): Promise<Exchange[]> {
  const moves = exchanges.filter(isMove);
  const [first] = moves;
  if (!first) return [...exchanges];
  let ahead = (await before(first)) - Date.parse(first.at);
  return exchanges.map((exchange) => {
    const at = Date.parse(exchange.at);
    const own = { ...exchange, at: new Date(at + ahead).toISOString() };
    if (isMove(exchange)) ahead = nowOf(exchange) - at;
    return own;
  });
}

const isMove = ({ operation, status, response: { body } }: Exchange): boolean =>
  (operation === 'advanceClock' || operation === 'setClock') && status === 200 && isFields(body);

/** The time that an answer shows. */
const nowOf = ({ response }: Pick<Exchange, 'response'>): number => Date.parse((response.body as { now: string }).now);

/** What the clock showed before it was moved; where it was set, nobody knows, and it is taken to have been right. */
async function before({ at, operation, request, response }: Exchange): Promise<number> {
  const now = nowOf({ response });
  if (operation !== 'advanceClock') return Date.parse(at);
  const { by } = request.body as { by: string };
  const shift = await readDuration(by);
  return now - (shift(now) - now);
}
