import { type Fields, isFields } from '../exchange/fields.js';
import { actBy } from '../scenario/steps.js';
import type { StepResult } from './result.js';

/** Who does something in a step: a shop, the shopper, the clock, or Klarna itself by the control API. */
export type Actor = 'shop' | 'shopper' | 'clock' | 'sandbox';

/** Who acts in a step. */
export function actorOf({ kind, operation }: StepResult['step']): Actor {
  if (kind !== 'operation') return kind;
  return operation.api === 'sandbox' && operation.name !== 'followRedirect' ? 'sandbox' : 'shop';
}

/** What a step does, in words of its own: the operation, or what the shopper or the clock does. */
export function deed({ step, request }: Pick<StepResult, 'step' | 'request'>): string {
  if (step.kind === 'operation') return step.operation.name;
  const body: Fields = request?.body ? JSON.parse(request.body) : {};
  if (step.kind === 'clock') return `the clock moves ${body.by ? `on by ${body.by}` : `to ${body.now}`}`;
  const how = [body.payment_option, (body.funding_source as Fields | undefined)?.type, body.result];
  const told = how.filter((word) => word !== undefined).join(', ');
  return `the shopper ${actBy(step.operation.name)?.deed}${told && `: ${told}`}`;
}

/** A payment method, as the control API lists it, in the words of Klarna's documentation. */
export function describeMethod({ type, ...method }: Fields): string {
  const { card, direct_debit, number_of_days: days, number_of_installments: instalments } = method;
  if (isFields(card)) return `Pay Now by the card ${card.brand} ${card.masked_number} (${type})`;
  if (isFields(direct_debit)) return `Pay Now by direct debit from ${direct_debit.masked_number} (${type})`;
  if (days !== undefined) return `Pay Later in ${days} days (${type})`;
  return instalments === undefined ? String(type) : `${instalments} instalments (${type})`;
}

/** How an order is paid, or a customer token, in one line; `operation` is the one that was about it. */
export function paidNote(operation: string, method: Fields): string {
  return `${/CustomerToken(Status)?$/.test(operation) ? 'tokenized' : 'paid'}: ${describeMethod(method)}`;
}

/** The payment method of a customer token as Klarna answers it, in words: that an invoice is due in 30 days is not in there. */
export function tokenizedMethod({ payment_method_type: type, card, direct_debit }: Fields): string {
  return describeMethod({ type, card, direct_debit, ...(type === 'INVOICE' && { number_of_days: 30 }) });
}
