import type { Callback, Precondition } from '../klarna/decision.js';
import type { Kind, Stored } from '../klarna/records.js';
import type { Instant } from '../klarna/time.js';
import type { Delivery } from '../scenario/script.js';
import type { Agenda, Task } from './agenda.js';
import { policies } from './callback-policy.js';
import { type PostOptions, type PostResult, post } from './callback-request.js';
import { ClockRefusal, type MerchantClock, readDuration } from './clock.js';

/** One try to reach the merchant. */
export interface Attempt {
  /** The callback's id, the same for all its attempts. */
  id: string;
  on: Callback['on'];
  url: string;
  body?: Callback['body'];
  /** When it was sent, on the merchant's clock. */
  at: Instant;
  /** Counted from 1. */
  attempt: number;
  result: PostResult | { dropped: true };
  /** The scenario expected another answer. */
  unexpected?: true;
}

export interface AttemptFilter {
  on?: Callback['on'];
  limit?: number;
}

export interface CallbacksOptions extends PostOptions {
  agenda: Agenda;
  clock: MerchantClock;
  id(): string;
  /** A record as it stands, if it is there; without it there are none. */
  read?(kind: Kind, id: string): Promise<Stored | undefined>;
  /** How many attempts are remembered. */
  keep?: number;
}

/** So many callbacks may wait when another is taken whose time may never come. */
const ROOM = 5_000;

/** A callback on its way. */
interface Sending extends Pick<Attempt, 'id'>, Omit<Callback, 'at'> {
  rule: Delivery;
  attempts: number;
  delivered: boolean;
}

interface Started extends Pick<Attempt, 'at' | 'attempt'> {
  /** Its place in the order in which attempts began. */
  place: number;
}

interface Entry {
  sending: Sending;
  place: number;
  attempt: Attempt;
}

/** Sends a merchant's callbacks, each at its time and again as Klarna would. */
export class Callbacks {
  readonly #options: CallbacksOptions;
  readonly #keep: number;
  /** In the order in which they began. */
  #entries: Entry[] = [];
  #started = 0;
  #dropped = 0;
  /** What waits for the next callback to go first. */
  #held: Sending | undefined;
  /** The latest first try of each lane. */
  readonly #lanes = new Map<string, Promise<void>>();

  constructor(options: CallbacksOptions) {
    this.#options = options;
    this.#keep = options.keep ?? 200;
  }

  /** The attempts that have ended, oldest first; only the latest are kept. */
  get attempts(): readonly Attempt[] {
    return this.#entries.map(({ attempt }) => attempt);
  }

  /** Newest first. `dropped` counts the attempts that are no longer kept. */
  list({ on, limit = Number.POSITIVE_INFINITY }: AttemptFilter = {}): { attempts: Attempt[]; dropped: number } {
    const matching = this.attempts.filter((attempt) => on === undefined || attempt.on === on);
    return { attempts: matching.reverse().slice(0, limit), dropped: this.#dropped };
  }

  /**
   * Sends a callback when it is due, and again as Klarna would.
   * @returns when the answer that brought it about may leave: as soon as it is scheduled, or with `before_the_answer`
   * after its first attempt, which its time-outs bound
   */
  async send({ at, ...callback }: Callback, rule: Delivery = {}): Promise<void> {
    const { agenda, clock, id } = this.#options;
    const sending: Sending = { id: id(), ...callback, rule, attempts: 0, delivered: false };
    // What may never come has nothing to do with the answer.
    if (rule.before_the_answer && !rule.drop && !sending.onlyIf) {
      return agenda.perform((signal) => this.#first(sending, clock.now(), signal));
    }
    const due = rule.delay === undefined ? at : await this.#delayed(sending, at, rule.delay);
    if (due !== undefined) this.#schedule(sending, due, (signal) => this.#begin(sending, due, signal));
  }

  /**
   * Sends a callback again, now, however it was scripted.
   * @returns the attempt; `undefined` where none of that id is remembered
   */
  async redeliver(id: string): Promise<Attempt | undefined> {
    const found = this.#entries.find(({ sending }) => sending.id === id);
    return found && this.#options.agenda.perform((signal) => this.#attempt(found.sending, signal));
  }

  /** Forgets the attempts. What is to come and what is under way belongs to the agenda, and goes with it. */
  clear(): void {
    this.#entries = [];
    this.#dropped = 0;
    this.#held = undefined;
    this.#lanes.clear();
  }

  async #delayed(sending: Sending, at: Instant, delay: string): Promise<Instant | undefined> {
    try {
      return (await readDuration(delay))(at);
    } catch (error) {
      if (!(error instanceof ClockRefusal)) throw error;
      this.#record(sending, this.#start(sending), { refused: error.message });
      return undefined;
    }
  }

  #schedule(sending: Sending, at: Instant, task: Task): void {
    const { agenda } = this.#options;
    const room = !sending.onlyIf || agenda.size < ROOM;
    if (room && agenda.schedule(at, task)) return;
    this.#record(sending, this.#start(sending), { refused: 'too many callbacks wait already' });
  }

