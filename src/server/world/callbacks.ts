import { nextAttempt, policyOf, takes } from '../../klarna/catalogue/callbacks.js';
import type { Callback, Precondition } from '../../klarna/decision.js';
import { isMet, recordsOf } from '../../klarna/preconditions.js';
import type { Kind, Stored } from '../../klarna/records.js';
import type { Instant } from '../../klarna/time.js';
import type { Delivery } from '../../scenario/scenario.js';
import type { Eventually } from '../../store/store.js';
import type { Agenda } from './agenda.js';
import { type PostOptions, type PostResult, post } from './callback-request.js';
import { ClockRefusal, type MerchantClock, readDuration, type Shift } from './clock.js';

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
  agenda: Agenda<Due>;
  clock: MerchantClock;
  id(): string;
  /** A record as it stands, if it is there; without it there are none. */
  read?(kind: Kind, id: string): Eventually<Stored | undefined>;
  /** When a push is first sent, from its order; as Klarna does it unless given. */
  pushAfter?: Shift;
  /** How many attempts are remembered. */
  keep?: number;
  /** What was saved of a merchant's callbacks. */
  state?: CallbacksState;
}

/** What falls due of a callback: the first look at it, or an attempt. */
export interface Due {
  act: 'begin' | 'attempt';
  /** The callback's id. */
  callback: string;
  /** The number of the attempt, those on request not counted. */
  tried: number;
  /** When the first attempt was due, and when this one. */
  first: Instant;
  due: Instant;
}

/** What is to be saved of a merchant's callbacks, beside what the agenda has of them: plain data. */
export interface CallbacksState {
  sendings: Sending[];
  entries: Entry[];
  started: number;
  dropped: number;
  /** The id of the callback that waits for the next one to go first. */
  held?: string;
}

/** So many callbacks may wait when another is taken whose time may never come. */
const ROOM = 5_000;

/** A callback on its way. */
interface Sending extends Pick<Attempt, 'id'>, Omit<Callback, 'at'> {
  rule: Delivery;
  attempts: number;
  /** The shop took it. */
  taken: boolean;
  /** How often it is yet to be looked at: by entries of the agenda, or behind the next callback. */
  waiting: number;
}

/** An attempt that was planned. */
type Planned = Pick<Due, 'tried' | 'first' | 'due'>;

interface Started extends Pick<Attempt, 'at' | 'attempt'> {
  /** Its place in the order in which attempts began. */
  place: number;
}

interface Entry {
  place: number;
  attempt: Attempt;
}

/** Tells whether there is no further attempt since the shop took it. */
const isOver = ({ on, taken }: Sending): boolean => taken && policyOf(on).until === 'taken';

/** Sends a merchant's callbacks, each at its time and again as Klarna would. */
export class Callbacks {
  readonly #options: CallbacksOptions;
  readonly #keep: number;
  /** Callbacks that may be sent again: those that wait, and those of which an attempt is remembered. By id. */
  readonly #sendings = new Map<string, Sending>();
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
    const { state } = options;
    if (!state) return;
    for (const sending of state.sendings) this.#sendings.set(sending.id, { ...sending, waiting: 0 });
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

