import { answerFaults } from '../../contract/answers.js';
import { locate } from '../../contract/locate.js';
import { checkBody } from '../../contract/validate.js';
import { readBody } from '../../exchange/json.js';
import { headerOf } from '../../exchange/message.js';
import { consoleLine } from '../../report/console.js';
import type { ProxiedExchange } from './proxy.js';

/** Describes an exchange and its violations of the contract for the console, in lines without values and ids. */
export function describeExchange(exchange: ProxiedExchange): string[] {
  const { method, target, status, ms, trouble: explanation } = exchange;
  const path = locate(method, target)?.operation.path ?? (target.split('?')[0] as string);
  const head = consoleLine({ method, path, status, ms, ...(explanation !== undefined && { explanation }) });
  if (explanation !== undefined) return [head];
  return [head, ...orTrouble(() => faultsIn(exchange)).map((fault) => `  ${fault}`)];
}

/** Returns what a look at an exchange found; the reason where it fails, which ends no recording. */
function orTrouble(look: () => string[]): string[] {
  try {
    return look();
  } catch (error) {
    return [`cannot be judged (${(error as Error).message})`];
  }
}

function faultsIn({
  method,
  target,
  status,
  requestBody = '',
  responseHeaders,
  responseBody = '',
}: ProxiedExchange): string[] {
  const located = locate(method, target);
  if (!located) return ['no operation of the contracts'];
  const { operation } = located;
  if (operation.api === 'sandbox') return [];
  const checked = checkBody(operation, readBody(requestBody));
  const violations = 'violations' in checked ? checked.violations : [];
  const type = headerOf(responseHeaders, 'content-type') ?? '';
  const body = /json/i.test(type) ? readBody(responseBody) : responseBody;
  const faults = answerFaults(operation, { status, headers: responseHeaders, body });
  return [
    ...violations.map(({ field, text }) => `request ${field}: expected ${text.split(', expected ').at(-1)}`),
    ...faults.map(({ path, expected }) => `answer ${path}: expected ${expected}`),
  ];
}
