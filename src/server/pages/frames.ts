import type { FastifyPluginCallback } from 'fastify';
import { markup } from '../../report/markup.js';
import type { Outgoing } from '../answers.js';
import { asset, renderPage } from './page.js';

const NEEDS_SCRIPTS = markup`<noscript><p>This page needs scripts, which the browser does not run.</p></noscript>`;

/** The pages that the stand-in of Klarna's script puts into the shop's page; a shop on any origin may frame them. */
const frames: Readonly<Record<string, () => Outgoing>> = {
  '/kp/frames/main': () =>
    renderPage(200, {
      title: 'Klarna Payments (sandbox)',
      scripts: [asset('main-frame.js')],
      styles: [asset('main-frame.css')],
      framed: true,
      body: markup`<main id="page">${NEEDS_SCRIPTS}</main>`,
    }),
  '/kp/frames/purchase': () =>
    renderPage(200, {
      // The title of Klarna's window, by which suites find it.
      title: 'Klarna Payments',
      scripts: [asset('purchase.js')],
      framed: true,
      body: markup`<main id="page" data-page="purchase">${NEEDS_SCRIPTS}</main>`,
    }),
};

/** Serves the pages of the frames. */
export const framePages: FastifyPluginCallback = (fastify, _options, done) => {
  for (const [path, render] of Object.entries(frames)) {
    fastify.get(path, (_request, reply) => reply.leave(render()));
  }
  done();
};
