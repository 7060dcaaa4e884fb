import type { WallClock } from '../../exchange/wall-clock.js';
import { type Instant, toIso } from '../../klarna/time.js';

/** A time that a merchant's clock cannot be set to; the message says why in one sentence. */
export class ClockRefusal extends Error {
  override name = 'ClockRefusal';
}

/** The last instant that ISO 8601 writes with four digits of a year. */
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** A running clock is past any moment that somebody has read: what it showed so many ms ago counts as now. */
const JUST_NOW = 10_000;

export interface ClockOptions {
  /** The first instant it shows; absent: the wall's. */
  start?: Instant;
  /** It shows the same instant until it is moved; absent: it runs. */
  standing?: boolean;
  /** The state of a clock that was saved: it goes on from there. */
  base?: number;
}

/** A merchant's clock: runs with the wall clock, moved forward by an offset, or stands until it is moved. */
export class MerchantClock {
  readonly #wall: Pick<WallClock, 'now'>;
  readonly running: boolean;
  #base: number;

  constructor(wall: Pick<WallClock, 'now'>, { start, standing = false, base }: ClockOptions = {}) {
    this.#wall = wall;
    this.running = !standing;
    const now = wall.now();
    this.#base = base ?? (start ?? now) - (standing ? 0 : now);
  }

  /** What is to be saved of it: milliseconds ahead of the wall while running, else the instant it stands at. */
  get base(): number {
    return this.#base;
  }

  now(): Instant {
    return this.running ? this.#wall.now() + this.#base : this.#base;
  }

  /**
   * Whether the clock can be moved to an instant. A running clock takes a moment that has only just passed.
   * @param now the reading that the instant comes from: another would be later
   * @throws {ClockRefusal} when that is no instant, has passed already or is beyond the year 9999
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
    this.#base += Math.max(0, instant - this.now());
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

/** Where an instant gets to after a duration. */
export type Shift = (from: Instant) => Instant;

/**
 * Reads an ISO 8601 duration such as `PT61M` or `P1M`. Months and years go by the calendar, in UTC.
 * @throws {ClockRefusal} when it is none, names no unit or goes backwards; the shift throws beyond the year 9999
 */
export async function readDuration(text: string): Promise<Shift> {
  // Loaded when first used: it would cost every start some milliseconds.
  const { DateTime, Duration } = await import('luxon');
  const duration = Duration.fromISO(text);
  // luxon also takes `P`, `PT` and signs, which are nothing or go backwards.
  if (!/^P[\dYMWDTHS.,]*[YMWDHS]$/.test(text) || !duration.isValid) {
    throw new ClockRefusal(`${JSON.stringify(text)} is not an ISO 8601 duration such as PT61M`);
  }
  return (from) => {
    const to = Math.trunc(DateTime.fromMillis(from, { zone: 'utc' }).plus(duration).toMillis());
    if (!(to <= LAST)) throw new ClockRefusal('a clock goes no further than the year 9999');
    return to;
  };
}

/** The years that ISO 8601 writes with four digits. */
const EARLIEST = Date.parse('0000-01-01T00:00:00.000Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** How an instant is written, for messages. */
export const INSTANT_EXAMPLE = 'an ISO 8601 instant such as 2026-01-01T12:00:00Z';

/**
 * Reads where a clock shall start: ISO 8601, in UTC where it names no offset, or milliseconds since 1970.
 * @returns `undefined` when it is no instant of the years 0 to 9999
 */
export async function readInstant(given: string | number | Date): Promise<Instant | undefined> {
  const instant = typeof given === 'string' ? await fromIso(given) : Math.trunc(Number(given));
  return instant >= EARLIEST && instant <= LATEST ? instant : undefined;
}

async function fromIso(text: string): Promise<number> {
  // luxon would take a time without a day for one of today. It is loaded when first used: most starts need none.
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return Number.NaN;
  const { DateTime } = await import('luxon');
  return DateTime.fromISO(text, { zone: 'utc' }).toMillis();
}
