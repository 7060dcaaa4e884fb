import { type Answered, answerFaults } from '../contract/answers.js';
import type { Operation } from '../contract/operations.js';
import { type Check, type Finding, finding, type Place } from '../report/finding.js';

/** Returns the check of an operation's answers by its contract. */
export const answerCheck = ({ name, evidence }: Operation): Check => ({
  id: `answer/${name}`,
  severity: 'violation',
  title: `Answers of ${name} keep to the contract`,
  reason: 'Status, headers, content type and body are those of the contract, and nothing stands beside them.',
  evidence: evidence.grade,
  source: evidence.source,
});

/**
 * Judges an answer by the contract of its operation.
 * @param when the step or the exchange, which begins the message
 */
export function judgeAnswer(operation: Operation, answer: Answered, where: Place, when?: string): Finding[] {
  const { grade, source } = operation.answers.get(answer.status)?.evidence ?? operation.evidence;
  return answerFaults(operation, answer).map(({ path, text, expected, got }) =>
    finding({
      check: `answer/${operation.name}`,
      severity: 'violation',
      operation: operation.name,
      message: when === undefined ? text : `${when}: ${text}`,
      path,
      expected,
      got,
      evidence: grade,
      source,
      where,
    }),
  );
}
