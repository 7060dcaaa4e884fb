import { ControlError } from '../../client/control.js';
import type { Located } from '../../contract/locate.js';
import { checkBody } from '../../contract/validate.js';
import { type Fields, isFields } from '../../exchange/fields.js';
import { headerOf } from '../../exchange/message.js';
import type { RecordedExchange } from '../../exchange/recorded.js';

/** A recorded exchange with the operation that it is for. */
export interface Told extends Located {
  exchange: RecordedExchange;
}

/** An exchange that no sandbox can be brought to repeat; the message says why. */
export class NotComparable extends Error {
  override name = 'NotComparable';
}

/**
 * Why an exchange could not be compared.
 * @throws every error that says something else
 */
export function reasonIn(error: unknown): string {
  if (error instanceof NotComparable || error instanceof ControlError) return error.message;
  throw error;
}

/** Body of the request, or of the answer; an empty one where it is no mapping. */
export const asked = ({ exchange }: Told): Fields => fields(exchange.request.body);
export const answered = ({ exchange }: Told): Fields => fields(exchange.response.body);

const fields = (value: unknown): Fields => (isFields(value) ? value : {});

export const statusOf = ({ exchange }: Told): number => exchange.response.status;
export const succeeded = (told: Told): boolean => statusOf(told) >= 200 && statusOf(told) < 300;

/** `error_code` of the answer. */
export const codeOf = (told: Told): string | undefined => {
  const { error_code } = answered(told);
  return typeof error_code === 'string' ? error_code : undefined;
};

/** The messages of an error in one text. */
const messagesOf = (told: Told): string => {
  const { error_messages } = answered(told);
  return Array.isArray(error_messages) ? error_messages.join(' ') : '';
};

export const amountOf = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0);

/** The refusal that an answer is, for the catalogue of errors. */
export const refusalOf = (told: Told) => ({
  status: statusOf(told),
  code: codeOf(told),
  messages: messagesOf(told),
});

/**
 * Why a recorded answer tells nothing of its body; undefined where it does. Recorders leave bodies out, cut them off or
 * garble them: what is not there was not necessarily not sent.
 */
export function whyNoAnswer({ operation, exchange: { response } }: Told): string | undefined {
  if (response.unreadable !== undefined) return `of the answer, ${response.unreadable}`;
  const type = headerOf(response.headers, 'content-type') ?? '';
  if (typeof response.body === 'string' && /json/i.test(type)) return 'the body of the answer is no JSON, or cut off';
  const contract = operation.answers.get(response.status);
  if (response.body !== undefined || !contract || contract.contentTypes.length === 0) return undefined;
  return `the body of the answer is not there, and ${response.status} has one`;
}

/** Why a recorded request cannot be judged or sent again; undefined where it can. */
export function whyNoRequest({ operation, exchange: { request, response } }: Told): string | undefined {
  if (request.unreadable !== undefined) return `of the request, ${request.unreadable}`;
  // What Klarna refused may well have been so.
  if (!operation.request || response.status >= 300) return undefined;
  if (typeof request.body === 'string') return 'the body of the request is no JSON, or cut off, and Klarna took it';
  if (request.body !== undefined || !('violations' in checkBody(operation, undefined))) return undefined;
  return 'the body of the request is not there, and Klarna takes none without';
}
