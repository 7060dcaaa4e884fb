import { type Fields, isFields } from '../exchange/fields.js';
import type { PlacedCallback, ReportedOutcome, ReportedScenario, ReportedStep, Warning } from './replay.js';

/** Returns the request of a step in a few words: the operation and the amount, in minor units. */
export function summarizeRequest({ request, operation, actor, action, times }: ReportedStep): string {
  const name = actor === 'shopper' ? action.replace(/^the shopper /, '') : operation;
  const body = isFields(request?.body) ? request.body : {};
  const amount = body.order_amount !== undefined && [body.order_amount, body.purchase_currency].join(' ').trim();
  return [name, amount, times && `× ${times}`].filter(Boolean).join('  ');
}

/** Returns the answer of a step in a few words: the status, with the error code or the state that the body names. */
export function summarizeAnswer({ answer }: ReportedStep): string {
  if (!answer) return '';
  const body = isFields(answer.body) ? answer.body : {};
  const method = isFields(body.authorized_payment_method) ? body.authorized_payment_method.type : undefined;
  const approved = body.approved === undefined ? undefined : body.approved ? 'approved' : 'not approved';
  const states = [body.error_code, approved, body.fraud_status, body.status, method, body.payment_method_type];
  return [answer.status, ...states.filter((state) => typeof state === 'string')].join('  ');
}

/** Returns the payment method that a step tokenized, or that pays its order, in a line each. */
export function paymentLines({ operation, tokenized, payment_method }: ReportedStep): string[] {
  if (tokenized !== undefined) return [`tokenized: ${tokenized}`];
  return payment_method ? [paymentLine(operation, { ...payment_method })] : [];
}

/**
 * Returns the payment method of an order or a customer token in one line.
 * @param operation the operation whose answer names the order or the token
 */
export function paymentLine(operation: string, method: Fields): string {
  return `${/CustomerToken(Status)?$/.test(operation) ? 'tokenized' : 'paid'}: ${describePaymentMethod(method)}`;
}

/** Describes a payment method, as the control API lists it, in the terms of Klarna's documentation. */
export function describePaymentMethod({ type, ...method }: Fields): string {
  const { card, direct_debit, number_of_days: days, number_of_installments: instalments } = method;
  if (isFields(card)) return `Pay Now by the card ${card.brand} ${card.masked_number} (${type})`;
  if (isFields(direct_debit)) return `Pay Now by direct debit from ${direct_debit.masked_number} (${type})`;
  if (days !== undefined) return `Pay Later in ${days} days (${type})`;
  return instalments === undefined ? String(type) : `${instalments} instalments (${type})`;
}

/** Describes the payment method in Klarna's answer about a customer token, which leaves out that an invoice is due in 30 days. */
export function describeTokenized({ payment_method_type: type, card, direct_debit }: Fields): string {
  return describePaymentMethod({ type, card, direct_debit, ...(type === 'INVOICE' && { number_of_days: 30 }) });
}

/** Returns an instant in UTC without separators and zeros: `2026-01-01 12:00`. */
export const readableInstant = (instant: string): string => instant.replace('T', ' ').replace(/(:00)?(\.\d+)?Z$/, '');

/** Returns an outcome and how often it happened, in one line. */
export function summarizeOutcome({ line, what, matched, hits }: ReportedOutcome): string {
  const calls = matched === 1 ? '1 call' : `${matched} calls`;
  return `${line === undefined ? '' : `line ${line}: `}${what}: ${matched === 0 ? 'never matched' : `${hits} of ${calls}`}`;
}

/** Returns the result of a scenario in a word; one that passed with warnings is `warned`. */
export function displayedResult({ result, warnings }: ReportedScenario): ReportedScenario['result'] | 'warned' {
  return result === 'passed' && warnings.length > 0 ? 'warned' : result;
}

/** The results of scenarios as reports show them, those that somebody must look at first. */
const RESULTS: readonly ReturnType<typeof displayedResult>[] = ['failed', 'warned', 'skipped', 'passed'];

/** Returns scenarios by their results, those that failed first. */
export const failuresFirst = (scenarios: readonly ReportedScenario[]): ReportedScenario[] =>
  RESULTS.flatMap((result) => scenarios.filter((scenario) => displayedResult(scenario) === result));

/** Returns a warning with its line. */
export const summarizeWarning = ({ line, message }: Warning): string =>
  line === undefined ? message : `line ${line}: ${message}`;

/** Returns the end of an attempt to deliver a callback: the status of the answer, or the reason why there is none. */
export function summarizeDelivery({ result: { status, error, refused }, unexpected }: PlacedCallback): string {
  if (status !== undefined) return `${status}${unexpected ? '  not the status that was expected' : ''}`;
  return error ?? refused ?? 'dropped by the scenario';
}
