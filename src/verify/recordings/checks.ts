import type { Check } from '../../report/finding.js';
import { type Difference, severityOf } from './compare.js';

const titles: Readonly<Record<Difference['kind'], string>> = {
  status: 'The sandbox answers with the recorded status',
  'error-code': 'The sandbox answers with the recorded error code',
  'fields-named': 'A refusal names the recorded fields',
  message: 'A refusal has the recorded words',
  'missing-key': 'The sandbox leaves out no field that was recorded',
  'extra-key': 'The sandbox has no field that was not recorded',
  type: 'Values are of the recorded type',
  value: 'Values are those recorded, where both were told the same',
  header: 'The sandbox sends the headers that were recorded',
};

/** What is looked for in recordings. */
export const recordingChecks: Check[] = [
  {
    id: 'recording/answer',
    severity: 'violation',
    title: 'The contract knows the recorded answers',
    reason: 'What Klarna has answered is right; a contract that says otherwise is wrong, or Klarna has changed.',
  },
  {
    id: 'recording/request',
    severity: 'violation',
    title: 'The contract takes the requests that Klarna took',
  },
  ...Object.entries(titles).map(
    ([kind, title]): Check => ({
      id: `recording/${kind}`,
      severity: severityOf[kind as Difference['kind']].same,
      title,
      reason: 'The same request goes to a sandbox in the same state. Where its past is guessed, the finding is milder.',
    }),
  ),
];
