import type { FastifyRequest } from 'fastify';
import type { Operation } from '../contract/operations.js';
import type { WallClock } from '../exchange/wall-clock.js';
import { isFinal } from '../klarna/catalogue/errors.js';
import { lifetimes } from '../klarna/catalogue/lifetimes.js';
import { badValue, type Change, type Decision, unprocessable, type Violation } from '../klarna/decision.js';
import type { ClientTokenOf } from '../klarna/payments/client-token.js';
import type { IdempotentAnswer } from '../klarna/records.js';
import type { Scripted } from '../klarna/scripted.js';
import type { Instant } from '../klarna/time.js';
import { withFields } from '../klarna/with-fields.js';
import type { ScenarioRun } from '../scenario/run.js';
import type { ShopperScript } from '../scenario/scenario.js';
import { type Eventually, perform, type Steps, wait } from '../store/eventually.js';
import { textSize } from '../store/sizes.js';
import { type Revision, type Store, type Transaction, transact } from '../store/store.js';
import { type Outgoing, render, renderListing } from './answers.js';
import { type AnyHandler, basesOf, type CallBase, type Deciding } from './call.js';
import { Listing } from './listing.js';
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
  clientTokenOf: ClientTokenOf;
  scenarios: Scenarios;
  wall: Pick<WallClock, 'later'>;
  /** Scheme and host by which browsers reach the sandbox; those that the client called unless given. */
  publicUrl?: string;
  /** Saves a world in the store after a request. */
  save(world: World): Eventually<void>;
}

/** Answers a request for an operation, from the merchant's world to the commit: at once where the store answers at once. */
export type Pipeline = (request: FastifyRequest, operation: Operation, handler: AnyHandler) => Eventually<Answered>;

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
  within: CallBase['within'];
  /** True when its operation has run before, and its records changed meanwhile. */
  again: boolean;
  key?: Key;
  run?: ScenarioRun;
  scripted?: Scripted;
}

/**
 * Makes the pipeline that every operation shares. A known idempotency key gets its stored answer; the scenario may
 * cause a fault before anything happens; the contract checks the shape, the handler decides, and the store commits;
 * then the scenario may drop or change the answer.
 */
export const makePipeline =
  (options: PipelineOptions): Pipeline =>
  (incoming, operation, handler) => {
    const request = incoming as Identified;
    return perform(
      answerAndSave({ request, operation, handler, within: askOnce(request.world), again: false }, options),
    );
  };

/** Answers a request, and saves the merchant's world as it is then. */
function* answerAndSave(turn: Turn, options: PipelineOptions): Steps<Answered> {
  const answer = yield* answerTo(turn, options);
  yield* wait(options.save(turn.request.world));
  return answer;
}

/** Answers a request: as before where its idempotency key is known, else by its scenario, if one speaks for it. */
function* answerTo(turn: Turn, options: PipelineOptions): Steps<Answered> {
  const { request, operation } = turn;
  const { world } = request;
  if (operation.idempotent) turn.key = yield* keyOf(turn, options.store);
  const known = turn.key?.found?.record;
  // A repetition under a known key does not count as a call for the scenario.
  if (known && world.clock.now() < known.expires_at) return known.answer;
  const header = request.headers['mock-klarna-scenario'] as string | undefined;
  const unscripted = header === undefined && !world.scenario && world.bound.size === 0;
  return yield* unscripted ? serve(turn, options) : serveScripted(turn, header, options);
}

/** Runs the operation as its scenario has it: with an outcome of its own, or a fault around it. */
function* serveScripted(turn: Turn, header: string | undefined, options: PipelineOptions): Steps<Answered> {
  const { request, operation } = turn;
  const { world, correlationId } = request;
  const run = yield* wait(options.scenarios.runFor(world, header, request.params as object));
  if (run && 'refusal' in run) return render(run, correlationId, operation.api);
  turn.run = run;
  const outcome = operation.api === 'sandbox' ? undefined : run?.next(operation.name, bodyOf(turn));
  if (run && run === world.scenario && run.scenario.outcomes.length > 0) {
    world.tell(() => ({ event: 'scenario', data: chosenScenario(world) }));
  }
  if (!run || !outcome) return yield* serve(turn, options);
  const { fault } = outcome;
  if (!fault) {
    turn.scripted = yield* scriptOf(run, outcome, world);
    return withFields(yield* serve(turn, options), { outcome });
  }
  const because = faultBy(run, outcome, fault);
  const asked = { correlationId, operation };
  const answer = yield* withFault(fault, because, asked, options.wall, () => serve(turn, options));
  if (answer.again) run.spare(outcome.index);
  return withFields(answer, { outcome });
}

