import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ErrorName } from '../../src/klarna/catalogue/errors.js';
import type { Decision } from '../../src/klarna/decision.js';
import type { Intent, TokenStatus } from '../../src/klarna/records.js';
import { HOUR, type Instant, MINUTE } from '../../src/klarna/time.js';
import { holds } from '../property.js';
import t from '../tap.js';
import { accepted, bodyOf, orderOf, purchase, START, World } from './world.js';

/** What is known of a purchase without looking at the rules: as little as the documentation says. */
interface Model {
  now: Instant;
  sessions: { intent: Intent; expires: Instant; newest?: number; order?: string }[];
  authorizations: {
    session: number;
    expires: Instant;
    released?: boolean;
    token?: string;
    placed?: { order: string; reference: string };
  }[];
  tokens: Map<string, TokenStatus>;
  orders: number;
}

type Command = fc.Command<Model, World>;

const refusalOf = (decision: Decision): ErrorName | undefined =>
  'refusal' in decision ? decision.refusal.error : undefined;

/** One of a list by any number: 0 is the newest. */
const pick = (list: readonly unknown[], back: number) => list.length - 1 - (back % list.length);
const sessionId = (at: number) => `session-${at + 1}`;
const authorizationId = (at: number) => `authorization-${at + 1}`;
const bodyWith = (reference: string) => orderOf({ merchant_reference1: reference });

/** Why a session cannot be changed or authorized, if so. */
function whyClosed({ now, sessions }: Model, at: number): ErrorName | undefined {
  const session = sessions[at];
  assert(session);
  if (now >= session.expires) return 'INVALID_SESSION';
  return session.order === undefined ? undefined : 'SESSION_COMPLETED';
}

/** Why an authorization gives neither order nor customer token, if so. */
function whyDead({ now, sessions, authorizations }: Model, at: number): ErrorName | undefined {
  const authorization = authorizations[at];
  assert(authorization);
  const session = sessions[authorization.session];
  assert(session);
  if (session.order !== undefined && !authorization.placed) return 'SESSION_COMPLETED';
  if (authorization.released || session.newest !== at || now >= authorization.expires) return 'INVALID_AUTHORIZATION';
  return undefined;
}

/** What must hold after every step, whatever led to it. */
function invariants(model: Model, world: World): void {
  const orders = world.all('order');
  assert.equal(orders.length, model.orders);
  const placedOn = orders.flatMap(({ session }) => session ?? []);
  assert.equal(new Set(placedOn).size, placedOn.length, 'one order a session');
  const placed = world.all('authorization').flatMap((authorization) => authorization.placed?.order ?? []);
  assert.deepEqual(placed.length, placedOn.length, 'one order an authorization');
  for (const { data, token } of world.all('authorization')) {
    if (token !== undefined) assert.notEqual(data.intent, 'buy', 'no token from a session that only buys');
  }
  for (const { id, status } of world.all('customer_token')) assert.equal(status, model.tokens.get(id));
  for (const [at, session] of model.sessions.entries()) {
    assert.equal(world.get('session', sessionId(at)).order, session.order);
  }
}

/** A step of the life cycle: what it needs, and what it does to model and world. */
function step(name: string, needs: (model: Model) => number, act: (model: Model, world: World) => void): Command {
  return {
    check: (model) => needs(model) > 0,
    run(model, world) {
      act(model, world);
      invariants(model, world);
    },
    toString: () => name,
  };
}

const always = () => 1;
const sessions = (model: Model) => model.sessions.length;
const authorizations = (model: Model) => model.authorizations.length;
const tokens = (model: Model) => model.tokens.size;

const create = (intent: Intent) =>
  step(`create a session to ${intent}`, always, (model, world) => {
    assert.equal(bodyOf(world.createSession(purchase({ intent }))).session_id, sessionId(model.sessions.length));
    model.sessions.push({ intent, expires: model.now + 48 * HOUR });
  });

const update = (n: number) =>
  step(`update session ${n}`, sessions, (model, world) => {
    const at = pick(model.sessions, n);
    assert.equal(refusalOf(world.updateSession(sessionId(at), { merchant_reference2: `${n}` })), whyClosed(model, at));
  });

const authorize = (n: number, approved: boolean) =>
  step(`${approved ? 'approve' : 'deny'} session ${n}`, sessions, (model, world) => {
    const at = pick(model.sessions, n);
    const decision = world.authorize(sessionId(at), { result: approved ? 'approved' : 'denied' });
    const closed = whyClosed(model, at);
    assert.equal(refusalOf(decision), closed);
    if (closed || !approved) return;
    const session = model.sessions[at];
    assert(session);
    session.newest = model.authorizations.length;
    assert.equal(bodyOf(decision).authorization_token, authorizationId(session.newest));
    model.authorizations.push({ session: at, expires: model.now + HOUR });
  });

const cancel = (n: number) =>
  step(`cancel authorization ${n}`, authorizations, (model, world) => {
    const at = pick(model.authorizations, n);
    const authorization = model.authorizations[at];
    assert(authorization);
    const why = authorization.placed ? 'AUTHORIZATION_NOT_DELETABLE' : whyDead(model, at);
    assert.equal(refusalOf(world.cancelAuthorization(authorizationId(at))), why);
    if (!why) authorization.released = true;
  });

