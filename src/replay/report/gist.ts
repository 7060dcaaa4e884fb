import { isFields } from '../words.js';
import type { ReportedStep } from './report.js';

/** A text of at most so many characters. */
export const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

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

/** An instant of the clock as a person reads it; the clock is in UTC. */
export const readable = (instant: string): string => instant.replace('T', ' ').replace(/(:00)?(\.\d+)?Z$/, '');
