import { type AnswerFault, answerFaults } from '../../contract/answers.js';
import type { Operation } from '../../contract/operations.js';
import { checkBody } from '../../contract/validate.js';
import { headerOf, isPlaceholder } from '../../exchange/message.js';
import type { RecordedExchange } from '../../exchange/recorded.js';
import { type Finding, finding } from '../../report/finding.js';

/** Returns the place of a recorded exchange. */
export const placeOf = ({ file, index }: RecordedExchange) => ({ file, exchange: index });

/**
 * Judges a recorded answer by the contract. Headers that a recording leaves out are not missed, and placeholders are not
 * judged.
 */
export function recordedFaults(operation: Operation, { response }: RecordedExchange): AnswerFault[] {
  const { status, headers, body } = response;
  const type = headerOf(headers, 'content-type');
  const assumed = type === undefined && typeof body === 'object' ? { 'content-type': 'application/json' } : {};
  return answerFaults(operation, { status, headers: { ...headers, ...assumed }, body }).filter(
    ({ path, got }) => !(path.startsWith('$.headers.') && got === undefined) && !isPlaceholder(got),
  );
}

/** Judges a recorded exchange by the contract: the answer, and the request where Klarna took it. */
export function judgeByContract(operation: Operation, exchange: RecordedExchange): Finding[] {
  const { name } = operation;
  const where = placeOf(exchange);
  const evidence = { evidence: 'recorded' as const, source: exchange.file };
  const answers = recordedFaults(operation, exchange).map(({ path, text, expected, got }) =>
    finding({
      check: 'recording/answer',
      severity: 'violation',
      operation: name,
      message: `the recorded answer is not what the contract says: ${text}`,
      path,
      expected,
      got,
      ...evidence,
      where,
    }),
  );
  return [
    ...answers,
    ...refusedRequests(operation, exchange).map((parts) => finding({ ...parts, ...evidence, where })),
  ];
}

/** A request that Klarna took and that the contract refuses. */
function refusedRequests({ name, ...operation }: Operation, { request, response }: RecordedExchange) {
  if (response.status >= 300 || request.unreadable !== undefined) return [];
  const checked = checkBody({ name, ...operation }, request.body);
  if (!('violations' in checked)) return [];
  return checked.violations.map(({ field, text }) => ({
    check: 'recording/request',
    severity: 'violation' as const,
    operation: name,
    message: `Klarna answered ${response.status} to a request that the contract refuses: ${text}`,
    path: `$.body.${field}`,
  }));
}