/** Returns the body of an operation that has one: as read by the contract, or as received where its shape is wrong. */
const bodyOf = ({ request, operation }: Turn): unknown => (operation.request ? request.body : undefined);

/** The result of one attempt at an operation. */
interface Attempted extends Pick<Decision, 'effects'> {
  outgoing: Outgoing;
  changes: readonly Change[];
  /** Bytes of the texts that the changes come from. */
  size: number;
  run?: ScenarioRun;
  shopper?: ShopperScript;
}

/** Runs the operation until its transaction commits, and does what it brings about beside its answer. */
function* serve(turn: Turn, options: PipelineOptions): Steps<Answered> {
  const { world, correlationId } = turn.request;
  const { outgoing, changes, effects, run, shopper } = yield* transact(
    options.store,
    () => world.clock.now(),
    (tx, now) => attempt(turn, tx, now, options),
  );
  tellChanged(world, changes);
  for (const effect of effects) {
    yield* wait(world.callbacks.send(effect, run?.delivery(effect.on), correlationId));
  }
  return shopper ? withFields(outgoing, { shopper }) : outgoing;
}

/** Returns the answer that another request under the same key has got since the first attempt; undefined for none. */
function* answerMeanwhile(key: Key, again: boolean, tx: Transaction, now: Instant): Steps<Attempted | undefined> {
  if (!again) return void tx.expect('idempotency', key.id, key.found);
  const known = yield* tx.get('idempotency', key.id);
  return known && now < known.expires_at ? { outgoing: known.answer, changes: [], size: 0, effects: [] } : undefined;
}

/** Refuses a wrong shape, or lets the handler decide; what it decides is yet to be committed. */
function* attempt(turn: Turn, tx: Transaction, now: Instant, options: PipelineOptions): Steps<Attempted> {
  const { request, operation, handler, within, again, key, run, scripted } = turn;
  const known = key && (yield* answerMeanwhile(key, again, tx, now));
  if (known) return known;
  turn.again = true;
  const { store, clientTokenOf, publicUrl } = options;
  const { world, correlationId, everyone, params, query, validationError } = request;
  const { merchant } = world;
  const bases = basesOf(request, publicUrl);
  const call: CallBase & { params: unknown; query: unknown; body: unknown } = {
    operation,
    merchant,
    everyone,
    world,
    store,
    tx,
    now,
    params,
    query,
    body: bodyOf(turn),
    base: bases.base,
    browserBase: bases.browserBase,
    sdkBase: bases.sdkBase,
    clientTokenOf,
    run,
    scripted,
    within,
    shopper: undefined,
  };
  const decision =
    validationError instanceof ShapeError
      ? refuseShape(operation, validationError.violations)
      : replaced(yield* decided(handler(call as never)), scripted);
  const listing = 'answer' in decision && decision.answer.body instanceof Listing && decision.answer.body;
  const outgoing = listing
    ? yield* wait(renderListing(listing, correlationId))
    : render(decision, correlationId, operation.api);
  // A refusal changes nothing, but must be decided on records of one moment as well.
  const changes = withKey(decision, outgoing, key?.id, merchant, now);
  const size = changes.length > 0 ? textSize(request.bodyText) + textSize(outgoing.body) : 0;
  return { outgoing, changes, size, effects: decision.effects, run: call.run, shopper: call.shopper };
}

/** Takes the decision of a handler, however it gives it. */
const decided = (deciding: Deciding): Steps<Decision> => ('next' in deciding ? deciding : wait(deciding));

/** Refuses a wrong shape in the form of the API. */
const refuseShape = ({ api }: Operation, violations: Violation[]): Decision =>
  api === 'order-management' ? unprocessable(violations) : badValue(violations);

/** Makes the `within` of a call: asks the scenario once, and returns the same result when the operation runs again. */
function askOnce(world: World): CallBase['within'] {
  let asked: { script: Eventually<Scripted | undefined> } | undefined;
  return (operation, run, body) => {
    if (!asked) {
      const outcome = run?.next(operation, body);
      asked = { script: run && outcome && !outcome.fault ? perform(scriptOf(run, outcome, world)) : undefined };
    }
    return asked.script;
  };
}

/** Reads the idempotency key of a request: only the key counts, by merchant and operation (spec). */
function* keyOf({ request, operation }: Turn, store: Store): Steps<Key | undefined> {
  const given = request.headers['klarna-idempotency-key'];
  if (typeof given !== 'string' || given === '') return undefined;
  const id = JSON.stringify([request.world.merchant, operation.name, given]);
  return { id, found: yield* wait(store.read('idempotency', id)) };
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
