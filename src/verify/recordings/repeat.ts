import type { Answer, Target } from '../../client/target.js';
import { ask, type Parts } from '../../replay/control.js';
import type { Compared } from './compare.js';
import { headerOf } from './message.js';
import { type Ready, type State, underOutcome } from './state.js';
import { statusOf, type Told } from './told.js';

/** What the sandbox answered to a recorded request. */
export interface Repeated {
  answer: Compared;
  /** Whether something that the request names is older than the recording, so that its past is guessed. */
  guessed: boolean;
}

/**
 * Sends a recorded request to the sandbox, which is brought into its state before.
 * @throws NotComparable when it cannot be
 */
export async function repeatExchange(target: Target, told: Told, state: State): Promise<Repeated> {
  const ready = await state.prepare(told);
  const answer = comparable(await underOutcome(target, told, ready.outcome, () => send(target, told, ready)));
  state.learn(told, answer);
  return { answer, guessed: ready.guessed };
}

/** Headers that Klarna looks at. */
const passed = ['content-type', 'klarna-idempotency-key', 'accept'];

function send(target: Target, told: Told, { path, body }: Ready): Promise<Answer> {
  const { operation, exchange, query } = told;
  const headers = passed.flatMap((name) => {
    const value = headerOf(exchange.request.headers, name);
    return value === undefined ? [] : [[name, value]];
  });
  const said = typeof body === 'string' ? { text: body } : { body };
  const parts: Parts = { path, query, headers: Object.fromEntries(headers), ...said };
  // The password that is always wrong.
  const as = statusOf(told) === 401 ? { ...target, password: 'invalid' } : target;
  return ask(as, operation.name, parts);
}

const comparable = ({ status, headers, body }: Answer): Compared => ({
  status,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  body,
});
