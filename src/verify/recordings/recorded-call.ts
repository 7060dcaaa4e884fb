import { ControlError } from '../../client/control.js';
import type { Located } from '../../contract/locate.js';
import { checkBody } from '../../contract/validate.js';
import { type Fields, isFields } from '../../exchange/fields.js';
import { headerOf } from '../../exchange/message.js';
import type { RecordedExchange } from '../../exchange/recorded.js';

/** A recorded exchange with the operation that it is for. */
export interface RecordedCall extends Located {
  exchange: RecordedExchange;
}

/** An exchange that no sandbox can be brought to repeat; the message says why. */
export class NotComparable extends Error {
  override name = 'NotComparable';
}

/**
 * Returns the reason why an exchange could not be compared.
 * @throws any other error
 */
export function reasonIn(error: unknown): string {
  if (error instanceof NotComparable || error instanceof ControlError) return error.message;
  throw error;
}

/** Returns the body of the request; an empty one where it is no mapping. */
export const requestBody = ({ exchange }: RecordedCall): Fields => fields(exchange.request.body);
/** Returns the body of the answer; an empty one where it is no mapping. */
export const answerBody = ({ exchange }: RecordedCall): Fields => fields(exchange.response.body);

const fields = (value: unknown): Fields => (isFields(value) ? value : {});

/** Returns the recorded status. */
export const statusOf = ({ exchange }: RecordedCall): number => exchange.response.status;
/** Tells if the recorded status is a success. */
export const succeeded = (call: RecordedCall): boolean => statusOf(call) >= 200 && statusOf(call) < 300;

/** Returns `error_code` of the answer. */
export const codeOf = (call: RecordedCall): string | undefined => {
  const { error_code } = answerBody(call);
  return typeof error_code === 'string' ? error_code : undefined;
};

/** Returns the messages of an error in one text. */
const messagesOf = (call: RecordedCall): string => {
  const { error_messages } = answerBody(call);
  return Array.isArray(error_messages) ? error_messages.join(' ') : '';
};

/** Returns a positive number as it is, and 0 for any other value. */
export const amountOf = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0);

/** Returns the refusal that an answer is, for the catalogue of errors. */
export const refusalOf = (call: RecordedCall) => ({
  status: statusOf(call),
  code: codeOf(call),
  messages: messagesOf(call),
});

/**
 * Returns the reason why the body of a recorded answer cannot be judged; undefined where it can. Recorders leave bodies
 * out, cut them off or garble them.
 */
export function whyNoAnswer({ operation, exchange: { response } }: RecordedCall): string | undefined {
  if (response.unreadable !== undefined) return `of the answer, ${response.unreadable}`;
  const type = headerOf(response.headers, 'content-type') ?? '';
  if (typeof response.body === 'string' && /json/i.test(type)) return 'the body of the answer is no JSON, or cut off';
  const contract = operation.answers.get(response.status);
  if (response.body !== undefined || !contract || contract.contentTypes.length === 0) return undefined;
  return `the body of the answer is not there, and ${response.status} has one`;
}

/** Returns the reason why a recorded request cannot be judged or sent again; undefined where it can. */
export function whyNoRequest({ operation, exchange: { request, response } }: RecordedCall): string | undefined {
  if (request.unreadable !== undefined) return `of the request, ${request.unreadable}`;
  // A refused request may have had no valid body.
  if (!operation.request || response.status >= 300) return undefined;
  if (typeof request.body === 'string') return 'the body of the request is no JSON, or cut off, and Klarna took it';
  if (request.body !== undefined || !('violations' in checkBody(operation, undefined))) return undefined;
  return 'the body of the request is not there, and Klarna takes none without';
}
