import type { Exchange } from './types.js';

/** Headers that curl, the connection or this page bring by themselves. */
const left =
  /^(?:host|connection|content-length|user-agent|accept|accept-[\w-]+|authorization|cookie|origin|referer|sec-[\w-]+|traceparent|mock-klarna-merchant)$/i;

/** Returns text as a word of a POSIX shell. */
export const quoted = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** Returns the command that sends a request again, as one that runs in a shell. The password is left to who runs it. */
export function toCurl({ method, path, request }: Exchange, base: string, merchant: string): string {
  const { headers, body } = request;
  const words = ['curl', '-sS', '-u', quoted(`${merchant}:secret`)];
  const posts = body !== undefined;
  if (method !== (posts ? 'POST' : 'GET')) words.push('-X', method);
  words.push(quoted(base + path));
  for (const [name, value] of Object.entries(headers)) {
    if (!left.test(name)) words.push('-H', quoted(`${name}: ${value}`));
  }
  if (posts) words.push('--data-raw', quoted(typeof body === 'string' ? body : JSON.stringify(body)));
  return words.join(' ');
}
