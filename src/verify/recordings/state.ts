import { ask, control, type Parts } from '../../client/control.js';
import type { Answer, Target } from '../../client/target.js';
import { type Located, locate } from '../../contract/locate.js';
import { type Fields, isFields } from '../../exchange/fields.js';
import { headerOf, targetOf } from '../../exchange/message.js';
import type { RecordedAnswer } from '../../exchange/recorded.js';
import { UUIDS } from '../../exchange/uuids.js';
import { errorAnswered, fieldsNamedIn, isOwnRefusal, stateRefused } from '../../klarna/catalogue/errors.js';
import { bringFor } from './bring-about.js';
import { asRecorded } from './compare.js';
import {
  answerBody,
  codeOf,
  NotComparable,
  type RecordedCall,
  reasonIn,
  refusalOf,
  statusOf,
  succeeded,
} from './recorded-call.js';

/** Fields that hold an id which later requests name. */
const ID_FIELD = /^(session_id|authorization_token|token_id|order_id|capture_id|refund_id|step_up_id|customer_token)$/;

/** Headers that hold such an id. */
const ID_HEADERS = ['capture-id', 'refund-id'];

/** The ids of a recording, and what the sandbox has in their place. */
export class Ids {
  readonly #own = new Map<string, string>();

  /** The sandbox's id in the place of a recorded one. */
  of(recorded: string): string | undefined {
    return this.#own.get(recorded);
  }

  set(recorded: string, own: string): void {
    this.#own.set(recorded, own);
  }

  /** Notes which id of the one answer is which of the other. */
  learn(recorded: RecordedAnswer, own: RecordedAnswer): void {
    for (const name of ID_HEADERS) {
      const [theirs, ours] = [headerOf(recorded.headers, name), headerOf(own.headers, name)];
      if (theirs !== undefined && ours !== undefined) this.set(theirs, ours);
    }
    this.#pair(recorded.body, own.body);
  }

  #pair(recorded: unknown, own: unknown): void {
    if (Array.isArray(recorded) && Array.isArray(own)) {
      for (const [at, element] of recorded.entries()) this.#pair(element, own[at]);
    } else if (isFields(recorded) && isFields(own)) {
      for (const [name, value] of Object.entries(recorded)) {
        const other = own[name];
        if (typeof value !== 'string' || typeof other !== 'string') this.#pair(value, other);
        else if (ID_FIELD.test(name)) this.set(value, other);
      }
    }
  }

  /** A body with the sandbox's ids in the place of recorded ones, also within texts. */
  translate(body: unknown): unknown {
    if (typeof body === 'string') return this.of(body) ?? body.replace(UUIDS, (id) => this.of(id) ?? id);
    if (Array.isArray(body)) return body.map((element) => this.translate(element));
    if (!isFields(body)) return body;
    return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, this.translate(value)]));
  }
}

/** A request made ready for the sandbox. */
export interface Ready {
  path: Record<string, string>;
  body: unknown;
  /** The outcome that the sandbox is told to give, where Klarna decided by itself. */
  outcome?: Fields;
  /** True if something that the request names is older than the recording, so that its past is guessed. */
  guessed: boolean;
}

/** The state of a sandbox beside that which a recording was made in. */
export class State {
  readonly #target: Target;
  readonly #story: readonly RecordedCall[];
  readonly #ids = new Ids();
  /** Recorded ids of what was brought about here, whose past is guessed. */
  readonly #guessed = new Set<string>();
  #open: string[] = [];
  #begun = false;

  /** @param story every exchange of the recording, in order */
  constructor(target: Target, story: readonly RecordedCall[]) {
    this.#target = target;
    this.#story = story;
  }

