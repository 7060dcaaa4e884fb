import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { isFields } from './fields.js';
import { parseJson, readBody, TooDeep } from './json.js';
import { type RecordedExchange, type RecordedMessage, Unreadable } from './recorded.js';

/** A body as a recorder wrote it down: text, the bytes of it, or nothing. */
export type Content = string | Uint8Array | undefined;

/** A body, or why it cannot be had from what the recorder wrote. */
export type Recorded = { content: Content } | { unreadable: string };

/** The encodings of bytes as text. A body with another encoding in its recording is the text itself. */
const encodings = {
  base64: { name: 'base64', valid: /^[a-z0-9+/_-]*={0,2}$/i },
  hex: { name: 'hexadecimal digits', valid: /^([0-9a-f]{2})*$/i },
} as const;

/**
 * Reads what stands in the place of a body: text, bytes, base64 or hexadecimal digits with `encoding`, also in a list of
 * chunks; or the JSON value itself, where somebody's hook has put that in the place of its text.
 */
export function contentOf(written: unknown, encoding?: unknown): Recorded {
  if (written === undefined || written === null) return { content: undefined };
  if (written instanceof Uint8Array) return { content: written };
  if (encoding !== 'base64' && encoding !== 'hex') {
    return { content: typeof written === 'string' ? written : JSON.stringify(written) };
  }
  const chunks = chunksOf(written);
  // Only a text is encoded: a value has been decoded before.
  if (!chunks) return { content: JSON.stringify(written) };
  const { name, valid } = encodings[encoding];
  const bare = chunks.map((chunk) => chunk.replace(/\s+/g, ''));
  if (!bare.every((chunk) => valid.test(chunk))) return { unreadable: `its body says it is in ${name}, and is not` };
  return { content: Buffer.concat(bare.map((chunk) => Buffer.from(chunk, encoding))) };
}

/** The encoded texts: one, or a list of them, which Polly.JS writes as JSON within the text. */
function chunksOf(written: unknown): string[] | undefined {
  const list = typeof written === 'string' && written.startsWith('[') ? readBody(written) : written;
  if (typeof list === 'string') return [list];
  return Array.isArray(list) && list.every((chunk) => typeof chunk === 'string') ? list : undefined;
}

/** No body of Klarna's is larger than this, in bytes. */
const LARGEST = 16 * 1024 * 1024;

/** The decoders of bodies by `Content-Encoding`. */
const unpackers: Readonly<Record<string, (bytes: Uint8Array, options: { maxOutputLength: number }) => Buffer>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/**
 * One side of an exchange from its headers and its body. Recorders differ in whether they keep a compressed body as it
 * came: one that says it is compressed and is not stays as it is.
 */
export function readMessage(headers: Record<string, string>, recorded: Recorded): RecordedMessage {
  if ('unreadable' in recorded) return { headers, body: undefined, ...recorded };
  const { content } = recorded;
  if (content === undefined || content.length === 0) return { headers, body: undefined, ...leftOut(headers) };
  const { text = '', unreadable } = typeof content === 'string' ? { text: content } : bodyText(headers, content);
  return { headers, ...readText(text), ...(unreadable !== undefined && { unreadable }) };
}

/** Returns the reason why there is no body where headers give its length. */
function leftOut(headers: Record<string, string>): Pick<RecordedMessage, 'unreadable'> {
  const length = Number(headerOf(headers, 'content-length'));
  return length > 0 ? { unreadable: `its body, of ${length} bytes, is not there` } : {};
}

/** The text of a body from its bytes; or why it has none. */
export function bodyText(headers: Record<string, string>, bytes: Uint8Array): { text?: string; unreadable?: string } {
  try {
    return { text: decode(bytes, headers) };
  } catch (error) {
    return { unreadable: (error as Error).message };
  }
}

