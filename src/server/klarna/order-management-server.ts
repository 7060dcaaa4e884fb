import type { FastifyPluginCallback, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { Reason } from '../../klarna/catalogue/rules.js';
import { toIso } from '../../klarna/time.js';
import type { Outgoing } from '../answers.js';
import type { Identified } from '../plugins/credentials.js';

/** Answers of the server behind Order Management, given before Klarna's own code handles a request (recorded). */

const STYLE = [
  'body {font-family:Tahoma,Arial,sans-serif;}',
  'h1, h2, h3, b {color:white;background-color:#525D76;}',
  'h1 {font-size:22px;}',
  'h2 {font-size:16px;}',
  'h3 {font-size:14px;}',
  'p {font-size:12px;}',
  'a {color:black;}',
  '.line {height:1px;background-color:#525D76;border:none;}',
].join(' ');
const TITLE = 'HTTP Status 400 – Bad Request';
const BAD_REQUEST_PAGE = `<!doctype html><html lang="en"><head><title>${TITLE}</title><style type="text/css">${STYLE}</style></head><body><h1>${TITLE}</h1></body></html>`;

/** Characters that a part of a path may have as they are. Not `;`: such a server takes what follows for parameters. */
const SERVABLE = /^[\w.~!$&'()*+,=:@-]*$/;

/** Returns the page for a path with characters that no server accepts; `undefined` for any other path. */
function brokenPath(params: Record<string, string>, correlationId: string): Outgoing | undefined {
  const broken = Object.entries(params).find(([, value]) => !SERVABLE.test(value));
  if (!broken) return undefined;
  const [name, given] = broken;
  const because: Reason = { rule: 'order-path', text: `${name}: given ${JSON.stringify(given)}, expected a UUID` };
  const headers = {
    'klarna-correlation-id': correlationId,
    'content-type': 'text/html;charset=utf-8',
    'content-language': 'en',
  };
  return { status: 400, body: BAD_REQUEST_PAGE, headers, because };
}

/** Makes the 404 of an unknown path of Order Management. Its body has Klarna's internal form of the path. */
export function noSuchPath({ url, world, at = 0, correlationId = '' }: FastifyRequest, because: Reason): Outgoing {
  const [asked = ''] = url.split('?');
  const body = JSON.stringify({
    timestamp: toIso(at),
    status: 404,
    error: 'Not Found',
    message: 'No message available',
    path: asked.replace(/^\/+ordermanagement\/+v1/, `/merchants/${world?.merchant}`),
  });
  const headers = { 'klarna-correlation-id': correlationId, 'content-type': 'application/json' };
  return { status: 404, body, headers, because };
}

/** Refuses paths with characters that no server accepts. */
export const refuseBrokenPaths: FastifyPluginCallback = fastifyPlugin((fastify, _options, done) => {
  fastify.addHook('onRequest', (request, reply, next) => {
    const { correlationId } = request as Identified;
    const refused = brokenPath(request.params as Record<string, string>, correlationId);
    if (refused) return reply.leave(refused);
    next();
  });
  done();
});
