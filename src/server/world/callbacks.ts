import type { CallbackAttempt } from '../../exchange/exchange.js';
import { nextAttempt, policyOf, takes } from '../../klarna/catalogue/callbacks.js';
import type { Callback, Precondition } from '../../klarna/decision.js';
import { isMet, recordsOf } from '../../klarna/preconditions.js';
import type { Kind, Stored } from '../../klarna/records.js';
import { type Instant, toIso } from '../../klarna/time.js';
import type { Delivery } from '../../scenario/scenario.js';
import type { Eventually } from '../../store/eventually.js';
import { dataSize, textSize } from '../../store/sizes.js';
import type { Agenda } from './agenda.js';
import { type CallbackLine, callbackLines } from './callback-line.js';
import { type PostOptions, type PostResult, post } from './callback-request.js';
import { ClockRefusal, type MerchantClock, readDuration, type Shift } from './clock.js';

/** An attempt to send a callback to the merchant. */
export interface Attempt {
  /** The callback's id, the same for all its attempts. */
  id: string;
  /** Correlation id of the call that caused it; absent where none did. */
  caused_by?: string;
  on: Callback['on'];
  url: string;
  body?: Callback['body'];
  /** The time of sending, on the merchant's clock. */
  at: Instant;
  /** Number of the attempt, from 1. */
  attempt: number;
  result: PostResult | { dropped: true };
  /** True when the scenario expected another answer. */
  unexpected?: true;
}

/** An attempt that falls due, at a time of the merchant's clock. */
export type Waiting = Pick<Attempt, 'id' | 'on' | 'url' | 'at' | 'attempt'>;

export interface AttemptFilter {
  on?: Callback['on'];
  limit?: number;
  /** The cursor of the page before. */
  after?: number;
}

/** Returns an attempt in the form of the control API. */
export function shownAttempt({ id, body, at, ...attempt }: Attempt): CallbackAttempt {
  return { callback_id: id, ...attempt, ...(body && { body }), at: toIso(at) };
}

export interface CallbacksOptions extends PostOptions {
  agenda: Agenda<Due>;
  clock: MerchantClock;
  id(): string;
  /** The line in which the merchant's attempts wait for their turn; shared with no other merchant unless given. */
  line?: CallbackLine;
  /** Returns a record, if it exists; without this function there are no records. */
  read?(kind: Kind, id: string): Eventually<Stored | undefined>;
  /** Time from an order to the first attempt of its push; Klarna's unless given. */
  pushAfter?: Shift;
  /** Highest number of remembered attempts. */
  keep?: number;
  /** The saved state of a merchant's callbacks. */
  state?: CallbacksState;
  /** Called with every attempt when it has ended. */
  attempted?: (attempt: Attempt) => void;
}

/** A task of a callback that falls due: its begin, which checks it first, or an attempt. */
export interface Due {
  act: 'begin' | 'attempt';
  /** The callback's id. */
  callback: string;
  /** Number of the attempt, without redeliveries. */
  tried: number;
  /** The times at which the first attempt and this one were due. */
  first: Instant;
  due: Instant;
}

/** The state to save of a merchant's callbacks, beside the tasks in the agenda: plain data. */
export interface CallbacksState {
  sendings: Sending[];
  entries: Entry[];
  started: number;
  dropped: number;
  /** Id of the callback that waits for the next one to be sent first. */
  held?: string;
}

/** Number of waiting tasks from which on a callback with a precondition is refused, since it may never be sent. */
const ROOM = 5_000;

/** A callback that is being sent. */
interface Sending extends Pick<Attempt, 'id' | 'caused_by'>, Omit<Callback, 'at'> {
  rule: Delivery;
  attempts: number;
  /** True when the shop accepted it. */
  taken: boolean;
  /** Number of its pending tasks: in the agenda, or behind the next callback. */
  waiting: number;
}

/** An attempt that was planned. */
type Planned = Pick<Due, 'tried' | 'first' | 'due'>;

interface Started extends Pick<Attempt, 'at' | 'attempt'> {
  /** Position of the attempt in the order in which attempts began. */
  place: number;
}

interface Entry {
  place: number;
  attempt: Attempt;
}

