import { control } from '../control.js';
import type { Target } from '../target.js';

/** A merchant's clock. */
export interface Clock {
  /** Returns the time in ISO 8601. */
  now(): Promise<string>;
  /** Moves the clock forward to an instant (ISO 8601); returns the new time. */
  set(now: string): Promise<string>;
  /** Moves the clock by a duration (ISO 8601, `PT61M`); what falls due on the way happens first. Returns the time. */
  advance(by: string): Promise<string>;
}

/** Returns the methods for the clock of the target's merchant. */
export const clockOf = (target: Target): Clock => ({
  now: async () => (await control(target, 'readClock')).now,
  set: async (now) => (await control(target, 'setClock', { body: { now } })).now,
  advance: async (by) => (await control(target, 'advanceClock', { body: { by } })).now,
});
