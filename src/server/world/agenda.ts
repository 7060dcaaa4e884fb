import { setMaxListeners } from 'node:events';
import { nextTurn } from '../../exchange/slices.js';
import type { WallClock } from '../../exchange/wall-clock.js';
import type { Instant } from '../../klarna/time.js';
import type { MerchantClock, Shift } from './clock.js';

export interface AgendaOptions<Task> {
  clock: MerchantClock;
  wall: Pick<WallClock, 'later'>;
  /**
   * Performs a task that falls due. While the clock is being moved, it waits for the returned promise. The signal tells
   * that the agenda was cleared, and that the task must not go on.
   */
  perform(task: Task, signal: AbortSignal): Promise<void> | void;
  /** Called with the error of a task. */
  failed(error: unknown): void;
  /** Highest number of waiting tasks; further ones are refused. */
  limit?: number;
  /** Longest time in milliseconds of wall time that one move of the clock waits for tasks in all. */
  patience?: number;
  /** Tasks that waited when the agenda was saved. */
  entries?: readonly Entry<Task>[];
}

/** Number of tasks that are started in a turn of the event loop: each may open a connection. */
const AT_ONCE = 50;

/** A task as plain data, with the time at which it falls due on the merchant's clock. */
export interface Entry<Task> {
  at: Instant;
  task: Task;
}

/** The tasks of a merchant's clock, in order of time. */
export class Agenda<Task> {
  readonly #options: Required<Omit<AgendaOptions<Task>, 'entries'>>;
  /** Waiting tasks, earliest first; those of the same time in the order in which they were added. */
  #entries: Entry<Task>[];
  /** Tasks that have begun and not ended, by their promise. */
  readonly #underWay = new Map<Promise<void>, Entry<Task> | undefined>();
  #cancelTimer: (() => void) | undefined;
  #moving: Promise<unknown> = Promise.resolve();
  /** Aborted when the agenda is cleared; made for the first task that begins, since most merchants have none. */
  #cleared: AbortController | undefined;

  constructor({ entries = [], ...options }: AgendaOptions<Task>) {
    this.#options = { limit: 10_000, patience: 10_000, ...options };
    this.#entries = [...entries];
    this.#arm();
  }

  /** Tasks to save: those that have begun and not ended, and those that wait. */
  get entries(): Entry<Task>[] {
    return [...[...this.#underWay.values()].filter((entry) => entry !== undefined), ...this.#entries];
  }

  /** Number of waiting tasks. */
  get size(): number {
    return this.#entries.length;
  }

  /**
   * Schedules a task for an instant of the merchant's clock; if that has passed, it runs soon.
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
   * Moves the clock and runs the tasks that fall due on the way, each at its own time and before the clock goes on: a
   * task sees the time it was scheduled for, and tasks that it schedules run as well. Moves run one after the other.
   * @param until the target: an instant, or a duration from the time at which the move begins
   * @returns the time at the end
   * @throws {ClockRefusal} when the clock cannot be moved there
   */
  runDue(until: Instant | Shift): Promise<Instant> {
    const move = this.#moving.then(() => this.#walk(until));
    this.#moving = move.catch(() => undefined);
    return move;
  }

  /**
   * Performs work at once. A clock that is being moved waits for it as for tasks that fall due.
   * @param work gets a signal that tells that the agenda was cleared
   */
  perform<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const result = work(this.#untilCleared());
    // The caller handles its failure.
    this.#watch(result.then(noop, noop));
    return result;
  }

  /** Drops all waiting tasks, and signals those that have begun to end. */
  clear(): void {
    this.#cleared?.abort();
    this.#cleared = undefined;
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
    for (let left = AT_ONCE; ; ) {
      left -= this.#start(left);
      if (left === 0) {
        await nextTurn();
        left = AT_ONCE;
        continue;
      }
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

  /** Starts tasks that are due, at most so many; returns how many. */
  #start(most: number): number {
    const now = this.#options.clock.now();
    let started = 0;
    for (let entry = this.#entries[0]; started < most && entry && entry.at <= now; entry = this.#entries[0]) {
      this.#entries.shift();
      this.#run(entry);
      started++;
    }
    return started;
  }

  #run(entry: Entry<Task>): void {
    try {
      const result = this.#options.perform(entry.task, this.#untilCleared());
      if (!result) return;
      this.#watch(result.catch(this.#options.failed), entry);
    } catch (error) {
      this.#options.failed(error);
    }
  }

  /** Returns the signal of the next clearing, to which any number of tasks may listen. */
  #untilCleared(): AbortSignal {
    if (!this.#cleared) {
      this.#cleared = new AbortController();
      setMaxListeners(0, this.#cleared.signal);
    }
    return this.#cleared.signal;
  }

  #watch(result: Promise<void>, entry?: Entry<Task>): void {
    const done = result.finally(() => this.#underWay.delete(done));
    this.#underWay.set(done, entry);
  }

  /** Sets the timer for the earliest task. While the clock stands still, only a task that is due already gets one. */
  #arm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const next = this.#entries[0];
    if (!next) return;
    const { clock, wall } = this.#options;
    const wait = next.at - clock.now();
    if (wait > 0 && !clock.running) return;
    this.#cancelTimer = wall.later(Math.max(0, wait), () => {
      this.#start(AT_ONCE);
      this.#arm();
    });
  }
}

function noop(): void {}