/** Tells whether no further attempt follows, because the shop accepted the callback. */
const isOver = ({ on, taken }: Sending): boolean => taken && policyOf(on).until === 'taken';

/** Bytes that a callback and its entry in the agenda take beside its texts. */
const OVERHEAD = 1_024;

const sizeOf = ({ url, body }: Sending): number => OVERHEAD + textSize(url) + dataSize(body);

/** Sends a merchant's callbacks, each at its time, and repeats them as Klarna would. */
export class Callbacks {
  readonly #options: CallbacksOptions;
  readonly #line: CallbackLine;
  readonly #keep: number;
  /** Callbacks that may be sent again, by id: those that wait, and those with a remembered attempt. */
  readonly #sendings = new Map<string, Sending>();
  #size = 0;
  /** Ended attempts in the order in which they began. */
  #entries: Entry[] = [];
  #started = 0;
  #dropped = 0;
  /** The callback that waits for the next one to be sent first. */
  #held: Sending | undefined;
  /** The latest first attempt of each lane. */
  readonly #lanes = new Map<string, Promise<void>>();

  constructor(options: CallbacksOptions) {
    this.#options = options;
    this.#line = options.line ?? callbackLines()('');
    this.#keep = options.keep ?? 200;
    const { state } = options;
    if (!state) return;
    for (const sending of state.sendings) this.#enter({ ...sending, waiting: 0 });
    for (const { task } of options.agenda.entries) {
      const sending = this.#sendings.get(task.callback);
      if (sending) sending.waiting++;
    }
    this.#entries = [...state.entries];
    this.#started = state.started;
    this.#dropped = state.dropped;
    const held = this.#sendings.get(state.held ?? '');
    if (held) this.#hold(held);
  }

