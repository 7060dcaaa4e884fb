import type { Target } from '../../client/target.js';
import { type Located, locate } from '../../contract/locate.js';
import { control } from '../../replay/control.js';
import type { Fields } from '../../replay/words.js';
import { bringFor } from './bring-about.js';
import type { Compared } from './compare.js';
import { Ids } from './ids.js';
import { targetOf } from './message.js';
import {
  answered,
  codeOf,
  errorOf,
  isForOwnReasons,
  messagesOf,
  NotComparable,
  reasonIn,
  statusOf,
  succeeded,
  type Told,
} from './told.js';

/** A request made ready for the sandbox. */
export interface Ready {
  path: Record<string, string>;
  body: unknown;
  /** The outcome that the sandbox is told to give, where Klarna decided by itself. */
  outcome?: Fields;
  /** Whether something that the request names is older than the recording, so that its past is guessed. */
  guessed: boolean;
}

/** The state of a sandbox beside that which a recording was made in. */
export class State {
  readonly #target: Target;
  readonly #story: readonly Told[];
  readonly #ids = new Ids();
  /** What was brought about here: its past is guessed. */
  readonly #guessed = new Set<string>();
  #open: string[] = [];
  #begun = false;

  /** @param story every exchange of the recording, in order */
  constructor(target: Target, story: readonly Told[]) {
    this.#target = target;
    this.#story = story;
  }

  /**
   * Brings the sandbox into the state that an exchange needs.
   * @throws NotComparable when nothing brings it about
   */
  async prepare(told: Told): Promise<Ready> {
    const { operation, params, exchange } = told;
    await this.#begin();
    const path: Record<string, string> = {};
    let guessed = false;
    for (const name of operation.parameters.path) {
      const recorded = params[name] as string;
      path[name] = this.#ids.of(recorded) ?? (await this.#bring(told, name, path)) ?? recorded;
      guessed ||= this.#guessed.has(recorded);
    }
    for (const { operation: read, params: named } of linksIn(exchange.request.body)) {
      for (const name of read.parameters.path) {
        const recorded = named[name] as string;
        if (this.#ids.of(recorded) === undefined)
          await this.#bring({ ...told, operation: read, params: named }, name, {});
        guessed ||= this.#guessed.has(recorded);
      }
    }
    const outcome = outcomeOf(told, guessed);
    return { path, body: this.#ids.translate(exchange.request.body), guessed, ...(outcome && { outcome }) };
  }

  /** Lets the merchant begin anew, before the first exchange. */
  async #begin(): Promise<void> {
    if (this.#begun) return;
    await control(this.#target, 'resetMerchant');
    this.#begun = true;
  }

  /** Notes what the sandbox has in the place of what was recorded. */
  learn(told: Told, own: Compared): void {
    this.#ids.learn(told.exchange.response, own);
    const { session_id, authorization_token } = answered(told);
    if (typeof session_id === 'string' && told.operation.name === 'createSession') {
      const session = this.#ids.of(session_id);
      if (session !== undefined) this.#open.push(session);
    }
    if (authorization_token !== undefined) {
      const session = this.#ids.of(told.params.session_id ?? '');
      this.#open = this.#open.filter((one) => one !== session);
    }
  }

  async #bring(told: Told, parameter: string, known: Record<string, string>): Promise<string | undefined> {
    const recorded = told.params[parameter] as string;
    if (!this.#mustExist(told, parameter)) return undefined;
    const bring = bringFor(told.operation.api, parameter);
    if (!bring) throw new NotComparable(`nothing here brings its ${parameter} about`);
    const later = this.#story.slice(this.#story.indexOf(told) + 1);
    const story = [told, ...later.filter((other) => other.params[parameter] === recorded)] as const;
    // A session of the recording is one whose past is known.
    const own = parameter === 'authorizationToken' && this.#open.length > 0;
    try {
      const id = await bring({ target: this.#target, told, story: [...story], known, open: this.#open });
      this.#ids.set(recorded, id);
      if (!own) this.#guessed.add(recorded);
      return id;
    } catch (error) {
      throw new NotComparable(`the sandbox cannot be brought into its state: ${reasonIn(error)}`);
    }
  }

  /** Whether Klarna must have known what a parameter names. */
  #mustExist(told: Told, parameter: string): boolean {
    const status = statusOf(told);
    if (status === 401 || status === 429) return false;
    if (status === 404) {
      const [last] = told.operation.parameters.path.slice(-1);
      return parameter !== last && codeOf(told) !== 'NO_SUCH_ORDER';
    }
    // A text that is no id was sent to be refused.
    return succeeded(told) || /^[\w-]{8,}$/.test(told.params[parameter] as string);
  }
}

/** What links in a body lead to, such as the session that a hosted page is for. */
function linksIn(body: unknown): Located[] {
  if (typeof body === 'string') {
    const target = /^https?:/i.test(body) ? targetOf(body) : undefined;
    const located = target === undefined ? undefined : locate('GET', target);
    return located ? [located] : [];
  }
  return typeof body === 'object' && body !== null ? Object.values(body).flatMap(linksIn) : [];
}

/** What a scenario must do where the state alone does not lead to the answer. */
function outcomeOf(told: Told, guessed: boolean): Fields | undefined {
  const status = statusOf(told);
  if (status === 429) return { fault: { status } };
  const { fraud_status } = answered(told);
  if (succeeded(told)) {
    const awaited = fraud_status === 'PENDING' || fraud_status === 'REJECTED';
    return awaited && told.operation.name !== 'readOrder' ? { fraud: { status: fraud_status } } : undefined;
  }
  if (!isForOwnReasons(told) && !(guessed && unexplained(told))) return undefined;
  const error = /^Not matching/.test(messagesOf(told)) ? undefined : errorOf(told);
  if (error === undefined) throw new NotComparable('what led to the refusal is not in the recording');
  return { error };
}

/** Codes of refusals to which the recipes know the way. */
const explained = /^(TOKEN_(SUSPENDED|CANCELLED)|(CAPTURE|CANCEL|REFUND)_NOT_ALLOWED|NOT_ALLOWED|INVALID_OPERATION)$/;

/** Whether a refusal is for a state that nothing here brings about; 400 and 422 are for what the request says. */
function unexplained(told: Told): boolean {
  const status = statusOf(told);
  if (status === 400 || status === 422 || status === 404) return false;
  return !explained.test(codeOf(told) ?? '') && !/different request body/.test(messagesOf(told));
}

/** Does something while the sandbox gives the outcome to the operation, if there is one. */
export async function underOutcome<T>(
  target: Target,
  { operation }: Told,
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
