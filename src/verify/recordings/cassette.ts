import { type Fields, isFields } from '../../replay/words.js';
import { gather } from './gather.js';
import { readExchange } from './message.js';
import { type Reading, type RecordedExchange, Unreadable } from './recorded.js';

/**
 * The exchanges of a cassette, whichever recorder wrote it: VCR of Ruby (`http_interactions`), vcrpy and go-vcr
 * (`interactions`), PHP-VCR (a list of them), nock (a list with scope and path).
 * @returns undefined when it is none
 */
export function entriesOf(document: unknown): unknown[] | undefined {
  if (Array.isArray(document)) {
    const looksSo = (entry: unknown) => isFields(entry) && ('request' in entry || 'scope' in entry);
    return document.some(looksSo) ? document : undefined;
  }
  if (!isFields(document)) return undefined;
  const list = document.http_interactions ?? document.interactions;
  // A Pact file has interactions as well, and says whose they are.
  return Array.isArray(list) && !('consumer' in document) ? list : undefined;
}

/** Reads the entries of a cassette. What of them is no exchange is told. */
export const readCassette = (entries: readonly unknown[], file: string): Reading => gather(entries, file, readEntry);

function readEntry(entry: unknown, file: string, index: number): RecordedExchange {
  if (!isFields(entry)) throw new Unreadable('is no mapping');
  const { request, response, at } = 'scope' in entry ? fromNock(entry) : fromVcr(entry);
  const { method, url, headers, body } = request;
  const parts = {
    request: { method, url, headers, content: contentOf(body) },
    response: {
      status: statusOf(response),
      shown: 'it has no status',
      headers: response.headers,
      content: contentOf(response.body),
    },
    at,
  };
  return readExchange(parts, file, index);
}

/** An entry in the words that most recorders have. */
interface Parts {
  request: Fields;
  response: Fields;
  at?: unknown;
}

function fromVcr({ request, response, recorded_at }: Fields): Parts {
  if (!isFields(request)) throw new Unreadable('has no request');
  if (!isFields(response)) throw new Unreadable('has no response');
  return { request: { ...request, url: request.uri ?? request.url }, response, at: recorded_at };
}

function fromNock({ scope, method, path, body, status, response, headers, rawHeaders, reqheaders }: Fields): Parts {
  const raw = Array.isArray(rawHeaders) ? pairs(rawHeaders) : (rawHeaders ?? headers);
  return {
    request: { method, url: `${scope}${path}`, headers: reqheaders, body },
    response: { status, headers: raw, body: response },
  };
}

const pairs = (list: readonly unknown[]) =>
  list.flatMap((name, at) => (at % 2 === 0 ? [{ name, value: list[at + 1] }] : []));

/** `200`, `"200 OK"`, `{ code: 200, message: OK }`, or a code of its own beside it. */
function statusOf({ status, code }: Fields): number {
  if (code !== undefined) return Number(code);
  return isFields(status) ? Number(status.code) : Number.parseInt(String(status), 10);
}

/** Text or bytes, as they are or in a mapping; values stand for their JSON. */
function contentOf(body: unknown): string | Uint8Array | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  if (isFields(body) && ('string' in body || 'base64_string' in body)) {
    if (typeof body.base64_string === 'string') return Buffer.from(body.base64_string, 'base64');
    return body.string === null ? undefined : contentOf(body.string);
  }
  return JSON.stringify(body);
}