function decode(bytes: Uint8Array, headers: Record<string, string>): string {
  const packed = headerOf(headers, 'content-encoding')?.toLowerCase().trim();
  const unpack = packed === undefined ? undefined : unpackers[packed];
  try {
    return utf8(unpack ? unpack(bytes, { maxOutputLength: LARGEST }) : bytes);
  } catch {
    const bare = unpack ? orUndefined(() => utf8(bytes)) : undefined;
    if (bare !== undefined) return bare;
    throw new Error(unpack ? `its body is compressed (${packed}) and cannot be unpacked` : 'its body is not UTF-8');
  }
}

function orUndefined<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** @throws TypeError when it is none */
export const utf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

/** Returns JSON as a value, anything else as text; undefined where there is nothing. */
function readText(text: string): Pick<RecordedMessage, 'body' | 'unreadable'> {
  if (text.trim() === '') return { body: undefined };
  try {
    return { body: parseJson(text) ?? undefined };
  } catch (error) {
    return { body: text, ...(error instanceof TooDeep && { unreadable: `its body is ${error.message}` }) };
  }
}

/** Returns the value of a header, whatever the case of its name; `name` in lower case. */
export function headerOf(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  for (const given in headers) {
    if (isCalled(given, name)) return headers[given];
  }
  return undefined;
}

/** Tells whether a header has a name, which is in lower case. Most differ in length, and need not be converted. */
export const isCalled = (given: string, name: string): boolean =>
  given.length === name.length && given.toLowerCase() === name;

/**
 * Headers from any of the forms that recorders write: a mapping to texts or to lists of texts, or a list of name and
 * value.
 */
export function readHeaders(given: unknown): Record<string, string> {
  const pairs: [string, unknown][] = Array.isArray(given)
    ? given.filter(isFields).map(({ name, value }) => [String(name), value])
    : Object.entries(isFields(given) ? given : {});
  const headers: Record<string, string> = {};
  for (const [name, value] of pairs) {
    for (const text of Array.isArray(value) ? value : [value]) {
      if (text === undefined || text === null) continue;
      headers[name] = name in headers ? `${headers[name]}, ${text}` : String(text);
    }
  }
  return headers;
}

/** Returns path and query of a URL or a path; undefined when it is neither. */
export function targetOf(url: unknown): string | undefined {
  if (typeof url !== 'string') return undefined;
  if (url.startsWith('/')) return url;
  if (!URL.canParse(url)) return undefined;
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

/** The placeholders that recorders and people write in the place of secrets. */
const PLACEHOLDER = /^(<.*>|\[.*\]|\{+.*\}+|\*+|x{3,}|redacted|filtered|masked|secret)$/i;

/** Tells if a value is a placeholder. */
export const isPlaceholder = (value: unknown): boolean => typeof value === 'string' && PLACEHOLDER.test(value.trim());

/** An entry of any recording, in the fields that they have in common. */
export interface EntryParts {
  request: { method: unknown; url: unknown; headers: unknown; body: Recorded };
  /** `shown`: the status as it stands there, for when it is none. */
  response: { status: number; shown: string; headers: unknown; body: Recorded };
  /** Time of the request, where the recorder gives it. */
  at?: unknown;
}

/**
 * One exchange of a recording.
 * @throws {Unreadable} when it has no URL, or got no answer
 */
export function readExchange({ request, response, at }: EntryParts, file: string, index: number): RecordedExchange {
  const target = targetOf(request.url);
  if (target === undefined) throw new Unreadable(`has no URL, but ${JSON.stringify(request.url)}`);
  const { status, shown } = response;
  if (!Number.isInteger(status) || status < 100) throw new Unreadable(`got no answer (${shown})`);
  return {
    file,
    index,
    request: {
      method: String(request.method).toUpperCase(),
      url: String(request.url),
      target,
      ...readMessage(readHeaders(request.headers), request.body),
    },
    response: { status, ...readMessage(readHeaders(response.headers), response.body) },
    ...(at !== undefined && { at: String(at) }),
  };
}
