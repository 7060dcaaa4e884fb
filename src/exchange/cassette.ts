import { type Fields, isFields } from './fields.js';
import { contentOf, type Recorded, readExchange } from './message.js';
import { gather, type Reading, type RecordedExchange, Unreadable } from './recorded.js';

/**
 * Returns the entries of a cassette of any recorder: VCR of Ruby (`http_interactions`), vcrpy and go-vcr
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
  // A Pact file has interactions as well, and names a consumer.
  return Array.isArray(list) && !('consumer' in document) ? list : undefined;
}

/** Reads the entries of a cassette. Entries that are no exchange are listed as unjudged. */
export const readCassette = (entries: readonly unknown[], file: string): Reading => gather(entries, file, readEntry);

function readEntry(entry: unknown, file: string, index: number): RecordedExchange {
  if (!isFields(entry)) throw new Unreadable('is no mapping');
  const { request, response, at } = 'scope' in entry ? fromNock(entry) : fromVcr(entry);
  const { method, url, headers, body } = request;
  const parts = {
    request: { method, url, headers, body: bodyOf(body) },
    response: {
      status: statusOf(response),
      shown: 'it has no status',
      headers: response.headers,
      body: bodyOf(response.body),
    },
    at,
  };
  return readExchange(parts, file, index);
}

/** An entry in the fields that most recorders have. */
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

function fromNock(entry: Fields): Parts {
  const { scope, method, path, body, status, response, headers, rawHeaders, reqheaders, responseIsBinary } = entry;
  const raw = Array.isArray(rawHeaders) ? pairs(rawHeaders) : (rawHeaders ?? headers);
  return {
    request: { method, url: `${scope}${path}`, headers: reqheaders, body },
    response: {
      status,
      headers: raw,
      body: responseIsBinary === true || isHex(response) ? { string: response, encoding: 'hex' } : response,
    },
  };
}

/** Tells if an answer of nock is in hexadecimal digits: it keeps compressed bodies as a list of those. */
const isHex = (response: unknown): boolean =>
  Array.isArray(response) && response.length > 0 && response.every((chunk) => /^([0-9a-f]{2})+$/i.test(String(chunk)));

const pairs = (list: readonly unknown[]) =>
  list.flatMap((name, at) => (at % 2 === 0 ? [{ name, value: list[at + 1] }] : []));

/** `200`, `"200 OK"`, `{ code: 200, message: OK }`, or a code of its own beside it. */
function statusOf({ status, code }: Fields): number {
  if (code !== undefined) return Number(code);
  return isFields(status) ? Number(status.code) : Number.parseInt(String(status), 10);
}

/** Text or bytes, as they are or in a mapping; values stand for their JSON. */
function bodyOf(body: unknown): Recorded {
  if (!isFields(body)) return contentOf(body);
  const { string, base64_string, encoding } = body;
  if (typeof base64_string === 'string') return contentOf(base64_string, 'base64');
  return 'string' in body ? contentOf(string, encoding) : contentOf(body);
}
