/// <reference lib="es2024.string" />
import { isUtf8 } from 'node:buffer';
import fastifyPlugin from 'fastify-plugin';
import { parseJson, TooDeep } from '../../exchange/json.js';

/** The error of a body that is not acceptable JSON; the message is one sentence with the reason. */
export class UnreadableBody extends Error {
  override name = 'UnreadableBody';
}

/** A value in a body that is still to be checked, with its place. */
interface Place {
  value: unknown;
  key: string | number;
  within?: Place;
}

/**
 * Reads a JSON body.
 * @param text the body as text, if it was decoded before
 * @returns the value; `undefined` for an empty body
 * @throws {UnreadableBody} when it is not UTF-8, not JSON, nested too deep, has a key `__proto__` or `constructor`, or
 * text with half a surrogate pair, which no UTF-8 answer could repeat
 */
export function readJson(buffer: Buffer, text = buffer.toString()): unknown {
  if (buffer.length === 0) return undefined;
  if (!isUtf8(buffer)) throw new UnreadableBody('the body is not UTF-8');
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    const { message } = error as Error;
    throw new UnreadableBody(error instanceof TooDeep ? `the body is ${message}` : `the body is not JSON: ${message}`);
  }
  // Only an escape can spell half a surrogate pair, or a forbidden key that the text does not show.
  if (text.includes('\\u') || text.includes('__proto__') || text.includes('constructor')) inspect(value);
  return value;
}

function inspect(body: unknown): void {
  const places: Place[] = [{ value: body, key: '' }];
  for (let place = places.pop(); place; place = places.pop()) {
    const { value } = place;
    if (typeof value === 'string') {
      if (!value.isWellFormed()) throw new UnreadableBody(`${pathOf(place)} has half a surrogate pair`);
    } else if (Array.isArray(value)) {
      for (const [key, item] of value.entries()) places.push({ value: item, key, within: place });
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        const found = { value: item, key, within: place };
        if (key === '__proto__' || key === 'constructor') {
          throw new UnreadableBody(`${pathOf(found)} is a key that the body must not have`);
        }
        if (!key.isWellFormed()) throw new UnreadableBody(`the key ${pathOf(found)} has half a surrogate pair`);
        places.push(found);
      }
    }
  }
}

function pathOf(place: Place): string {
  let path = '';
  for (let at = place; at.within; at = at.within) {
    path = typeof at.key === 'number' ? `[${at.key}]${path}` : `.${at.key}${path}`;
  }
  return path === '' ? 'the body' : path.replace(/^\./, '');
}

/** 1 MB by Klarna's request limits (docs), taken as 2^20 bytes. */
export const BODY_LIMIT = 1_048_576;

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as received; absent where there was none, or it was not read. */
    bodyText: string | undefined;
  }
}

/** Reads bodies of any JSON media type, empty ones included; other media types get 415. */
export const jsonBodies = fastifyPlugin(
  (fastify, _options, done) => {
    fastify.decorateRequest('bodyText', undefined);
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser(
      /^application\/(?:[\w.+-]+\+)?json/i,
      { parseAs: 'buffer' },
      (request, body, parsed) => {
        const bytes = body as Buffer;
        const text = bytes.toString();
        request.bodyText = text;
        try {
          parsed(null, readJson(bytes, text));
        } catch (error) {
          parsed(error as Error);
        }
      },
    );
    done();
  },
  { name: 'json-bodies' },
);
