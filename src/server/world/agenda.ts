import { setMaxListeners } from 'node:events';
import type { WallClock } from '../../exchange/wall-clock.js';
import type { Instant } from '../../klarna/time.js';
import type { MerchantClock, Shift } from './clock.js';

export interface AgendaOptions<Task> {
  clock: MerchantClock;
  wall: Pick<WallClock, 'later'>;
  /**
   * Does what falls due. What it returns is awaited before a clock that is being moved goes on; the signal says that the
   * agenda was cleared meanwhile, and that nothing of it shall go on.
   */
  perform(task: Task, signal: AbortSignal): Promise<void> | void;
  /** Told of a task that threw. */
  failed(error: unknown): void;
  /** How many tasks may wait; one more is not taken. */
  limit?: number;
  /** How long moving the clock waits for tasks in all, in milliseconds of wall time. */
  patience?: number;
  /** What waited when the agenda was saved. */
  entries?: readonly Entry<Task>[];
}

/** A task, as plain data, and when it falls due on the merchant's clock. */
export interface Entry<Task> {
  at: Instant;
  task: Task;
}

/** What falls due on a merchant's clock, in order of time. */
export class Agenda<Task> {
  readonly #options: Required<Omit<AgendaOptions<Task>, 'entries'>>;
  /** Earliest first; of the same time, first come. */
  #entries: Entry<Task>[];
  /** What was begun and has not ended. */
  readonly #underWay = new Map<Promise<void>, Entry<Task> | undefined>();
  #cancelTimer: (() => void) | undefined;
  #moving: Promise<unknown> = Promise.resolve();
  #cleared = untilCleared();

  constructor({ entries = [], ...options }: AgendaOptions<Task>) {
    this.#options = { limit: 10_000, patience: 10_000, ...options };
    this.#entries = [...entries];
    this.#arm();
  }

  /** Returns what is to be saved of it: what waits, and what was begun and has not ended. */
  get entries(): Entry<Task>[] {
    return [...[...this.#underWay.values()].filter((entry) => entry !== undefined), ...this.#entries];
  }

  /** How many tasks wait. */
  get size(): number {
    return this.#entries.length;
  }

  /**
   * Has a task run at an instant of the merchant's clock, or soon if that has passed.
   * @returns `false` when the agenda is full
   */
  schedule(at: Instant, task: Task): boolean {
    if (this.#entries.length >= this.#options.limit) return false;
    let place = this.#entries.length;
    while (place > 0 && (this.#entries[place - 1] as Entry<Task>).at > at) place--;
    this.#entries.splice(place, 0, { at, task });
    if (place === 0) this.#arm();
    return true;
  }

  /**
   * Moves the clock, running what falls due on the way, each at its own time and before the clock goes on: a task sees
   * the time it was scheduled for, and what it schedules runs as well. Moves come one after the other.
   * @param until where to: an instant, or how far from where the clock is when the move begins
   * @returns what the clock shows at the end
   * @throws {ClockRefusal} when the clock cannot go there
   */
  runDue(until: Instant | Shift): Promise<Instant> {
    const move = this.#moving.then(() => this.#walk(until));
    this.#moving = move.catch(() => undefined);
    return move;
  }

  /**
   * Does something at once. A clock that is being moved waits for it as for what falls due.
   * @param work its signal says that the agenda was cleared
   */
  perform<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const result = work(this.#cleared.signal);
    // Whoever asked for it hears of its failure.
    this.#watch(result.then(noop, noop));
    return result;
  }

  /** Forgets everything that waits, and has what is under way end. */
  clear(): void {
    this.#cleared.abort();
    this.#cleared = untilCleared();
    this.#entries = [];
    this.#arm();
  }

  async #walk(until: Instant | Shift): Promise<Instant> {
    const { clock, wall, patience } = this.#options;
    const now = clock.now();
    const target = typeof until === 'function' ? until(now) : until;
    clock.check(target, now);
    let patient = true;
    let cancel!: () => void;
    const lost = new Promise<void>((resolve) => {
      cancel = wall.later(patience, () => {
        patient = false;
        resolve();
      });
    });
    for (;;) {
      this.#start();
      if (patient && this.#underWay.size > 0) {
        await Promise.race([Promise.all(this.#underWay.keys()), lost]);
        continue;
      }
      const next = this.#entries[0];
      if (!next || next.at > target) break;
      clock.reach(next.at);
    }
    cancel();
    clock.reach(target);
    this.#arm();
    return clock.now();
  }

  /** Starts everything that is due. */
  #start(): void {
    const now = this.#options.clock.now();
    for (let entry = this.#entries[0]; entry && entry.at <= now; entry = this.#entries[0]) {
      this.#entries.shift();
      this.#run(entry);
    }
  }

  #run(entry: Entry<Task>): void {
    try {
      const result = this.#options.perform(entry.task, this.#cleared.signal);
      if (!result) return;
      this.#watch(result.catch(this.#options.failed), entry);
    } catch (error) {
      this.#options.failed(error);
    }
  }

  #watch(result: Promise<void>, entry?: Entry<Task>): void {
    const done = result.finally(() => this.#underWay.delete(done));
    this.#underWay.set(done, entry);
  }

  /** Wakes up for the earliest entry. A clock that stands wakes only for what is due already. */
  #arm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const next = this.#entries[0];
    if (!next) return;
    const { clock, wall } = this.#options;
    const wait = next.at - clock.now();
    if (wait > 0 && !clock.running) return;
    this.#cancelTimer = wall.later(Math.max(0, wait), () => {
      this.#start();
      this.#arm();
    });
  }
}

function noop(): void {}

/** Any number of tasks may listen to it. */
function untilCleared(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
