import type { WallClock } from '../../src/exchange/wall-clock.js';

export const START = Date.UTC(2026, 0, 31, 12);
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A wall clock that stands until it is moved, and then runs what has fallen due. */
export function fakeWall() {
  let now = START;
  let waits: { at: number; run: () => void }[] = [];
  const wall: WallClock = {
    now: () => now,
    monotonic: () => now,
    later(ms, run) {
      const wait = { at: now + ms, run };
      waits.push(wait);
      return () => {
        waits = waits.filter((other) => other !== wait);
      };
    },
  };
  return {
    wall,
    waits: () => waits.map(({ at }) => at - now),
    pass(ms: number): void {
      now += ms;
      const due = waits.filter(({ at }) => at <= now);
      waits = waits.filter(({ at }) => at > now);
      for (const { run } of due) run();
    },
  };
}
