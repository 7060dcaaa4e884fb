import { readShift } from '../../exchange/durations.js';
import type { WallClock } from '../../exchange/wall-clock.js';
import { type Instant, toIso } from '../../klarna/time.js';

/** The error of an instant or duration that a clock cannot be moved by; the message is one sentence with the reason. */
export class ClockRefusal extends Error {
  override name = 'ClockRefusal';
}

/** The last instant that ISO 8601 writes with four digits of a year. */
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Time in milliseconds by which an instant may have passed on a running clock and still count as now. */
const JUST_NOW = 10_000;

/** The state of a clock to save: plain data. */
export interface ClockState {
  /** Milliseconds ahead of the wall clock for a running clock, else the instant it stands at. */
  base: number;
  /** The time that it showed: it goes no further back, also where the wall clock has been set back since. */
  shown: Instant;
}

export interface ClockOptions {
  /** The first instant it shows; absent: that of the wall clock. */
  start?: Instant;
  /** True when it stands still until it is moved; absent: it runs. */
  standing?: boolean;
  /** The saved state of a clock, to continue from. */
  state?: ClockState;
  /** Called with the time when the clock was moved. */
  moved?: (now: Instant) => void;
}

/** A merchant's clock: it runs with the wall clock at an offset, or stands still until it is moved. */
export class MerchantClock {
  readonly #wall: Pick<WallClock, 'now'>;
  readonly running: boolean;
  readonly #moved: (now: Instant) => void;
  #base: number;

  constructor(wall: Pick<WallClock, 'now'>, { start, standing = false, state, moved = () => {} }: ClockOptions = {}) {
    this.#moved = moved;
    this.#wall = wall;
    this.running = !standing;
    const now = wall.now();
    const origin = standing ? 0 : now;
    this.#base = state ? Math.max(state.base, state.shown - origin) : (start ?? now) - origin;
  }

  /** The state to save. */
  get state(): ClockState {
    return { base: this.#base, shown: this.now() };
  }

  /** Returns the time that it shows. It stops at the end of the year 9999. */
  now(): Instant {
    return this.running ? Math.min(this.#wall.now() + this.#base, LAST) : this.#base;
  }

  /**
   * Checks that the clock can be moved to an instant. A running clock accepts an instant that has only just passed.
   * @param now the time from which the instant was computed; a new reading would be later
   * @throws {ClockRefusal} when it is not an instant, has passed already or is beyond the year 9999
   */
  check(instant: Instant, now = this.now()): void {
    if (!Number.isSafeInteger(instant)) throw new ClockRefusal('that is not an instant');
    if (instant > LAST) throw new ClockRefusal('a clock goes no further than the year 9999');
    if (instant < now - (this.running ? JUST_NOW : 0)) {
      throw new ClockRefusal(`${shown(instant)} has passed: the clock shows ${shown(now)}, and it only moves forward`);
    }
  }

  /** Moves the clock forward to an instant, unless that has passed already. */
  reach(instant: Instant): void {
    const ahead = instant - this.now();
    if (ahead <= 0) return;
    this.#base += ahead;
    this.#moved(instant);
  }

  /**
   * Moves the clock forward to an instant.
   * @throws {ClockRefusal} as `check` does
   */
  set(instant: Instant): void {
    this.check(instant);
    this.reach(instant);
  }
}

function shown(instant: Instant): string {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? 'that instant' : toIso(instant);
}

/** Returns the instant a duration after another. */
export type Shift = (from: Instant) => Instant;

/**
 * Reads an ISO 8601 duration such as `PT61M` or `P1M`. Months and years follow the calendar, in UTC.
 * @throws {ClockRefusal} when it is not a duration, has no unit or is negative; the shift throws beyond the year 9999
 */
export async function readDuration(text: string): Promise<Shift> {
  const shift = await readShift(text);
  if (!shift) throw new ClockRefusal(`${JSON.stringify(text)} is not an ISO 8601 duration such as PT61M`);
  return (from) => {
    const to = shift(from);
    if (!(to <= LAST)) throw new ClockRefusal('a clock goes no further than the year 9999');
    return to;
  };
}

/** The first and last instant of the years that ISO 8601 writes with four digits. */
const EARLIEST = Date.parse('0000-01-01T00:00:00.000Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** The expected form of an instant, for messages. */
export const INSTANT_EXAMPLE = 'an ISO 8601 instant such as 2026-01-01T12:00:00Z';

/**
 * Reads the start of a clock: ISO 8601, in UTC where it names no offset, or milliseconds since 1970.
 * @returns `undefined` when it is not an instant of the years 0 to 9999
 */
export async function readInstant(given: string | number | Date): Promise<Instant | undefined> {
  const instant = typeof given === 'string' ? await fromIso(given) : Math.trunc(Number(given));
  return instant >= EARLIEST && instant <= LATEST ? instant : undefined;
}

async function fromIso(text: string): Promise<number> {
  // luxon would read a time without a day as one of today. It is loaded at first use: most starts do not need it.
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return Number.NaN;
  const { DateTime } = await import('luxon');
  return DateTime.fromISO(text, { zone: 'utc' }).toMillis();
}
