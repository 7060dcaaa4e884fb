import type { FastifyRequest } from 'fastify';
import type { Operation } from '../contract/operations.js';
import { type Checked, checkBody, checkQuery } from '../contract/validate.js';
import { badValue, type Change, type Decision } from '../klarna/decision.js';
import type { IdempotentAnswer } from '../klarna/records.js';
import type { ClientTokenClaims } from '../klarna/sessions.js';
import { IDEMPOTENCY_LIFETIME, type Instant } from '../klarna/time.js';
import type { Store } from '../store/store.js';
import { Transaction } from '../store/transaction.js';
import { type Outgoing, render } from './answers.js';
import type { Call, Handler } from './call.js';
import { baseOf } from './exchange.js';
import type { World } from './worlds.js';

export interface PipelineOptions {
  store: Store;
  sign: (claims: ClientTokenClaims) => string;
}

/** Answers one request for an operation, from the merchant's world to the commit. */
export type Pipeline = (request: FastifyRequest, operation: Operation, handler: Handler) => Promise<Outgoing>;

/**
 * The way of a request, the same for every operation: a known idempotency key answers what it answered; else the
 * contract judges the shape, the handler decides, and the store commits. When a record changed meanwhile, it runs again.
 */
export function makePipeline({ store, sign }: PipelineOptions): Pipeline {
  return async (request, operation, handler) => {
    const { world, correlationId } = request.progress as { world: World; correlationId: string };
    const { merchant } = world;
    const key = operation.idempotent ? keyOf(request, operation, merchant) : undefined;
    const base = baseOf(request);
    const params = request.params as Call['params'];
    for (;;) {
      const now = world.clock.now();
      const tx = new Transaction(store);
      const known = key === undefined ? undefined : await tx.get('idempotency', key);
      if (known && now < known.expires_at) return known.answer;
      const asked = readAsked(request, operation);
      const decision =
        'violations' in asked
          ? badValue(asked.violations)
          : await handler({
              operation,
              merchant,
              world,
              store,
              tx,
              now,
              params,
              query: asked.query,
              body: asked.body,
              base,
              sign,
            });
      const outgoing = render(decision, correlationId, operation.api);
      const changes = withKey(decision, outgoing, key, merchant, now);
      // A refusal changes nothing, but it too must be decided on records of one moment.
      if (await tx.commit(changes, now)) {
        for (const effect of decision.effects) world.callbacks.send(effect);
        return outgoing;
      }
    }
  };
}

/** What a request asks for, as the contract reads it, or what is wrong with its shape. */
function readAsked(request: FastifyRequest, operation: Operation): Checked<Pick<Call, 'query' | 'body'>> {
  const queried = checkQuery(operation, request.query as object);
  if ('violations' in queried) return queried;
  const read = checkBody(operation, request.body);
  if ('violations' in read) return read;
  return { query: queried.query, body: read.body };
}

/** Only the key counts, by merchant and operation (spec). */
function keyOf(request: FastifyRequest, operation: Operation, merchant: string): string | undefined {
  const key = request.headers['klarna-idempotency-key'];
  return typeof key === 'string' && key !== '' ? JSON.stringify([merchant, operation.name, key]) : undefined;
}

/** Statuses of refusals that are Klarna's last word on a charge; a 400 or 404 changed nothing and is not remembered. */
const finalRefusals = new Set([403, 409]);

function withKey(
  decision: Decision,
  answer: Outgoing,
  id: string | undefined,
  merchant: string,
  now: Instant,
): readonly Change[] {
  if (id === undefined || !(answer.status < 400 || finalRefusals.has(answer.status))) return decision.changes;
  const expires_at = now + IDEMPOTENCY_LIFETIME;
  const remembered: IdempotentAnswer = { kind: 'idempotency', id, merchant, created_at: now, expires_at, answer };
  return [...decision.changes, { put: remembered }];
}