  /** The state to save. */
  get state(): CallbacksState {
    return {
      sendings: [...this.#sendings.values()],
      entries: this.#entries,
      started: this.#started,
      dropped: this.#dropped,
      ...(this.#held && { held: this.#held.id }),
    };
  }

  /** The attempts that have ended, in the order in which they began; only the latest are kept. */
  get attempts(): readonly Attempt[] {
    return this.#entries.map(({ attempt }) => attempt);
  }

  /** Returns attempts, newest first, and the cursor of the next page; `dropped` is the number of those no longer kept. */
  list({ on, limit = Number.POSITIVE_INFINITY, after = Number.POSITIVE_INFINITY }: AttemptFilter = {}) {
    const matching = this.#entries.filter(({ place, attempt }) => place < after && (on ?? attempt.on) === attempt.on);
    const page = matching.reverse().slice(0, limit);
    const next = matching.length > limit ? page.at(-1)?.place : undefined;
    const items = page.map(({ attempt }) => attempt);
    return { items, dropped: this.#dropped, ...(next !== undefined && { next }) };
  }

  /** Returns the callbacks that fall due, the next one first; at most one attempt of each waits. */
  due(): Waiting[] {
    return this.#options.agenda.entries.flatMap(({ at, task }) => {
      const sending = this.#sendings.get(task.callback);
      return sending ? [{ id: sending.id, on: sending.on, url: sending.url, at, attempt: sending.attempts + 1 }] : [];
    });
  }

  /** Roughly the bytes of all callbacks that may be sent again. */
  get size(): number {
    return this.#size;
  }

  /** Drops the oldest callback that waits, which is not sent then. @returns false when none waits */
  dropOldest(): boolean {
    for (const sending of this.#sendings.values()) {
      if (sending.waiting === 0) continue;
      if (this.#held === sending) this.#held = undefined;
      this.#forget(sending);
      return true;
    }
    return false;
  }

  /**
   * Sends a callback when it is due, and repeats it as Klarna would.
   * @param cause correlation id of the call that causes it
   * @returns a promise that resolves when the answer that caused it may be sent: once it is scheduled, or with
   * `before_the_answer` after its first attempt, which its time limits bound
   */
  async send({ at, ...callback }: Callback, rule: Delivery = {}, cause?: string): Promise<void> {
    const { agenda, clock, id } = this.#options;
    const caused = cause !== undefined && { caused_by: cause };
    const sending: Sending = { id: id(), ...caused, ...callback, rule, attempts: 0, taken: false, waiting: 0 };
    this.#enter(sending);
    // A callback of a later time cannot hold up the answer.
    if (rule.before_the_answer && !rule.drop && at <= clock.now()) {
      return agenda.perform((signal) => this.#atOnce(sending, signal).finally(() => this.#release(sending)));
    }
    try {
      const scripted = rule.after !== undefined || rule.delay !== undefined;
      const due = scripted ? await this.#scripted(sending, at) : this.#usual(sending, at);
      this.#schedule(sending, { act: 'begin', callback: sending.id, tried: 1, first: due, due });
    } catch (error) {
      if (!(error instanceof ClockRefusal)) throw error;
      this.#record(sending, this.#start(sending), { refused: error.message });
    }
  }

  /**
   * Sends a callback again at once, whatever its scenario says.
   * @returns the attempt; `undefined` where no attempt of that id is remembered
   */
  async redeliver(id: string): Promise<Attempt | undefined> {
    const sending = this.#isRemembered(id) ? this.#sendings.get(id) : undefined;
    return sending && this.#options.agenda.perform((signal) => this.#attempt(sending, signal));
  }

  /** Performs a task of a callback that falls due. */
  async perform({ act, callback, ...planned }: Due, signal: AbortSignal): Promise<void> {
    const sending = this.#sendings.get(callback);
    // It belonged to a world that was reset.
    if (!sending) return;
    sending.waiting--;
    try {
      if (act === 'begin') await this.#begin(sending, planned.first, signal);
      else await this.#tryIfStillDue(sending, planned, signal);
    } finally {
      this.#release(sending);
    }
  }

  /** Forgets the attempts. Waiting and running tasks belong to the agenda and are cleared there. */
  clear(): void {
    this.#sendings.clear();
    this.#size = 0;
    this.#entries = [];
    this.#dropped = 0;
    this.#held = undefined;
    this.#lanes.clear();
  }

  /** Returns the time of the first attempt without a scenario. */
  #usual({ on }: Sending, at: Instant): Instant {
    const { pushAfter } = this.#options;
    return on === 'push' && pushAfter ? pushAfter(at) : at + policyOf(on).first;
  }

  /** Returns the time of the first attempt by its scenario. */
  async #scripted(sending: Sending, at: Instant): Promise<Instant> {
    const { after, delay } = sending.rule;
    const due = after === undefined ? this.#usual(sending, at) : (await readDuration(after))(at);
    return delay === undefined ? due : (await readDuration(delay))(due);
  }

  #schedule(sending: Sending, task: Due): void {
    const { agenda } = this.#options;
    const room = !sending.onlyIf || agenda.size < ROOM;
    if (room && agenda.schedule(task.due, task)) {
      sending.waiting++;
      return;
    }
    this.#record(sending, this.#start(sending), { refused: 'too many callbacks wait already' });
  }

  /** Begins a callback: makes the first attempt, unless its scenario drops it or holds it back. */
  async #begin(sending: Sending, first: Instant, signal: AbortSignal): Promise<void> {
    if (sending.onlyIf && !(await this.#isMet(sending.onlyIf))) return;
    const { drop, reorder } = sending.rule;
    if (drop) this.#record(sending, this.#start(sending), { dropped: true });
    // While one callback is held back, the next one goes first, whatever its own rule says.
    else if (reorder && !this.#held) this.#hold(sending);
    else await this.#inLane(sending.lane, () => this.#first(sending, first, signal));
  }

  async #isMet(precondition: Precondition): Promise<boolean> {
    const { read = () => undefined } = this.#options;
    return isMet(precondition, await Promise.all(recordsOf(precondition).map(({ kind, id }) => read(kind, id))));
  }

  /** Makes the first attempt now, whatever else is scripted. */
  async #atOnce(sending: Sending, signal: AbortSignal): Promise<void> {
    if (sending.onlyIf && !(await this.#isMet(sending.onlyIf))) return;
    return this.#first(sending, this.#options.clock.now(), signal);
  }

  /** Performs a task once the earlier ones of its lane are done. */
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

  /** Makes the first attempt, and then plans that of the callback that was held back for it. */
  async #first(sending: Sending, first: Instant, signal: AbortSignal): Promise<void> {
    const behind = this.#held;
    this.#held = undefined;
    await this.#try(sending, { tried: 1, first, due: first }, signal);
    if (!behind || signal.aborted) return;
    behind.waiting--;
    const now = this.#options.clock.now();
    this.#plan(behind, { tried: 1, first: now, due: now });
  }

  /** Holds a callback back until the next one was sent. */
  #hold(sending: Sending): void {
    sending.waiting++;
    this.#held = sending;
  }

