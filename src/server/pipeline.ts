import type { FastifyRequest } from 'fastify';
import type { Operation } from '../contract/operations.js';
import type { WallClock } from '../exchange/wall-clock.js';
import { isFinal } from '../klarna/catalogue/errors.js';
import { lifetimes } from '../klarna/catalogue/lifetimes.js';
import { badValue, type Change, type Decision, unprocessable, type Violation } from '../klarna/decision.js';
import type { ClientTokenClaims } from '../klarna/payments/sessions.js';
import type { IdempotentAnswer } from '../klarna/records.js';
import type { Scripted } from '../klarna/scripted.js';
import type { Instant } from '../klarna/time.js';
import type { ScenarioRun } from '../scenario/run.js';
import type { ShopperScript } from '../scenario/scenario.js';
import { type Eventually, type Revision, type Store, transact } from '../store/store.js';
import { type Outgoing, render } from './answers.js';
import { type AnyHandler, basesOf, type CallBase } from './call.js';
import type { Answered } from './plugins/answers.js';
import type { Identified } from './plugins/credentials.js';
import type { Scenarios } from './scenarios.js';
import { ShapeError } from './schemas.js';
import { faultBy, replaced, scriptOf, withFault } from './script.js';
import { tellChanged } from './world/changed.js';
import { chosenScenario } from './world/chosen-scenario.js';
import type { World } from './world/worlds.js';

export interface PipelineOptions {
  store: Store;
  sign: (claims: ClientTokenClaims) => string;
  scenarios: Scenarios;
  wall: Pick<WallClock, 'later'>;
  /** Scheme and host by which browsers reach the sandbox; those that the client called unless given. */
  publicUrl?: string;
  /** Saves a world in the store after a request. */
  save(world: World): Eventually<void>;
}

/** Answers a request for an operation, from the merchant's world to the commit. */
export type Pipeline = (request: FastifyRequest, operation: Operation, handler: AnyHandler) => Promise<Answered>;

/** The idempotency key of a request, and the record stored for it. */
interface Key {
  id: string;
  found: Revision<IdempotentAnswer> | undefined;
}

/** A request in progress. Its scenario is asked once, however often the operation runs. */
interface Turn {
  request: Identified;
  operation: Operation;
  handler: AnyHandler;
  key?: Key;
  run?: ScenarioRun;
  scripted?: Scripted;
}

/**
 * Makes the pipeline that every operation shares. A known idempotency key gets its stored answer; the scenario may
 * cause a fault before anything happens; the contract checks the shape, the handler decides, and the store commits;
 * then the scenario may drop or change the answer.
 */
export function makePipeline(options: PipelineOptions): Pipeline {
  const { store, scenarios, wall, save } = options;
  const answerTo: Pipeline = async (incoming, operation, handler) => {
    const request = incoming as Identified;
    const { world, correlationId } = request;
    const id = operation.idempotent ? keyOf(request, operation, world.merchant) : undefined;
    const key = id === undefined ? undefined : { id, found: await store.read('idempotency', id) };
    // A repetition under a known key does not count as a call for the scenario.
    if (key?.found && world.clock.now() < key.found.record.expires_at) return key.found.record.answer;
    const turn: Turn = { request, operation, handler, key };
    const header = request.headers['mock-klarna-scenario'] as string | undefined;
    if (header === undefined && !world.scenario && world.bound.size === 0) return serve(turn, options);

    const run = await scenarios.runFor(world, header, request.params as object);
    if (run && 'refusal' in run) return render(run, correlationId, operation.api);
    turn.run = run;
    const outcome = operation.api === 'sandbox' ? undefined : run?.next(operation.name, bodyOf(turn));
    if (run && run === world.scenario && run.scenario.outcomes.length > 0) {
      world.tell(() => ({ event: 'scenario', data: chosenScenario(world) }));
    }
    if (!run || !outcome) return serve(turn, options);
    const { fault } = outcome;
    if (!fault) {
      turn.scripted = await scriptOf(run, outcome, world);
      return { ...(await serve(turn, options)), outcome };
    }
    const because = faultBy(run, outcome.line, fault);
    const answer = await withFault(fault, because, { correlationId, operation }, wall, () => serve(turn, options));
    if (answer.again) run.spare(outcome.index);
    return { ...answer, outcome };
  };
  return async (request, operation, handler) => {
    const answer = await answerTo(request, operation, handler);
    const saved = save((request as Identified).world);
    if (saved instanceof Promise) await saved;
    return answer;
  };
}

/** Returns the body of an operation that has one: as read by the contract, or as received where its shape is wrong. */
const bodyOf = ({ request, operation }: Turn): unknown => (operation.request ? request.body : undefined);

/** Runs the operation until its transaction commits. */
async function serve(turn: Turn, { store, sign, publicUrl }: PipelineOptions): Promise<Answered> {
  const { request, operation, handler, key, scripted } = turn;
  const { world, correlationId } = request;
  const { merchant } = world;
  const bases = basesOf(request, publicUrl);
  const within = askOnce(world);
  let attempts = 0;
  const { outgoing, changes, effects, run, shopper } = await transact(
    store,
    () => world.clock.now(),
    async (tx, now): Promise<Attempted> => {
      if (key && attempts++ === 0) tx.expect('idempotency', key.id, key.found);
      else if (key) {
        const known = await tx.get('idempotency', key.id);
        if (known && now < known.expires_at) return { outgoing: known.answer, changes: [], effects: [] };
      }
      const call: CallBase & { params: unknown; query: unknown; body: unknown } = {
        operation,
        merchant,
        everyone: request.everyone,
        world,
        store,
        tx,
        now,
        params: request.params,
        query: request.query,
        body: bodyOf(turn),
        ...bases,
        sign,
        run: turn.run,
        scripted,
        within,
      };
      const { validationError } = request;
      const decision =
        validationError instanceof ShapeError
          ? refuseShape(operation, validationError.violations)
          : replaced(await handler(call as never), scripted);
      const outgoing = render(decision, correlationId, operation.api);
      // A refusal changes nothing, but must be decided on records of one moment as well.
      const changes = withKey(decision, outgoing, key?.id, merchant, now);
      return { outgoing, changes, effects: decision.effects, run: call.run, shopper: call.shopper };
    },
  );
  tellChanged(world, changes);
  for (const effect of effects) await world.callbacks.send(effect, run?.delivery(effect.on));
  return shopper ? { ...outgoing, shopper } : outgoing;
}

/** The result of one attempt at an operation. */
interface Attempted extends Pick<Decision, 'effects'> {
  outgoing: Outgoing;
  changes: readonly Change[];
  run?: ScenarioRun;
  shopper?: ShopperScript;
}

/** Refuses a wrong shape in the form of the API. */
const refuseShape = ({ api }: Operation, violations: Violation[]): Decision =>
  api === 'order-management' ? unprocessable(violations) : badValue(violations);

/** Makes the `within` of a call: asks the scenario once, and returns the same result when the operation runs again. */
function askOnce(world: World): CallBase['within'] {
  let asked: Promise<Scripted | undefined> | undefined;
  return (operation, run, body) => {
    const outcome = asked ? undefined : run?.next(operation, body);
    asked ??= run && outcome && !outcome.fault ? scriptOf(run, outcome, world) : Promise.resolve(undefined);
    return asked;
  };
}

/** Returns the id of an idempotency record: only the key counts, by merchant and operation (spec). */
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
  const expires_at = now + lifetimes.idempotencyKey.lasts;
  const remembered: IdempotentAnswer = { kind: 'idempotency', id, merchant, created_at: now, expires_at, answer };
  return [...decision.changes, { put: remembered }];
}