  /**
   * Brings the sandbox into the state that an exchange needs.
   * @throws NotComparable when nothing brings it about
   */
  async prepare(call: RecordedCall): Promise<Ready> {
    const { operation, params, exchange } = call;
    await this.#begin();
    const path: Record<string, string> = {};
    let guessed = false;
    for (const name of operation.parameters.path) {
      const recorded = params[name] as string;
      path[name] = this.#ids.of(recorded) ?? (await this.#bring(call, name, path)) ?? recorded;
      guessed ||= this.#guessed.has(recorded);
    }
    for (const { operation: read, params: named } of linksIn(exchange.request.body)) {
      for (const name of read.parameters.path) {
        const recorded = named[name] as string;
        if (this.#ids.of(recorded) === undefined)
          await this.#bring({ ...call, operation: read, params: named }, name, {});
        guessed ||= this.#guessed.has(recorded);
      }
    }
    const outcome = outcomeOf(call, guessed);
    return { path, body: this.#ids.translate(exchange.request.body), guessed, ...(outcome && { outcome }) };
  }

  /** Lets the merchant begin anew, before the first exchange. */
  async #begin(): Promise<void> {
    if (this.#begun) return;
    await control(this.#target, 'resetMerchant');
    this.#begun = true;
  }

  /** Notes what the sandbox has in the place of what was recorded. */
  learn(call: RecordedCall, own: RecordedAnswer): void {
    this.#ids.learn(call.exchange.response, own);
    const { session_id, authorization_token } = answerBody(call);
    if (typeof session_id === 'string' && call.operation.name === 'createSession') {
      const session = this.#ids.of(session_id);
      if (session !== undefined) this.#open.push(session);
    }
    if (authorization_token !== undefined) {
      const session = this.#ids.of(call.params.session_id ?? '');
      this.#open = this.#open.filter((id) => id !== session);
    }
  }

  async #bring(call: RecordedCall, parameter: string, known: Record<string, string>): Promise<string | undefined> {
    const recorded = call.params[parameter] as string;
    if (!this.#mustExist(call, parameter)) return undefined;
    const bring = bringFor(call.operation.api, parameter);
    if (!bring) throw new NotComparable(`nothing here brings its ${parameter} about`);
    const later = this.#story.slice(this.#story.indexOf(call) + 1);
    const story = [call, ...later.filter((other) => other.params[parameter] === recorded)] as const;
    const open = this.#open.length;
    try {
      const id = await bring({ target: this.#target, call, story: [...story], known, open: this.#open });
      this.#ids.set(recorded, id);
      // The past of a session of the recording is known.
      if (this.#open.length === open) this.#guessed.add(recorded);
      return id;
    } catch (error) {
      throw new NotComparable(`the sandbox cannot be brought into its state: ${reasonIn(error)}`);
    }
  }

  /** Tells if Klarna must have known what a parameter names. */
  #mustExist(call: RecordedCall, parameter: string): boolean {
    const status = statusOf(call);
    if (status === 401 || status === 429) return false;
    if (status === 404) {
      const [last] = call.operation.parameters.path.slice(-1);
      return parameter !== last && codeOf(call) !== 'NO_SUCH_ORDER';
    }
    // A text that is no id was sent to provoke a refusal.
    return succeeded(call) || /^[\w-]{8,}$/.test(call.params[parameter] as string);
  }
}

/** Returns the operations that links in a body lead to, such as the session that a hosted page is for. */
function linksIn(body: unknown): Located[] {
  if (typeof body === 'string') {
    const target = /^https?:/i.test(body) ? targetOf(body) : undefined;
    const located = target === undefined ? undefined : locate('GET', target);
    return located ? [located] : [];
  }
  return typeof body === 'object' && body !== null ? Object.values(body).flatMap(linksIn) : [];
}

/** Returns the outcome that the sandbox must be told to give where the state alone does not lead to the answer. */
function outcomeOf(call: RecordedCall, guessed: boolean): Fields | undefined {
  const status = statusOf(call);
  if (status === 429) return { fault: { status } };
  const { fraud_status } = answerBody(call);
  if (succeeded(call)) {
    const awaited = fraud_status === 'PENDING' || fraud_status === 'REJECTED';
    return awaited && call.operation.name !== 'readOrder' ? { fraud: { status: fraud_status } } : undefined;
  }
  const refusal = refusalOf(call);
  if (!isOwnRefusal(refusal.code) && !(guessed && unexplained(call))) return undefined;
  const error = errorAnswered(call.operation.name, refusal);
  // A refusal that names fields depends on values that the recording does not have.
  if (error === undefined || fieldsNamedIn(refusal.messages)) {
    throw new NotComparable('what led to the refusal is not in the recording');
  }
  return { error };
}

/** Tells if a refusal is for a state that nothing here brings about; 400, 404 and 422 are for what the request says. */
function unexplained(call: RecordedCall): boolean {
  const status = statusOf(call);
  return status !== 400 && status !== 404 && status !== 422 && stateRefused(refusalOf(call)) === undefined;
}

/** Does something while the sandbox gives the outcome to the operation, if there is one. */
export async function underOutcome<T>(
  target: Target,
  { operation }: RecordedCall,
  outcome: Fields | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (!outcome) return work();
  const outcomes = [{ on: operation.name, ...outcome }];
  const inline = { title: 'As it was recorded', evidence: 'inferred', outcomes };
  await control(target, 'chooseScenario', { body: { inline } });
  try {
    return await work();
  } finally {
    await control(target, 'endScenario');
  }
}

/** The sandbox's answer to a recorded request. */
export interface Repeated {
  answer: RecordedAnswer;
  /** True if something that the request names is older than the recording, so that its past is guessed. */
  guessed: boolean;
}

/**
 * Sends a recorded request to the sandbox, which is brought into its state before.
 * @throws NotComparable when it cannot be
 */
export async function repeatExchange(target: Target, call: RecordedCall, state: State): Promise<Repeated> {
  const ready = await state.prepare(call);
  const answer = asRecorded(await underOutcome(target, call, ready.outcome, () => send(target, call, ready)));
  state.learn(call, answer);
  return { answer, guessed: ready.guessed };
}

/** The headers of a recorded request that are sent again: those that Klarna reads. */
const SENT_HEADERS = ['content-type', 'klarna-idempotency-key', 'accept'];

function send(target: Target, call: RecordedCall, { path, body }: Ready): Promise<Answer> {
  const { operation, exchange, query } = call;
  const headers = SENT_HEADERS.flatMap((name) => {
    const value = headerOf(exchange.request.headers, name);
    return value === undefined ? [] : [[name, value]];
  });
  const content = typeof body === 'string' ? { text: body } : { body };
  const parts: Parts = { path, query, headers: Object.fromEntries(headers), ...content };
  // The password that is always wrong.
  const as = statusOf(call) === 401 ? { ...target, password: 'invalid' } : target;
  return ask(as, operation.name, parts);
}
