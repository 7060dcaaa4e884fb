/** Real time: the only source of it, so that everything else can be given another. */
export interface WallClock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Milliseconds since some moment, never backwards. */
  monotonic(): number;
  /** Calls `run` once, in `ms` milliseconds, without keeping the process alive for it. Returns what calls it off. */
  later(ms: number, run: () => void): () => void;
}

/** The time-out of the platform is a signed 32-bit number; a longer one would fire at once. */
const LONGEST_WAIT = 2 ** 31 - 1;

export const wallClock: WallClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  later(ms, run) {
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      timer = setTimeout(() => (left > LONGEST_WAIT ? wait(left - LONGEST_WAIT) : run()), Math.min(left, LONGEST_WAIT));
      timer.unref();
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};

/** Waits so many milliseconds, and keeps the process alive meanwhile. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
