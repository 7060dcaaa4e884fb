import type { Operation } from '../../contract/operations.js';
import { type Call, readCall } from '../../exchange/call.js';
import type { Exchange, Journal } from '../../exchange/exchange.js';
import { isFields } from '../../exchange/fields.js';
import { headerOf } from '../../exchange/message.js';
import { ruleOf } from '../../klarna/catalogue/rules.js';

/** An exchange that no step can repeat, and why. */
export interface LeftOut {
  what: string;
  why: string;
}

/** Values nested deeper than this make a file that cannot be read. */
const MAX_DEPTH = 80;

/**
 * The exchanges of a journal in the order of their requests, as calls of operations. What came before the merchant was
 * reset is over; reading goes unmentioned, and so does what the control API refused to do to the clock.
 */
export function readCalls({ items }: Journal): { calls: Call[]; left: LeftOut[] } {
  const ordered = [...items].reverse().sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const start = ordered.findLastIndex(({ operation, status }) => operation === 'resetMerchant' && status < 300) + 1;
  const calls: Call[] = [];
  const left: LeftOut[] = [];
  for (const [index, exchange] of ordered.slice(start).entries()) {
    const call = isWritable(exchange) ? readCall(exchange, index + 1) : undefined;
    const why = call ? whyNot(call) : 'the path has no such operation';
    if (call && why === undefined) calls.push(call);
    else if (why) left.push({ what: call?.operation.name ?? `${exchange.method} ${exchange.path}`, why });
  }
  return { calls, left };
}

/** Tells whether a step can name the path of an exchange, which one that is no UTF-8 cannot be. */
function isWritable({ path }: Exchange): boolean {
  try {
    decodeURI(path.replace(/[?#].*$/s, ''));
    return true;
  } catch {
    return false;
  }
}

/** Whether the control API moved the clock, or was to. */
export const isClock = ({ name }: Operation): boolean => name === 'setClock' || name === 'advanceClock';

/** Why no step can repeat a call; empty where that needs no saying. */
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
  return depthOf(body) > MAX_DEPTH ? `its body is nested more than ${MAX_DEPTH} deep` : undefined;
}

function depthOf(value: unknown): number {
  if (!isFields(value) && !Array.isArray(value)) return 0;
  let depth = 0;
  for (const inner of Object.values(value)) depth = Math.max(depth, depthOf(inner));
  return depth + 1;
}

/** Whether an answer was the one that its idempotency key stands for: it has the correlation id of the first. */
export function isRepeated({ correlation_id, response }: Exchange): boolean {
  const answered = headerOf(response.headers, 'klarna-correlation-id');
  return answered !== undefined && correlation_id !== undefined && answered !== correlation_id;
}
