import { isFields } from '../../exchange/fields.js';
import type { Warning } from '../result.js';
import { paidNote } from '../words.js';
import type { PlacedCallback, ReportedOutcome, ReportedScenario, ReportedStep } from './report.js';

/** What is asked, in a few words: the amount, which is in minor units, where there is one. */
export function askedFor({ request, operation, actor, deed, times }: ReportedStep): string {
  const name = actor === 'shopper' ? deed.replace(/^the shopper /, '') : operation;
  const body = isFields(request?.body) ? request.body : {};
  const amount = body.order_amount !== undefined && [body.order_amount, body.purchase_currency].join(' ').trim();
  return [name, amount, times && `× ${times}`].filter(Boolean).join('  ');
}

/** What was answered, in a few words: the status, the error or what the answer is about. */
export function answered({ answer }: ReportedStep): string {
  if (!answer) return '';
  const body = isFields(answer.body) ? answer.body : {};
  const method = isFields(body.authorized_payment_method) ? body.authorized_payment_method.type : undefined;
  const approved = body.approved === undefined ? undefined : body.approved ? 'approved' : 'not approved';
  const words = [body.error_code, approved, body.fraud_status, body.status, method, body.payment_method_type];
  return [answer.status, ...words.filter((word) => typeof word === 'string')].join('  ');
}

/** What was tokenized, or how the order is paid, in a line each. */
export function paidNotes({ operation, tokenized, payment_method }: ReportedStep): string[] {
  if (tokenized !== undefined) return [`tokenized: ${tokenized}`];
  return payment_method ? [paidNote(operation, { ...payment_method })] : [];
}

/** An instant of the clock as a person reads it; the clock is in UTC. */
export const readable = (instant: string): string => instant.replace('T', ' ').replace(/(:00)?(\.\d+)?Z$/, '');

/** How often an outcome happened, in one line. */
export function metOutcome({ line, what, matched, hits }: ReportedOutcome): string {
  const calls = matched === 1 ? '1 call' : `${matched} calls`;
  return `line ${line}: ${what}: ${matched === 0 ? 'never matched' : `${hits} of ${calls}`}`;
}

/** A result in a word; one that passed with warnings is no plain pass. */
export function resultOf({ result, warnings }: ReportedScenario): ReportedScenario['result'] | 'warned' {
  return result === 'passed' && warnings.length > 0 ? 'warned' : result;
}

/** A warning, with its line. */
export const warned = ({ line, message }: Warning): string => `line ${line}: ${message}`;

/** How an attempt to deliver a callback ended: the status of the answer, or why there is none. */
export function delivered({ result: { status, error, refused }, unexpected }: PlacedCallback): string {
  if (status !== undefined) return `${status}${unexpected ? '  not the status that was expected' : ''}`;
  return error ?? refused ?? 'dropped by the scenario';
}