  /** What falls due: the first try, unless it was scripted otherwise. */
  async #begin(sending: Sending, first: Instant, signal: AbortSignal): Promise<void> {
    if (sending.onlyIf && !(await this.#holds(sending.onlyIf))) return;
    const { drop, reorder } = sending.rule;
    if (drop) this.#record(sending, this.#start(sending), { dropped: true });
    // What comes while another waits for it goes first, whatever its own rule says.
    else if (reorder && !this.#held) this.#held = sending;
    else await this.#inLane(sending.lane, () => this.#first(sending, first, signal));
  }

  async #holds({ records, holds }: Precondition): Promise<boolean> {
    const { read = async () => undefined } = this.#options;
    return holds(await Promise.all(records.map(({ kind, id }) => read(kind, id))));
  }

  /** Does something once what came before it in its lane is done. */
  async #inLane(lane: string | undefined, task: () => Promise<void>): Promise<void> {
    if (lane === undefined) return task();
    const before = this.#lanes.get(lane);
    const turn = before ? before.then(task, task) : task();
    this.#lanes.set(lane, turn);
    try {
      await turn;
    } finally {
      if (this.#lanes.get(lane) === turn) this.#lanes.delete(lane);
    }
  }

  /** The first try, and behind it what waited for the next callback. */
  async #first(sending: Sending, first: Instant, signal: AbortSignal): Promise<void> {
    const behind = this.#held;
    this.#held = undefined;
    await this.#try(sending, 1, first, signal);
    if (!behind || signal.aborted) return;
    const now = this.#options.clock.now();
    this.#schedule(behind, now, (cleared) => this.#try(behind, 1, now, cleared));
  }

  /** @param tried the number of this try, those on request not counted */
  async #try(sending: Sending, tried: number, first: Instant, signal: AbortSignal): Promise<void> {
    // Somebody may have sent it again meanwhile, or it is no longer so.
    if (sending.delivered) return;
    if (tried > 1 && sending.onlyIf && !(await this.#holds(sending.onlyIf))) return;
    const { result } = await this.#attempt(sending, signal);
    if (signal.aborted) return;
    if (sending.delivered) {
      if (sending.rule.twice) await this.#attempt(sending, signal);
      return;
    }
    // What was not allowed once will not be later.
    if ('refused' in result) return;
    const next = policies[sending.on].again(tried, first, this.#options.clock.now());
    if (next !== undefined) this.#schedule(sending, next, (cleared) => this.#try(sending, tried + 1, first, cleared));
  }

  async #attempt(sending: Sending, signal: AbortSignal): Promise<Attempt> {
    const started = this.#start(sending);
    const result = await post(sending.url, sending.body, this.#options, signal, policies[sending.on].patience);
    if ('status' in result && policies[sending.on].delivered(result.status)) sending.delivered = true;
    return this.#record(sending, started, result, signal);
  }

  #start(sending: Sending): Started {
    return { place: ++this.#started, attempt: ++sending.attempts, at: this.#options.clock.now() };
  }

  /** Remembers an attempt, unless the world it belonged to is gone. */
  #record(sending: Sending, { place, ...when }: Started, result: Attempt['result'], signal?: AbortSignal): Attempt {
    const { id, on, url, body, rule } = sending;
    const judged = rule.status !== undefined && !('dropped' in result);
    const unexpected = judged && !('status' in result && result.status === rule.status);
    const attempt: Attempt = { id, on, url, ...(body && { body }), ...when, result, ...(unexpected && { unexpected }) };
    if (signal?.aborted) return attempt;
    // One that began earlier may end later.
    const before = this.#entries.findLastIndex((entry) => entry.place < place);
    this.#entries.splice(before + 1, 0, { sending, place, attempt });
    if (this.#entries.length > this.#keep) {
      this.#entries.shift();
      this.#dropped++;
    }
    return attempt;
  }
}