const tokenize = (n: number) =>
  step(`create a token on authorization ${n}`, authorizations, (model, world) => {
    const at = pick(model.authorizations, n);
    const authorization = model.authorizations[at];
    assert(authorization);
    const buys = model.sessions[authorization.session]?.intent === 'buy';
    const decision = world.createCustomerToken(authorizationId(at));
    const why = whyDead(model, at) ?? (buys ? 'TOKEN_FOR_INTENT_BUY' : undefined);
    assert.equal(refusalOf(decision), why);
    if (why) return;
    const id = String(bodyOf(decision).token_id);
    assert.equal(id, authorization.token ?? `customer_token-${model.tokens.size + 1}`);
    if (!authorization.token) model.tokens.set(id, 'ACTIVE');
    authorization.token = id;
  });

const order = (n: number, reference: string) =>
  step(`place order ${reference} on authorization ${n}`, authorizations, (model, world) => {
    const at = pick(model.authorizations, n);
    const authorization = model.authorizations[at];
    assert(authorization);
    const session = model.sessions[authorization.session];
    assert(session);
    const decision = world.createOrder(authorizationId(at), bodyWith(reference));
    const { placed } = authorization;
    if (placed) {
      assert.equal(refusalOf(decision), placed.reference === reference ? undefined : 'ORDER_WITH_OTHER_BODY');
      if (placed.reference === reference) assert.equal(bodyOf(decision).order_id, placed.order);
      assert.deepEqual(decision.changes, []);
      return;
    }
    const why = whyDead(model, at) ?? (session.intent === 'tokenize' ? 'INVALID_OPERATION' : undefined);
    assert.equal(refusalOf(decision), why);
    if (why) return;
    model.orders += 1;
    session.order = String(bodyOf(decision).order_id);
    authorization.placed = { order: session.order, reference };
    const again = world.createOrder(authorizationId(at), bodyWith(reference));
    assert.deepEqual(accepted(again).answer, accepted(decision).answer, 'a replayed order is equal');
  });

const onToken = (name: string, n: number, act: (model: Model, world: World, id: string, status: TokenStatus) => void) =>
  step(`${name} token ${n}`, tokens, (model, world) => {
    const [id, status] = [...model.tokens][n % model.tokens.size] ?? [];
    assert(id !== undefined && status !== undefined);
    act(model, world, id, status);
  });

const charge = (n: number) =>
  onToken('charge', n, (model, world, id, status) => {
    const why = { ACTIVE: undefined, SUSPENDED: 'TOKEN_SUSPENDED', CANCELLED: 'TOKEN_CANCELLED' }[status];
    const decision = world.charge(id);
    assert.equal(refusalOf(decision), why);
    if (why) assert.deepEqual(decision.changes, []);
    else model.orders += 1;
  });

const move = (n: number, to: 'ACTIVE' | 'SUSPENDED') =>
  onToken(`make ${to}`, n, (model, world, id, status) => {
    const why = status === 'CANCELLED' ? 'INVALID_OPERATION' : undefined;
    assert.equal(refusalOf(world.changeCustomerToken(id, { status: to })), why);
    if (!why) model.tokens.set(id, to);
  });

const cancelToken = (n: number) =>
  onToken('cancel', n, (model, world, id) => {
    assert.equal(accepted(world.updateCustomerTokenStatus(id)).answer.status, 202);
    model.tokens.set(id, 'CANCELLED');
  });

const advance = (by: number) =>
  step(`advance the clock by ${by} ms`, always, (model, world) => {
    model.now += by;
    world.now += by;
  });

const intents: Intent[] = ['buy', 'tokenize', 'buy_and_tokenize', 'buy_and_default_tokenize'];
const any = fc.nat(4);
const steps = [
  fc.constantFrom(...intents).map(create),
  any.map(update),
  fc.tuple(any, fc.boolean()).map(([n, approved]) => authorize(n, approved)),
  any.map((n) => authorize(n, true)),
  any.map(cancel),
  any.map(tokenize),
  any.map(tokenize),
  fc.tuple(any, fc.constantFrom('A', 'B')).map(([n, reference]) => order(n, reference)),
  fc.tuple(any, fc.constantFrom('A', 'B')).map(([n, reference]) => order(n, reference)),
  any.map(charge),
  fc.tuple(any, fc.constantFrom('ACTIVE' as const, 'SUSPENDED' as const)).map(([n, to]) => move(n, to)),
  any.map(cancelToken),
  fc.constantFrom(1, MINUTE, MINUTE, 59 * MINUTE, HOUR, 47 * HOUR).map(advance),
];

t.test('every life of sessions, authorizations, tokens and orders keeps the rules', async (t) => {
  const lives = fc.commands(steps, { maxCommands: 60, size: 'max' });
  let placed = 0;
  let tokenized = 0;
  const property = fc.property(lives, (commands) => {
    const model: Model = { now: START, sessions: [], authorizations: [], tokens: new Map(), orders: 0 };
    const world = new World();
    fc.modelRun(() => ({ model, real: world }), commands);
    placed += model.orders;
    tokenized += model.tokens.size;
  });
  holds(t, property, { numRuns: 500 });
  t.ok(placed > 100 && tokenized > 50, `the lives came to ${placed} orders and ${tokenized} tokens`);
});
