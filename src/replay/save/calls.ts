import type { Operation } from '../../contract/operations.js';
import { type Call, readCall } from '../../exchange/call.js';
import type { Exchange, Journal } from '../../exchange/exchange.js';
import { headerOf } from '../../exchange/message.js';
import { ruleOf } from '../../klarna/catalogue/rules.js';
import { BrowserCalls } from './browser-calls.js';

/** An exchange that no step can repeat, and the reason. */
export interface LeftOut {
  what: string;
  why: string;
}

/**
 * Returns the exchanges of a journal since the merchant's last reset, as calls of operations in the order of their
 * requests. Those that no step can repeat are left out, with the reasons.
 */
export function readCalls({ items }: Journal): { calls: Call[]; left: LeftOut[] } {
  const ordered = [...items].reverse().sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const start = ordered.findLastIndex(({ operation, status }) => operation === 'resetMerchant' && status < 300) + 1;
  const calls: Call[] = [];
  const left: LeftOut[] = [];
  const browser = new BrowserCalls();
  const lived = ordered.slice(start).flatMap((exchange) => browser.translate(exchange) ?? []);
  for (const [index, exchange] of lived.entries()) {
    const call = isWritable(exchange) ? readCall(exchange, index) : undefined;
    const why = call ? whyNot(call) : 'the path has no such operation';
    if (call && why === undefined) calls.push(call);
    else if (why) left.push({ what: call?.operation.name ?? `${exchange.method} ${exchange.path}`, why });
  }
  return { calls, left };
}

/** Tells if a step can name the path of an exchange: one that is not UTF-8 cannot be written. */
function isWritable({ path }: Exchange): boolean {
  try {
    decodeURI(path.replace(/[?#].*$/s, ''));
    return true;
  } catch {
    return false;
  }
}

/** Tells if an operation moves the clock. */
export const isClock = ({ name }: Operation): boolean => name === 'setClock' || name === 'advanceClock';

/** Returns the reason why no step can repeat a call; an empty text where nobody needs to know. */
function whyNot({ exchange, operation }: Call): string | undefined {
  const { status, request, explanation, scripted } = exchange;
  const { body } = request;
  const rule = explanation?.rule;
  const { cause, stage } = ruleOf(rule) ?? {};
  if (operation.name === 'resetMerchant' || (isClock(operation) && status >= 400)) return '';
  if (operation.name === 'redeliverCallback') return 'a callback has another id each time';
  if (request.cut) return 'the journal keeps the beginning of the body only';
  if (stage === 'wire' && cause === 'request' && !(rule === 'readable-json' && typeof body === 'string')) {
    return `the journal does not show the request as it was sent (${rule})`;
  }
  if (rule === 'merchant-active') return 'the merchants file says that the merchant is inactive';
  if (rule === 'scenario-known') return 'it names a scenario that there is not';
  if (status === 0 && !scripted?.fault) return 'it got no answer';
  return undefined;
}

/** Tells if an answer was repeated for its idempotency key: it has the correlation id of the first. */
export function isRepeated({ correlation_id, response }: Exchange): boolean {
  const answered = headerOf(response.headers, 'klarna-correlation-id');
  return answered !== undefined && correlation_id !== undefined && answered !== correlation_id;
}
