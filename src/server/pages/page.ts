import type { FastifyRequest } from 'fastify';
import { type Markup, markup } from '../../report/markup.js';
import type { Outgoing } from '../answers.js';

/** Answers a request that needs no credentials and belongs to no merchant. */
export type OpenHandler = (request: FastifyRequest) => Promise<Outgoing> | Outgoing;

/** Makes an HTML page with a title and a text. */
export function page(status: number, title: string, text: Markup | string): Outgoing {
  const { text: body } =
    markup`<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>`;
  return { status, body, headers: { 'content-type': 'text/html;charset=utf-8' } };
}
