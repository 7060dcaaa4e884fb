import { readBody } from '../../client/send.js';
import { answerFaults } from '../../contract/answers.js';
import { locate } from '../../contract/locate.js';
import { checkBody } from '../../contract/validate.js';
import { headerOf } from '../../exchange/message.js';
import { consoleLine } from '../../report/console.js';
import type { Passed } from './proxy.js';

/** What is told of an exchange while it passes, a line each. Values are left out: they may be somebody's, and so may ids. */
export function tellPassed(passed: Passed): string[] {
  const { method, target, status, ms, trouble: explanation } = passed;
  const path = locate(method, target)?.operation.path ?? (target.split('?')[0] as string);
  const head = consoleLine({ method, path, status, ms, ...(explanation !== undefined && { explanation }) });
  if (explanation !== undefined) return [head];
  return [head, ...faultsIn(passed).map((fault) => `  ${fault}`)];
}

function faultsIn({ method, target, status, requestBody = '', responseHeaders, responseBody = '' }: Passed): string[] {
  const located = locate(method, target);
  if (!located) return ['no operation of the contracts'];
  const { operation } = located;
  if (operation.api === 'sandbox') return [];
  const checked = checkBody(operation, readBody(requestBody));
  const asked = 'violations' in checked ? checked.violations : [];
  const type = headerOf(responseHeaders, 'content-type') ?? '';
  const body = /json/i.test(type) ? readBody(responseBody) : responseBody;
  const answered = answerFaults(operation, { status, headers: responseHeaders, body });
  return [
    ...asked.map(({ field, text }) => `request ${field}: expected ${text.split(', expected ').at(-1)}`),
    ...answered.map(({ path, expected }) => `answer ${path}: expected ${expected}`),
  ];
}