  #plan(sending: Sending, planned: Planned): void {
    this.#schedule(sending, { act: 'attempt', callback: sending.id, ...planned });
  }

  #isRemembered(id: string): boolean {
    return this.#entries.some(({ attempt }) => attempt.id === id);
  }

  /** Forgets a callback that has no pending task and no remembered attempt. */
  #release({ id, waiting }: Sending): void {
    const kept = this.#sendings.get(id);
    if (kept && waiting === 0 && !this.#isRemembered(id)) this.#forget(kept);
  }

  #enter(sending: Sending): void {
    if (this.#sendings.has(sending.id)) return;
    this.#sendings.set(sending.id, sending);
    this.#size += sizeOf(sending);
  }

  #forget(sending: Sending): void {
    this.#sendings.delete(sending.id);
    this.#size -= sizeOf(sending);
  }

  /** Makes a planned attempt, unless a redelivery was accepted meanwhile or the precondition is no longer met. */
  async #tryIfStillDue(sending: Sending, planned: Planned, signal: AbortSignal): Promise<void> {
    if (isOver(sending)) return;
    if (sending.onlyIf && !(await this.#isMet(sending.onlyIf))) return;
    await this.#try(sending, planned, signal);
  }

  async #try(sending: Sending, { tried, first, due }: Planned, signal: AbortSignal): Promise<void> {
    const before = sending.taken;
    const { result } = await this.#attempt(sending, signal);
    if (signal.aborted) return;
    if (sending.rule.twice && sending.taken && !before) await this.#attempt(sending, signal);
    // An attempt that was refused once would be refused again.
    if (signal.aborted || isOver(sending) || 'refused' in result) return;
    const next = nextAttempt(sending.on, { tried, first, due, now: this.#options.clock.now() });
    if (next !== undefined) this.#plan(sending, { tried: tried + 1, first, due: next });
  }

  async #attempt(sending: Sending, signal: AbortSignal): Promise<Attempt> {
    const started = this.#start(sending);
    const result = await this.#line(sending.url, () => {
      // It may have waited for its turn.
      started.at = this.#options.clock.now();
      return post(sending.url, sending.body, this.#options, signal, policyOf(sending.on).patience);
    });
    if ('status' in result && takes(sending.on, result.status)) sending.taken = true;
    return this.#record(sending, started, result, signal);
  }

  #start(sending: Sending): Started {
    return { place: ++this.#started, attempt: ++sending.attempts, at: this.#options.clock.now() };
  }

  /** Records an attempt, unless its world was reset meanwhile. */
  #record(sending: Sending, { place, ...when }: Started, result: Attempt['result'], signal?: AbortSignal): Attempt {
    const { id, caused_by, on, url, body, rule } = sending;
    const judged = rule.status !== undefined && !('dropped' in result);
    const unexpected = judged && !('status' in result && result.status === rule.status);
    const attempt: Attempt = {
      id,
      on,
      url,
      ...(body && { body }),
      ...when,
      result,
      ...(unexpected && { unexpected }),
      ...(caused_by !== undefined && { caused_by }),
    };
    if (signal?.aborted) return attempt;
    // An attempt that began earlier may end later.
    const before = this.#entries.findLastIndex((entry) => entry.place < place);
    this.#entries.splice(before + 1, 0, { place, attempt });
    this.#options.attempted?.(attempt);
    this.#enter(sending);
    if (this.#entries.length > this.#keep) {
      const left = this.#entries.shift()?.attempt.id;
      this.#dropped++;
      const other = left === undefined ? undefined : this.#sendings.get(left);
      if (other && other !== sending) this.#release(other);
    }
    return attempt;
  }
}
