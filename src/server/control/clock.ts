import { answer, badValue, type Decision } from '../../klarna/decision.js';
import { type Instant, toIso } from '../../klarna/time.js';
import type { Handlers } from '../call.js';
import { ClockRefusal, readDuration } from '../world/clock.js';

/** Moves a clock; a move that it cannot make is refused by the field that asked for it. */
async function moveClock(field: string, move: () => Promise<Instant>): Promise<Decision> {
  try {
    return answer(200, { now: toIso(await move()) });
  } catch (error) {
    if (!(error instanceof ClockRefusal)) throw error;
    return badValue([{ rule: 'clock-forward', field, text: `${field}: ${error.message}` }]);
  }
}

/** Handlers of the control API for the merchant's clock. */
export const clock: Handlers<'readClock' | 'setClock' | 'advanceClock'> = {
  readClock: ({ now }) => answer(200, { now: toIso(now) }),

  setClock(call) {
    const { now } = call.body;
    return moveClock('now', () => call.world.agenda.runDue(Date.parse(now)));
  },

  advanceClock(call) {
    const { by } = call.body;
    return moveClock('by', async () => call.world.agenda.runDue(await readDuration(by)));
  },
};
