import { type Fields, isFields } from '../../replay/words.js';
import { contentOf, type Recorded } from './content.js';
import { gather } from './gather.js';
import { readExchange } from './message.js';
import { type Reading, type RecordedExchange, Unreadable } from './recorded.js';

/** Whether a document is a HAR: that of a browser, of a proxy, of Polly.JS. */
export const isHar = (document: unknown): document is { log: { entries: unknown[] } } =>
  isFields(document) && isFields(document.log) && Array.isArray(document.log.entries);

/** Reads a HAR 1.2, also as Polly.JS writes it. What of its entries is no exchange is told. */
export function readHar({ log }: { log: { entries: unknown[] } }, file: string): Reading {
  return gather(log.entries, file, readEntry);
}

function readEntry(entry: unknown, file: string, index: number): RecordedExchange {
  if (!isFields(entry) || !isFields(entry.request)) throw new Unreadable('has no request');
  if (!isFields(entry.response)) throw new Unreadable('has no response');
  const { request, response } = entry;
  const { method, url, headers } = request;
  const { status } = response;
  const shown = `status ${status}`;
  const parts = {
    request: { method, url, headers, body: askedIn(request) },
    response: {
      status: Number(status),
      shown,
      headers: response.headers,
      body: answeredIn(response),
    },
    at: typeof entry.startedDateTime === 'string' ? entry.startedDateTime : undefined,
  };
  return readExchange(parts, file, index);
}

/** The body of a request. */
function askedIn({ postData, bodySize }: Fields): Recorded {
  const { text, encoding, params } = isFields(postData) ? postData : {};
  if (text === undefined && Array.isArray(params) && params.length > 0) {
    return { unreadable: 'its body is there as the fields of a form only' };
  }
  return sized(contentOf(text, encoding), bodySize);
}

/** The body of an answer. */
function answeredIn({ content, bodySize }: Fields): Recorded {
  const { text, encoding, size = bodySize } = isFields(content) ? content : {};
  return sized(contentOf(text, encoding), size);
}

/** A body that is not there, though it had a size, was left out. */
function sized(recorded: Recorded, size: unknown): Recorded {
  const left = 'content' in recorded && recorded.content === undefined && Number(size) > 0;
  return left ? { unreadable: `its body, of ${size} bytes, is not there` } : recorded;
}
