import { readFile } from 'node:fs/promises';
import type { FastifyPluginCallback } from 'fastify';
import { packageRoot } from '../../package-root.js';

/** The media types of the files, by the ends of their names. */
const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** The files by the paths that Klarna serves its own scripts by, on hosts such as `x.klarnacdn.net` and `js.klarna.com`. */
const klarnas: Readonly<Record<string, string>> = {
  '/kp/lib/v1/api.js': 'api.js',
  // Behind a proxy that keeps a prefix of its own.
  '/:prefix/kp/lib/v1/api.js': 'api.js',
  '/lib.js': 'on-site-messaging.js',
  '/web-sdk/v1/klarna.js': 'web-sdk-v1.js',
  '/web-sdk/v1/klarna.mjs': 'web-sdk-v1-module.js',
  '/web-sdk/v2/klarna.mjs': 'web-sdk-v2.js',
};

/** The files of our own pages. */
const assets = [
  'main-frame.js',
  'main-frame.css',
  'purchase.js',
  'purchase.css',
  'live.js',
  'live.css',
  'editor.js',
  'editor.css',
];

/** Makes a function that reads each file of a folder once, when it is first asked for. */
function makeReader(folder: URL): (name: string) => Promise<Buffer> {
  const read = new Map<string, Promise<Buffer>>();
  return (name) => {
    let content = read.get(name);
    if (!content) {
      content = readFile(new URL(name, folder));
      read.set(name, content);
      // A build that comes later is found by the next request.
      content.catch(() => read.delete(name));
    }
    return content;
  };
}

/**
 * Serves the scripts and styles of the browser's part from `dist/browser/`. Any page may load them: a shop's is on another
 * origin. They are looked for anew at each visit, so that another version of the stand-in is noticed at once.
 */
export const browserFiles: FastifyPluginCallback<{ folder?: URL }> = (fastify, options, done) => {
  const read = makeReader(options.folder ?? new URL('dist/browser/', packageRoot));
  const serve = (url: string, name: string) =>
    fastify.get(url, async (_request, reply) => {
      reply.headers({
        'content-type': types[name.slice(name.lastIndexOf('.') + 1)],
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-cache',
      });
      try {
        return await read(name);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        reply.code(404).type('text/plain; charset=utf-8');
        return `mock-klarna: ${name} has not been built; run npm run build.`;
      }
    });
  for (const [url, name] of Object.entries(klarnas)) serve(url, name);
  for (const name of assets) serve(`/kp/assets/${name}`, name);
  done();
};
