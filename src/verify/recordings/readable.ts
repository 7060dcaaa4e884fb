import { checkBody } from '../../contract/validate.js';
import { headerOf } from './message.js';
import type { Told } from './told.js';

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
