import { type Fields, isFields } from '../../replay/words.js';
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
  const { method, url, headers, postData } = request;
  const { status, content } = response;
  const shown = `status ${status}`;
  const parts = {
    request: { method, url, headers, content: isFields(postData) ? contentOf(postData) : undefined },
    response: {
      status: Number(status),
      shown,
      headers: response.headers,
      content: isFields(content) ? contentOf(content) : undefined,
    },
    at: typeof entry.startedDateTime === 'string' ? entry.startedDateTime : undefined,
  };
  return readExchange(parts, file, index);
}

/** Text, or the bytes that it stands for. Polly.JS keeps what it cannot read as a list of chunks within the text. */
function contentOf({ text, encoding, _isBinary }: Fields): string | Uint8Array | undefined {
  if (typeof text !== 'string') return undefined;
  if (encoding !== 'base64' && encoding !== 'hex') return text;
  const chunks = _isBinary === true || text.startsWith('["') ? chunksOf(text) : undefined;
  return Buffer.concat((chunks ?? [text]).map((chunk) => Buffer.from(chunk, encoding)));
}

function chunksOf(text: string): string[] | undefined {
  try {
    const chunks: unknown = JSON.parse(text);
    return Array.isArray(chunks) ? chunks.map(String) : undefined;
  } catch {
    return undefined;
  }
}
