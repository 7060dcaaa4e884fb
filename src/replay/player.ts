import { ControlError } from '../client/control.js';
import { buildRequest } from '../client/request.js';
import { send } from '../client/send.js';
import type { Answer, SentRequest, Target } from '../client/target.js';
import { uuids } from '../exchange/uuids.js';
import type { PaymentMethod } from '../report/replay.js';
import { type Mismatch, match } from '../scenario/match.js';
import type { Paid } from '../scenario/paid.js';
import { follow, parsePath } from '../scenario/paths.js';
import type { Expectation, Scenario, Step } from '../scenario/scenario.js';
import { lineOf } from '../scenario/steps.js';
import { fillExpected, NothingThere, type Scope } from '../scenario/template.js';
import { otherMerchant } from './merchants.js';
import { paidBy } from './payment-method.js';
import type { Receiver } from './receiver.js';
import type { PlayedAnswer, StepResult } from './result.js';

/** An answer to a step, before it is judged. */
export interface StepAnswer {
  scenario: Scenario;
  step: Step;
  /** Number of the step, from 1. */
  number: number;
  request: SentRequest;
  answer: Answer;
}

/** Options of a player. */
export interface PlayerOptions {
  /** Seed of `$newUuid`. Without it each run has ids of its own, as a target with a memory needs them. */
  seed?: string;
  /** Awaited before each request; for a target that limits calls. */
  before?: () => Promise<void>;
  /** Called with every answer, each time a step is sent. */
  onAnswer?: (answer: StepAnswer) => void;
  /** Returns the payment method of a user name's order or customer token. Without it expectations of that are not judged. */
  paymentMethod?: (paid: Paid, username: string) => Promise<PaymentMethod | undefined>;
  /** Adds to the result of a step what the target shows of it elsewhere, for the user name that sent it. */
  look?: (result: StepResult, username: string) => Promise<StepResult>;
  /** Gets the callbacks that are sent to `${receiver}`. */
  receiver?: Receiver;
}

/** A step with its variables filled in, before it is played. */
export interface Upcoming {
  step: Step;
  /** Its place in the scenario, from 1. */
  number: number;
  /** User name of the merchant that sends it. */
  username: string;
  request?: SentRequest;
  /** The expected answer; undefined: any success. */
  expected?: unknown;
  /** The reason why it cannot be sent. */
  trouble?: string;
}

type Played = Omit<StepResult, 'step' | 'number'>;

/** Time to wait for an answer that is not to come, in ms of wall time. */
const PATIENCE = 1000;

/** Plays the steps of one scenario as the target's merchant, with the variables that they keep. */
export class Player {
  readonly #options: PlayerOptions;
  readonly #scope: Scope & { variables: Record<string, unknown> };

