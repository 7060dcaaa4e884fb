import { STATUS_CODES } from 'node:http';
import { version } from '../version.js';
import type { Exchange } from './exchange.js';
import { type Fields, isFields } from './fields.js';
import { contentOf, headerOf, type Recorded, readExchange } from './message.js';
import { gather, type Reading, type RecordedExchange, Unreadable } from './recorded.js';

/** Tells if a document is a HAR, as browsers, proxies and Polly.JS write it. */
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

/** An exchange as a HAR tells it. */
export interface HarExchange {
  exchange: Exchange;
  /** The reason why there is no answer. */
  trouble?: string;
}

/**
 * Returns exchanges, which must be redacted before, as HAR 1.2.
 * @param origin of the target
 */
export function writeHar(exchanges: readonly HarExchange[], origin: string): string {
  const entries = exchanges.map((kept) => entryOf(kept, origin));
  return `${JSON.stringify({ log: { version: '1.2', creator: { name: 'mock-klarna', version }, entries } }, null, 2)}\n`;
}

function entryOf({ exchange, trouble }: HarExchange, origin: string) {
  const { at, duration_ms, method, path, request, status, response } = exchange;
  const asked = textOf(request.body);
  const answered = textOf(response.body);
  const [, search = ''] = path.split(/\?(.*)/s);
  return {
    startedDateTime: at,
    time: duration_ms,
    request: {
      method,
      url: `${origin}${path}`,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: listed(request.headers),
      queryString: [...new URLSearchParams(search)].map(([name, value]) => ({ name, value })),
      ...(asked !== '' && { postData: { mimeType: headerOf(request.headers, 'content-type') ?? '', text: asked } }),
      headersSize: -1,
      bodySize: Buffer.byteLength(asked),
    },
    response: {
      status,
      statusText: STATUS_CODES[status] ?? '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: listed(response.headers),
      content: {
        size: Buffer.byteLength(answered),
        mimeType: headerOf(response.headers, 'content-type') ?? '',
        ...(answered !== '' && { text: answered }),
      },
      redirectURL: headerOf(response.headers, 'location') ?? '',
      headersSize: -1,
      bodySize: Buffer.byteLength(answered),
    },
    cache: {},
    timings: { send: 0, wait: duration_ms, receive: 0 },
    ...(trouble !== undefined && { comment: trouble }),
  };
}

const listed = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers).map(([name, value]) => ({ name, value }));

/** JSON as text; text as it is, also where it would be JSON. */
function textOf(body: unknown): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}
