import type { Instant } from '../../klarna/time.js';
import { type Call, isClock } from './calls.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A duration as an editor's format of it has it: whole numbers. */
const WHOLE = /^P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?$/;

/**
 * The clock of a replay beside that of the journal. It stands still between steps: what passed there it is moved on by
 * where that may make a difference, which is after a minute, before it is moved anyway, and before a refusal.
 */
export class Timeline {
  #now: Instant;

  constructor(start: Instant) {
    this.#now = start;
  }

  /** The durations to move the clock by before a call, or in its place when it is the one that moved the clock. */
  advances({ exchange, operation }: Call): string[] {
    const moves = isClock(operation);
    const lag = Date.parse(exchange.at) - this.#now;
    const late = lag >= (moves || exchange.status >= 400 ? SECOND : MINUTE);
    const before = late ? [this.#by(lag)] : [];
    if (!moves) return before;
    const { now } = exchange.response.body as { now: string };
    const { by } = exchange.request.body as { by?: unknown };
    const moved = Date.parse(now) - this.#now;
    this.#now = Date.parse(now);
    if (moved <= 0) return before;
    return [...before, typeof by === 'string' && WHOLE.test(by) ? by : durationOf(moved)];
  }

  #by(lag: number): string {
    this.#now += Math.ceil(lag / SECOND) * SECOND;
    return durationOf(lag);
  }
}

/** ISO 8601 in whole seconds, rounded up. */
function durationOf(ms: number): string {
  const all = Math.ceil(ms / SECOND);
  const [days, hours, minutes, seconds] = [
    Math.floor(all / 86_400),
    Math.floor(all / 3600) % 24,
    Math.floor(all / 60) % 60,
    all % 60,
  ];
  const date = days > 0 ? `${days}D` : '';
  const time = [hours > 0 && `${hours}H`, minutes > 0 && `${minutes}M`, seconds > 0 && `${seconds}S`];
  const text = time.filter((part) => part !== false).join('');
  return `P${date}${text && `T${text}`}`;
}
