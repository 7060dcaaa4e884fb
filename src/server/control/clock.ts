import { answer, badValue, type Decision } from '../../klarna/decision.js';
import { toIso } from '../../klarna/time.js';
import type { CallBase, Handlers } from '../call.js';
import { ClockRefusal, readDuration } from '../world/clock.js';

/** Moves a clock; a move that it cannot make is refused by the field that asked for it. */
async function moveClock({ world }: CallBase, field: string, move: () => Promise<unknown>): Promise<Decision> {
  try {
    await move();
  } catch (error) {
    if (!(error instanceof ClockRefusal)) throw error;
    return badValue([{ rule: 'clock-forward', field, text: `${field}: ${error.message}` }]);
  }
  return answer(200, { now: toIso(world.clock.now()) });
}

/** Handlers of the control API for the merchant's clock. */
export const clock: Handlers<'readClock' | 'setClock' | 'advanceClock'> = {
  readClock: ({ now }) => answer(200, { now: toIso(now) }),

  setClock(call) {
    const { now } = call.body;
    return moveClock(call, 'now', () => call.world.agenda.runDue(Date.parse(now)));
  },

  advanceClock(call) {
    const { by } = call.body;
    return moveClock(call, 'by', async () => call.world.agenda.runDue(await readDuration(by)));
  },
};
