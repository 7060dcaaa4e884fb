import { STATUS_CODES } from 'node:http';
import { isFields } from '../../replay/words.js';
import type { Exchange } from '../../shop/exchange.js';
import { version } from '../../version.js';
import { headerOf } from '../recordings/message.js';

/** An exchange as a HAR tells it. */
export interface HarExchange {
  exchange: Exchange;
  /** Why there is no answer. */
  trouble?: string;
}

/**
 * A HAR 1.2 of exchanges, which must be redacted before.
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
  return isFields(body) || typeof body !== 'string' ? JSON.stringify(body) : body;
}
