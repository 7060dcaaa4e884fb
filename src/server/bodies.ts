import type { FastifyInstance } from 'fastify';
import { readJson } from './json-body.js';

/** 1 MB, as Klarna's request limits say (docs), taken as 2^20 bytes. */
export const BODY_LIMIT = 1_048_576;

/** Takes JSON bodies of any JSON media type, empty ones included; anything else is 415. */
export function takeJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(/^application\/(?:[\w.+-]+\+)?json/i, { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    const text = bytes.toString();
    request.progress.requestBody = text;
    try {
      done(null, readJson(bytes, text));
    } catch (error) {
      done(error as Error);
    }
  });
}