  constructor(
    readonly scenario: Scenario,
    readonly target: Target,
    options: PlayerOptions = {},
  ) {
    const { username } = target;
    const others = scenario.steps.flatMap(({ as }) => as ?? []).map((name) => [name, otherMerchant(username, name)]);
    const built = { merchant: username, merchants: Object.fromEntries(others), receiver: options.receiver?.url };
    this.#options = options;
    this.#scope = {
      variables: { ...scenario.variables, ...built },
      newUuid: uuids(options.seed && `${options.seed}/${username}`),
    };
  }

  /** Fills in the variables of a step, new ids included. */
  prepare(step: Step): Upcoming {
    const username = step.as === undefined ? this.target.username : otherMerchant(this.target.username, step.as);
    const upcoming = { step, number: this.scenario.steps.indexOf(step) + 1, username };
    try {
      const request = buildRequest(step, { ...this.target, username }, this.#scope);
      return { ...upcoming, request, expected: step.expect && fillExpected(step.expect, this.#scope) };
    } catch (error) {
      if (!(error instanceof NothingThere)) throw error;
      return { ...upcoming, trouble: error.message };
    }
  }

  /** Sends the step's request as often as it says, judges the answers and keeps variables. */
  async play(upcoming: Upcoming): Promise<StepResult> {
    const { look, receiver } = this.#options;
    const { step, number, username } = upcoming;
    const result = { step, number, ...(await this.#send(upcoming)) };
    const looked = look ? await look(result, username) : result;
    return receiver ? { ...receiver.hide({ ...looked, step: undefined }), step } : looked;
  }

  /** Returns the variables that a step kept, with their values. */
  variablesOf({ keep }: Step): Record<string, unknown> {
    const { variables } = this.#scope;
    return Object.fromEntries(Object.keys(keep).map((name) => [name, variables[name]]));
  }

  async #send(upcoming: Upcoming): Promise<Played> {
    const { step, number, request, expected, trouble } = upcoming;
    if (!request) return { mismatches: [], trouble };
    const { before, onAnswer } = this.#options;
    const judge = (answer: PlayedAnswer): StepResult['mismatches'] => {
      onAnswer?.({ scenario: this.scenario, step, number, request, answer });
      if (looksAtCallbacks(step)) answer.callbacks = this.#options.receiver?.take();
      const mismatches = judgeAnswer(expected, answer);
      return mismatches.length > 0 ? mismatches : this.#keep(step, answer);
    };
    const none = expectsNone(step);
    // A callback that comes before the connection ends may take its time on a busy machine.
    const patience = none && !looksAtCallbacks(step) ? PATIENCE : undefined;
    let played: Played = { mismatches: [] };
    for (let sent = 0; sent < step.times && isFine(played); sent++) {
      await before?.();
      const { answer, trouble } = await send(request, patience);
      played = { request, answer, mismatches: answer ? judge(answer) : [], ...(!none && { trouble }) };
      if (none && !played.answer) {
        played.mismatches = match(ofAnswer(expected), { callbacks: this.#options.receiver?.take() });
      }
      if (isFine(played)) played = { ...played, ...(await this.#judgePayment(upcoming, played)) };
    }
    // A scenario that is no file is not known by lines.
    if (this.scenario.inline) return played;
    const placed = played.mismatches.map((found) => ({ line: lineOf(step, found.path), ...found }));
    return { ...played, mismatches: placed };
  }

  /** Judges the expected payment method by the one that the target gives beside its answers. */
  async #judgePayment({ username, expected }: Upcoming, played: Played): Promise<Partial<Played>> {
    const { payment_method: wanted } = (expected ?? {}) as Expectation;
    if (wanted === undefined) return {};
    const { paymentMethod } = this.#options;
    if (!paymentMethod) return { unjudged: 'payment_method: the target has no control API' };
    try {
      const paid = paidBy(played, this.target);
      const payment_method = paid && (await paymentMethod(paid, username));
      return { payment_method, mismatches: match(wanted, payment_method, '$.payment_method') };
    } catch (error) {
      if (!(error instanceof ControlError)) throw error;
      return { trouble: `payment_method cannot be looked up: ${error.message}` };
    }
  }

  /** Keeps the variables that the step names; an answer without one is a mismatch. */
  #keep(step: Step, answer: Answer): StepResult['mismatches'] {
    return Object.entries(step.keep).flatMap(([name, path]) => {
      // The reader of scenarios has refused any text that is no path.
      const segments = parsePath(path) as (string | number)[];
      const isHeader = segments[0] === 'headers';
      const value = follow(
        answer,
        segments.map((segment) => (isHeader ? String(segment).toLowerCase() : segment)),
      );
      if (value === undefined) {
        const line = this.scenario.inline ? undefined : (step.lines[`keep.${name}`] ?? step.at.line);
        return [{ path, expected: '$any', got: undefined, ...(line !== undefined && { line }) }];
      }
      this.#scope.variables[name] = value;
      return [];
    });
  }
}

/** Tells if a step went as expected. */
export const isFine = ({ mismatches, trouble }: Pick<StepResult, 'mismatches' | 'trouble'>): boolean =>
  mismatches.length === 0 && trouble === undefined;

/** Tells if no answer is expected: `expect: { status: $absent }`. */
const expectsNone = ({ expect, keep }: Step): boolean => expect?.status === '$absent' && Object.keys(keep).length === 0;

/** Tells if a step expects or keeps something of the callbacks received. */
const looksAtCallbacks = ({ expect, keep }: Step): boolean =>
  expect?.callbacks !== undefined || Object.values(keep).some((path) => parsePath(path)?.[0] === 'callbacks');

/** Returns the expectation of the answer itself, without the payment method; undefined: any success. */
function ofAnswer(expected: unknown): unknown {
  const { payment_method, ...rest } = (expected ?? {}) as Expectation;
  return payment_method !== undefined && Object.keys(rest).length === 0 ? undefined : expected && rest;
}

function judgeAnswer(expected: unknown, answer: PlayedAnswer): Mismatch[] {
  const wanted = ofAnswer(expected);
  if (wanted !== undefined) return match(wanted, answer);
  const succeeded = answer.status >= 200 && answer.status < 300;
  return succeeded ? [] : [{ path: '$.status', expected: '2xx', got: answer.status }];
}
