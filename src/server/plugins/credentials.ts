import type { FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { CLOCK_HEADER } from '../../contract/headers.js';
import { operations } from '../../contract/operations.js';
import { type Given, readBasic, readMerchant } from '../../exchange/credentials.js';
import type { WallClock } from '../../exchange/wall-clock.js';
import { refuse } from '../../klarna/decision.js';
import { type Instant, toIso } from '../../klarna/time.js';
import type { Eventually } from '../../store/eventually.js';
import { type Outgoing, render, unauthorized } from '../answers.js';
import { randomIds } from '../world/ids.js';
import { type Admission, type Gate, type Standing, WRONG_PASSWORD } from '../world/merchants.js';
import type { Refusals } from '../world/refusals.js';
import { TRIES } from '../world/tries.js';
import type { World, Worlds } from '../world/worlds.js';
import { turnAway } from './access.js';
import { limitHeaders } from './limit-headers.js';
import type { WireResponse } from './wire.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The world of the merchant that the credentials name; undefined where they are nobody's. */
    world: World | undefined;
    /** The time at which the request arrived, on that merchant's clock. */
    at: Instant | undefined;
    /** True when it came with an API key of Klarna's live environment. */
    live: boolean;
    /** True when the caller may see what other merchants do. */
    everyone: boolean;
    correlationId: string | undefined;
    standing: Standing | undefined;
  }
}

/** A request whose credentials were right. */
export type Identified = FastifyRequest & { world: World; at: Instant; correlationId: string };

export interface CredentialsOptions {
  gate: Gate;
  /** Gate of the control API. */
  controlGate: Gate;
  worlds: Worlds;
  refusals: Refusals;
  wall: Pick<WallClock, 'now'>;
}

/** The header in which a page of the sandbox names the merchant, percent-encoded. */
const MERCHANT_HEADER = 'mock-klarna-merchant';

/**
 * Returns whose page a request comes from, or the refusal of it; undefined where it comes from none. A refusal is no 401, at
 * which browsers would ask for credentials by themselves.
 */
function admitPage(request: FastifyRequest): Admission | { refused: Outgoing } | undefined {
  const { ownPage, headers } = request;
  const given = headers[MERCHANT_HEADER];
  if (given === undefined || headers.authorization !== undefined) return undefined;
  const refuse = (code: string, text: string) => ({ refused: turnAway(request, 403, code, text) });
  if (!ownPage) return refuse('PAGE_UNKNOWN', 'Cookie: given none of this start of the sandbox; load the page again');
  const merchant = readMerchant(String(given));
  if (merchant === undefined) {
    return refuse('MERCHANT_INVALID', `Mock-Klarna-Merchant: given ${given}, expected a user name, percent-encoded`);
  }
  if (!ownPage.mayEnter(merchant)) {
    const text = `Mock-Klarna-Merchant: given ${given}, whose password this page has not given yet; POST /sandbox/v1/unlock takes it`;
    return refuse('PAGE_LOCKED', text);
  }
  return { standing: 'active', merchant, ...(ownPage.everyone && { everyone: true }) };
}

/**
 * Finds the merchant of a request by its credentials, and gives the request its correlation id. Answers 401 where they
 * are missing or wrong.
 */
