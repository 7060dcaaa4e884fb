import { setImmediate } from 'node:timers/promises';
import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import type { QueryOf } from '../../contract/operation-map.js';
import { operationNamed } from '../../contract/operations.js';
import type { WallClock } from '../../exchange/wall-clock.js';
import { badValue } from '../../klarna/decision.js';
import type { Store } from '../../store/store.js';
import { render } from '../answers.js';
import type { Identified } from '../plugins/credentials.js';
import { routeOf } from '../routes.js';
import { ShapeError } from '../schemas.js';
import { type Backlog, EventStream } from '../world/event-stream.js';
import type { Events } from '../world/events.js';
import { type Refusals, shownRefusal } from '../world/refusals.js';

export interface EventsOptions {
  events: Events;
  refusals: Refusals;
  store: Store;
  wall: Pick<WallClock, 'later'>;
  /** Tells that the sandbox is being stopped, for which no stream may wait. */
  stopping?: AbortSignal;
}

const LAST_ID = 'last-event-id';

/** Returns the number of the last exchange that the reader has: that of the header, which a browser sends, else of the query. */
function lastOf(request: FastifyRequest): number | undefined {
  const given = request.headers[LAST_ID];
  if (given === undefined) return (request.query as QueryOf<'followEvents'>).after ?? Number.POSITIVE_INFINITY;
  return /^\d{1,15}$/.test(String(given)) ? Number(given) : undefined;
}

/** Serves the events of a merchant's world for as long as somebody reads them. */
export const eventsApi: FastifyPluginCallback<EventsOptions> = (fastify, options, done) => {
  const { events, refusals, store, wall, stopping } = options;
  const streams = new Set<EventStream>();
  const endAll = () => {
    for (const stream of streams) stream.end('the sandbox is being stopped');
  };
  stopping?.addEventListener('abort', endAll, { once: true });

  async function follow(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { world, correlationId, everyone, validationError } = request as Identified;
    if (validationError instanceof ShapeError) {
      return reply.leave(render(badValue(validationError.violations), correlationId));
    }
    const last = lastOf(request);
    if (last === undefined) {
      const text = `Last-Event-ID: given ${request.headers[LAST_ID]}, expected the id of an event, a whole number`;
      return reply.leave(render(badValue([{ rule: 'shape', field: 'Last-Event-ID', text }]), correlationId));
    }
    const { merchant } = world;
    const early: Parameters<EventStream['tell']>[0][] = [];
    // What happens while the store is read must not be missed.
    let take = (event: (typeof early)[number]): void => void early.push(event);
    const unfollowWorld = events.follow(merchant, (event) => take(event));
    const unfollowRefusals = refusals.follow((refusal) => {
      if (everyone || refusal.username === merchant) take({ event: 'refusal', data: shownRefusal(refusal) });
    });
    const unfollow = () => {
      unfollowWorld();
      unfollowRefusals();
    };
    const missed = await missedSince(store, merchant, last).catch((error) => {
      unfollow();
      throw error;
    });
    const stream = new EventStream({ ...missed, wall });
    for (const event of early) stream.tell(event);
    take = (event) => stream.tell(event);
    streams.add(stream);
    if (stopping?.aborted) endAll();
    stream.once('close', () => {
      unfollow();
      streams.delete(stream);
    });
    return reply
      .headers({
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'klarna-correlation-id': correlationId,
        // Proxies would keep events back otherwise.
        'x-accel-buffering': 'no',
      })
      .send(stream);
  }

  fastify.route({ ...routeOf(operationNamed('followEvents')), handler: follow });
  fastify.addHook('preClose', async () => {
    endAll();
    // What was written is on its way before the connections are closed.
    for (let turn = 0; turn < 2; turn++) await setImmediate();
  });
  done();
};

/**
 * Returns what there is of the exchanges after a number, and how many of them are no longer kept.
 * @param last infinite for none of those that are there
 */
async function missedSince(store: Store, merchant: string, last: number) {
  const { items, dropped } = await store.exchanges(merchant, { limit: 1 });
  const newest = items[0]?.number ?? dropped;
  if (last === Number.POSITIVE_INFINITY) return { after: newest, dropped: 0, restarted: false };
  const restarted = last > newest;
  const after = restarted ? 0 : last;
  const backlog: Backlog = { newest, read: (filter) => store.exchanges(merchant, filter) };
  const missing = Math.max(0, dropped - after);
  return { after, dropped: missing, restarted, ...(after + missing < newest && { backlog }) };
}