  /** Returns what is to be saved. */
  get state(): CallbacksState {
    return {
      sendings: [...this.#sendings.values()],
      entries: this.#entries,
      started: this.#started,
      dropped: this.#dropped,
      ...(this.#held && { held: this.#held.id }),
    };
  }

  /** The attempts that have ended, oldest first; only the latest are kept. */
  get attempts(): readonly Attempt[] {
    return this.#entries.map(({ attempt }) => attempt);
  }

  /** Newest first. `dropped` counts the attempts that are no longer kept. */
  list({ on, limit = Number.POSITIVE_INFINITY }: AttemptFilter = {}): { items: Attempt[]; dropped: number } {
    const matching = this.attempts.filter((attempt) => on === undefined || attempt.on === on);
    return { items: matching.reverse().slice(0, limit), dropped: this.#dropped };
  }

  /**
   * Sends a callback when it is due, and again as Klarna would.
   * @returns when the answer that brought it about may leave: as soon as it is scheduled, or with `before_the_answer`
   * after its first attempt, which its time-outs bound
   */
  async send({ at, ...callback }: Callback, rule: Delivery = {}): Promise<void> {
    const { agenda, clock, id } = this.#options;
    const sending: Sending = { id: id(), ...callback, rule, attempts: 0, taken: false, waiting: 0 };
    this.#sendings.set(sending.id, sending);
    // What is yet to happen has nothing to do with the answer.
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
   * Sends a callback again, now, however it was scripted.
   * @returns the attempt; `undefined` where none of that id is remembered
   */
  async redeliver(id: string): Promise<Attempt | undefined> {
    const sending = this.#isRemembered(id) ? this.#sendings.get(id) : undefined;
    return sending && this.#options.agenda.perform((signal) => this.#attempt(sending, signal));
  }

  /** Does what falls due of a callback. */
  async perform({ act, callback, ...planned }: Due, signal: AbortSignal): Promise<void> {
    const sending = this.#sendings.get(callback);
    // It belonged to a world that is gone.
    if (!sending) return;
    sending.waiting--;
    try {
      if (act === 'begin') await this.#begin(sending, planned.first, signal);
      else await this.#tryIfStillDue(sending, planned, signal);
    } finally {
      this.#release(sending);
    }
  }

  /** Forgets the attempts. What is to come and what is under way belongs to the agenda, and goes with it. */
  clear(): void {
    this.#sendings.clear();
    this.#entries = [];
    this.#dropped = 0;
    this.#held = undefined;
    this.#lanes.clear();
  }

  /** When a callback is first due, if nobody says otherwise. */
  #usual({ on }: Sending, at: Instant): Instant {
    const { pushAfter } = this.#options;
    return on === 'push' && pushAfter ? pushAfter(at) : at + policyOf(on).first;
  }

  /** When a callback is first due, as its scenario says. */
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

  /** What falls due: the first try, unless it was scripted otherwise. */
  async #begin(sending: Sending, first: Instant, signal: AbortSignal): Promise<void> {
    if (sending.onlyIf && !(await this.#isMet(sending.onlyIf))) return;
    const { drop, reorder } = sending.rule;
    if (drop) this.#record(sending, this.#start(sending), { dropped: true });
    // What comes while another waits for it goes first, whatever its own rule says.
    else if (reorder && !this.#held) this.#hold(sending);
    else await this.#inLane(sending.lane, () => this.#first(sending, first, signal));
  }

  async #isMet(precondition: Precondition): Promise<boolean> {
    const { read = () => undefined } = this.#options;
    return isMet(precondition, await Promise.all(recordsOf(precondition).map(({ kind, id }) => read(kind, id))));
  }

  /** The first try, now, whatever else is scripted. */
  async #atOnce(sending: Sending, signal: AbortSignal): Promise<void> {
    if (sending.onlyIf && !(await this.#isMet(sending.onlyIf))) return;
    return this.#first(sending, this.#options.clock.now(), signal);
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
    await this.#try(sending, { tried: 1, first, due: first }, signal);
    if (!behind || signal.aborted) return;
    behind.waiting--;
    const now = this.#options.clock.now();
    this.#plan(behind, { tried: 1, first: now, due: now });
  }

  /** Has a callback wait for the next one to go first. */
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

  /** Forgets a callback that nothing more is to come of, and that nobody can ask for. */
  #release({ id, waiting }: Sending): void {
    if (waiting === 0 && !this.#isRemembered(id)) this.#sendings.delete(id);
  }

  /** Somebody may have sent it again meanwhile, or it is no longer so. */
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
    // What was not allowed once will not be later.
    if (signal.aborted || isOver(sending) || 'refused' in result) return;
    const next = nextAttempt(sending.on, { tried, first, due, now: this.#options.clock.now() });
    if (next !== undefined) this.#plan(sending, { tried: tried + 1, first, due: next });
  }

  async #attempt(sending: Sending, signal: AbortSignal): Promise<Attempt> {
    const started = this.#start(sending);
    const result = await post(sending.url, sending.body, this.#options, signal, policyOf(sending.on).patience);
    if ('status' in result && takes(sending.on, result.status)) sending.taken = true;
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
    this.#entries.splice(before + 1, 0, { place, attempt });
    this.#sendings.set(id, sending);
    if (this.#entries.length > this.#keep) {
      const left = this.#entries.shift()?.attempt.id;
      this.#dropped++;
      const other = left === undefined ? undefined : this.#sendings.get(left);
      if (other && other !== sending) this.#release(other);
    }
    return attempt;
  }
}