export const credentials = fastifyPlugin<CredentialsOptions>(
  (fastify, { gate, controlGate, worlds, refusals, wall }, done) => {
    fastify.decorateRequest('world', undefined);
    fastify.decorateRequest('at', undefined);
    fastify.decorateRequest('live', false);
    fastify.decorateRequest('everyone', false);
    fastify.decorateRequest('correlationId', undefined);
    fastify.decorateRequest('standing', undefined);
    /** Makes the answer to a stranger, of whom nothing is kept but that it was there. */
    const turnStrangerAway = (request: FastifyRequest, given: Given, standing: Admission['standing']): Outgoing => {
      if (standing === 'too many tries') return tooManyTries(request);
      const text = whyUnknown(given);
      refusals.add({ ...whereabouts(request), at: wall.now(), username: given.username, text });
      return unauthorized({ rule: 'credentials', text });
    };
    fastify.addHook('onRequest', (request, reply, next) => {
      if (!isGuarded(request)) return next();
      const isControl = request.operation?.api === 'sandbox';
      const page = isControl ? admitPage(request) : undefined;
      if (page && 'refused' in page) return reply.leave(page.refused);
      const given = page ? undefined : readBasic(request.headers.authorization);
      if (!given && !page) {
        const what = request.headers.authorization === undefined ? 'nothing' : 'something else';
        const text = `Authorization: given ${what}, expected Basic with user name and password, or with an API key`;
        return reply.leave(unauthorized({ rule: 'credentials', text }));
      }
      const admit = ({ standing, merchant, everyone }: Admission): void => {
        if (merchant === undefined) {
          reply.leave(turnStrangerAway(request, given as Given, standing));
          return;
        }
        const enter = (world: World): void => {
          request.world = world;
          request.at = world.clock.now();
          if (given?.live) request.live = true;
          if (everyone) request.everyone = true;
          request.standing = standing;
          if (request.headers[CLOCK_HEADER] !== undefined) reply.header(CLOCK_HEADER, toIso(request.at));
          if (standing === 'unknown') {
            reply.leave(unauthorized({ rule: 'credentials', text: whyUnknown(given as Given) }));
            return;
          }
          request.correlationId = world.ids.uuid();
          (reply.raw as WireResponse).admitted = true;
          next();
        };
        let world: Eventually<World>;
        try {
          world = worlds.of(merchant);
        } catch (error) {
          next(error as Error);
          return;
        }
        if (world instanceof Promise) world.then(enter, next);
        else enter(world);
      };
      const admission = page ?? (isControl ? controlGate : gate)(given as Given, request);
      if (admission instanceof Promise) admission.then(admit, next);
      else admit(admission);
    });
    done();
  },
  { name: 'credentials', dependencies: ['answers'] },
);

/** Makes the answer to one wrong try too many: in the form of the API, or in a sentence where that is ours. */
export function tooManyTries(request: FastifyRequest): Outgoing {
  const { operation } = request;
  const text = `Authorization: more than ${TRIES} wrong ones within a second; try again later`;
  if (!operation || operation.api === 'sandbox') return turnAway(request, 429, 'TOO_MANY_TRIES', text);
  const answer = render(refuse('TOO_MANY_REQUESTS', { rule: 'credentials', text }), randomIds.uuid(), operation.api);
  return { ...answer, headers: { ...answer.headers, ...limitHeaders(TRIES, 0) } };
}

/** Returns the place that a request was for, and the address that it came from. */
export const whereabouts = ({ method, url, operation, ip }: FastifyRequest) => ({
  method,
  path: url,
  operation: operation?.name,
  address: ip,
});

/** Answers 403 to merchants that Klarna has not activated; before that, their calls count for the rate limit. */
export const activation = fastifyPlugin(
  (fastify, _options, done) => {
    fastify.addHook('onRequest', (request, reply, next) => {
      if (request.standing !== 'inactive') return next();
      const { world, correlationId } = request as Identified;
      const text = `merchant ${world.merchant} is marked inactive in the merchants file`;
      return reply.leave(render(refuse('MERCHANT_INACTIVE', { rule: 'merchant-active', text }), correlationId));
    });
    done();
  },
  { name: 'activation', dependencies: ['credentials'] },
);

/** Tells whether a request needs credentials: by its operation, or by the API of its path where it has no operation. */
function isGuarded(request: FastifyRequest): boolean {
  const { operation } = request;
  return operation ? operation.guarded : request.is404 && isApiPath(request.url);
}

let roots: Set<string> | undefined;

/** Tells whether a path begins like one of an API, and so is behind Klarna's gateway. */
export function isApiPath(path: string): boolean {
  roots ??= new Set([...operations.values()].flatMap(({ path, guarded }) => (guarded ? [firstPart(path)] : [])));
  return roots.has(firstPart(path));
}

const firstPart = (path: string): string => /^\/*([^/?]*)/.exec(path)?.[1] as string;

/** Returns the reason why credentials are wrong, in one sentence without secrets. */
function whyUnknown({ username, password, keyAlone }: Given): string {
  if (keyAlone) return `Authorization: the API key shown as ${username}, which the merchants file does not have`;
  const why = password === WRONG_PASSWORD ? 'the password `invalid`' : 'credentials nobody has';
  return `Authorization: user name ${username} with ${why}`;
}
