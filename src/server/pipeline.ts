import type { FastifyRequest } from 'fastify';
import type { Operation } from '../contract/operations.js';
import { type Checked, checkBody, checkQuery } from '../contract/validate.js';
import { isFinal } from '../klarna/catalogue/errors.js';
import { badValue, type Change, type Decision, unprocessable, type Violation } from '../klarna/decision.js';
import type { ClientTokenClaims } from '../klarna/payments/sessions.js';
import type { IdempotentAnswer } from '../klarna/records.js';
import type { Scripted } from '../klarna/scripted.js';
import { IDEMPOTENCY_LIFETIME, type Instant } from '../klarna/time.js';
import type { ScenarioRun } from '../scenario/run.js';
import { type Store, transact } from '../store/store.js';
import { type Outgoing, render } from './answers.js';
import type { AnyHandler, CallBase } from './call.js';
import { baseOf } from './exchange.js';
import type { Scenarios } from './scenarios.js';
import { faultBy, replaced, scriptOf, withFault } from './script.js';
import type { WallClock } from './world/clock.js';
import type { World } from './world/worlds.js';

export interface PipelineOptions {
  store: Store;
  sign: (claims: ClientTokenClaims) => string;
  scenarios: Scenarios;
  wall: Pick<WallClock, 'later'>;
}

/** Answers one request for an operation, from the merchant's world to the commit. */
export type Pipeline = (request: FastifyRequest, operation: Operation, handler: AnyHandler) => Promise<Outgoing>;

/** The time of one request: what the scenario says of it is asked once, however often the operation runs. */
interface Turn {
  request: FastifyRequest;
  operation: Operation;
  handler: AnyHandler;
  world: World;
  correlationId: string;
  run?: ScenarioRun;
}

/**
 * The way of a request, the same for every operation: a known idempotency key answers what it answered; the scenario may
 * let it go wrong before anything happens; the contract judges the shape, the handler decides, and the store commits;
 * then the scenario may lose or bend the answer.
 */
export function makePipeline(options: PipelineOptions): Pipeline {
  const { store, scenarios, wall } = options;
  return async (request, operation, handler) => {
    const { world, correlationId } = request.progress as { world: World; correlationId: string };
    const header = request.headers['mock-klarna-scenario'];
    const scripted = header !== undefined || world.scenario !== undefined || world.bound.size > 0;
    const key = operation.idempotent ? keyOf(request, operation, world.merchant) : undefined;
    const turn: Turn = { request, operation, handler, world, correlationId };
    if (!scripted) return serve(turn, options, key);

    const known = key === undefined ? undefined : (await store.read('idempotency', key))?.record;
    // What a key stands for is no new call to a scenario.
    if (known && world.clock.now() < known.expires_at) return known.answer;
    const run = await scenarios.runFor(world, header as string | undefined, request.params as object);
    if (run && 'refusal' in run) return render(run, correlationId, operation.api);
    turn.run = run;
    const outcome = operation.api === 'sandbox' ? undefined : run?.next(operation.name, bodyOf(request, operation));
    if (!run || !outcome) return serve(turn, options, key);
    request.progress.outcome = outcome;
    const { fault } = outcome;
    if (!fault) return serve(turn, options, key, await scriptOf(run, outcome, world));
    const because = faultBy(run, outcome.line, fault);
    const outgoing = await withFault(fault, because, { correlationId, operation }, wall, () =>
      serve(turn, options, key),
    );
    if (outgoing.again) run.spare(outcome.index);
    return outgoing;
  };
}

/** A request as its scenario's matchers see it: the body as the contract reads it, also when its shape is wrong. */
function bodyOf(request: FastifyRequest, operation: Operation): unknown {
  const checked = checkBody(operation, request.body);
  return 'body' in checked ? checked.body : request.body;
}

/** Runs the operation until it commits on what it read. */
async function serve(
  turn: Turn,
  { store, sign }: PipelineOptions,
  key: string | undefined,
  scripted?: Scripted,
): Promise<Outgoing> {
  const { request, operation, handler, world, correlationId } = turn;
  const { merchant } = world;
  const base = baseOf(request);
  const params = request.params;
  const within = askOnce(world);
  const { outgoing, effects, run } = await transact(
    store,
    () => world.clock.now(),
    async (tx, now) => {
      const known = key === undefined ? undefined : await tx.get('idempotency', key);
      if (known && now < known.expires_at) return { outgoing: known.answer, changes: [], effects: [] };
      const asked = readAsked(request, operation);
      const call: CallBase & { params: unknown } = {
        operation,
        merchant,
        world,
        store,
        tx,
        now,
        params,
        base,
        sign,
        run: turn.run,
        scripted,
        within,
      };
      const decision =
        'violations' in asked
          ? refuseShape(operation, asked.violations)
          : replaced(await handler(Object.assign(call, asked) as never), scripted);
      if (call.shopper) request.progress.shopper = call.shopper;
      const outgoing = render(decision, correlationId, operation.api);
      // A refusal changes nothing, but it too must be decided on records of one moment.
      const changes = withKey(decision, outgoing, key, merchant, now);
      return { outgoing, changes, effects: decision.effects, run: call.run };
    },
  );
  for (const effect of effects) await world.callbacks.send(effect, run?.delivery(effect.on));
  return outgoing;
}

/** Each API says in its own way what is wrong with a shape. */
const refuseShape = ({ api }: Operation, violations: Violation[]): Decision =>
  api === 'order-management' ? unprocessable(violations) : badValue(violations);

/** Asks a scenario what it says of an operation within another, and remembers it for when that runs again. */
function askOnce(world: World): CallBase['within'] {
  let asked: Promise<Scripted | undefined> | undefined;
  return (operation, run, body) => {
    const outcome = asked ? undefined : run?.next(operation, body);
    asked ??= run && outcome && !outcome.fault ? scriptOf(run, outcome, world) : Promise.resolve(undefined);
    return asked;
  };
}

/** What a request asks for, as the contract reads it, or what is wrong with its shape. */
function readAsked(request: FastifyRequest, operation: Operation): Checked<{ query: unknown; body: unknown }> {
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

function withKey(
  decision: Decision,
  answer: Outgoing,
  id: string | undefined,
  merchant: string,
  now: Instant,
): readonly Change[] {
  const final = !('refusal' in decision) || isFinal(decision.refusal.error);
  if (id === undefined || !final) return decision.changes;
  const expires_at = now + IDEMPOTENCY_LIFETIME;
  const remembered: IdempotentAnswer = { kind: 'idempotency', id, merchant, created_at: now, expires_at, answer };
  return [...decision.changes, { put: remembered }];
}
