import type { WallClock } from '../exchange/wall-clock.js';
import type { Reason } from '../klarna/catalogue/rules.js';
import type { Decision } from '../klarna/decision.js';
import { refuseScripted, type Scripted } from '../klarna/scripted.js';
import { withFields } from '../klarna/with-fields.js';
import type { ScenarioRun } from '../scenario/run.js';
import type { Fault, Outcome } from '../scenario/scenario.js';
import { type Steps, wait } from '../store/eventually.js';
import type { Outgoing } from './answers.js';
import { type Asked, bend, pause, silent } from './plugins/faults.js';
import { readDuration } from './world/clock.js';
import type { World } from './world/worlds.js';

/** Makes the reason for a scripted answer, in one line. */
function scriptedBy({ scenario }: ScenarioRun, { index, line }: Outcome, what: string, rule: Reason['rule']): Reason {
  const place = line === undefined ? `outcomes[${index}]` : `outcome on line ${line}`;
  return { rule, text: `${scenario.name}, ${place}: ${what}` };
}

/** Makes the reason for a fault on the wire, in one line. */
export function faultBy(run: ScenarioRun, outcome: Outcome, { kind, commit, status }: Fault): Reason {
  const what = `${kind}${status === undefined ? '' : ` ${status}`}, ${commit ? 'after' : 'before'} the commit`;
  return scriptedBy(run, outcome, what, 'scenario-fault');
}

/**
 * Causes a fault on the wire, before anything happens or after the commit. If an earlier equal request has committed
 * already, a fault after the commit is skipped: the repetition gets its answer, with `again`.
 */
export function* withFault(
  fault: Fault,
  because: Reason,
  asked: Asked,
  wall: Pick<WallClock, 'later'>,
  proceed: () => Steps<Outgoing>,
): Steps<Outgoing> {
  const late = fault.kind === 'delay' && !fault.commit;
  if (late) yield* wait(pause(fault.delay ?? 0, wall));
  const { again, ...ordinary }: Outgoing = fault.commit || late ? yield* proceed() : { status: 200, headers: {} };
  if (fault.commit && again) return { ...ordinary, again };
  if (!late && fault.delay !== undefined) yield* wait(pause(fault.delay, wall));
  const bent = bend(ordinary, fault, asked, because);
  return silent.has(fault.kind) ? { ...bent, broken: fault.kind } : bent;
}

/** Returns an outcome of a scenario in the form that the rules take. */
export function* scriptOf(run: ScenarioRun, outcome: Outcome, world: Pick<World, 'clock'>): Steps<Scripted> {
  const { error, fraud } = outcome;
  const what = error ?? `fraud status ${fraud?.status}`;
  const because = scriptedBy(run, outcome, what, 'scenario-outcome');
  if (!fraud) return { error, because };
  const { status, then: verdict, after } = fraud;
  if (!verdict || after === undefined) return { fraud: { status }, because };
  const shift = yield* wait(readDuration(after));
  const at = shift(world.clock.now());
  return { fraud: { status, later: { verdict, at } }, because };
}

/** Returns the decision, or the scripted error instead of a success. Some handlers apply the script themselves. */
export function replaced(decision: Decision, scripted: Scripted | undefined): Decision {
  if (!scripted || 'refusal' in decision) return decision;
  if (scripted.error) return refuseScripted(scripted.error, scripted.because);
  return withFields(decision, { because: scripted.because });
}
