// What becomes of createSession as more is kept: outcomes of a scenario, merchants, sessions.

import { here, node, PORT } from '../contenders/contender.js';
import { choose } from '../contenders/mock-klarna.js';
import { throughput } from './throughput.js';

/** How many outcomes a long scenario has. */
export const OUTCOMES = 5_000;

const byValue = (n) => ({ merchant_reference1: `nobody-${n}` });
const byMatcher = (n) => ({ merchant_reference1: { $match: `^nobody-${n}$` } });

/** Returns a scenario of so many outcomes, none of which takes a call of the load. */
const scenario = (outcomes, when) => ({
  title: `${outcomes} outcomes`,
  outcomes: Array.from({ length: outcomes }, (_, n) => ({
    on: 'createSession',
    when: when(n),
    error: 'MERCHANT_INACTIVE',
  })),
});

/** Returns the rates without a scenario, with one outcome, and with many that differ by a value or by a matcher alone. */
export function outcomes(launch, step, counts) {
  const server = { launch, steps: [step] };
  const withOutcomes = (many, when) => ({ ...server, ready: (url) => choose(url, scenario(many, when)) });
  return throughput(
    {
      none: server,
      one: withOutcomes(1, byValue),
      values: withOutcomes(OUTCOMES, byValue),
      matchers: withOutcomes(OUTCOMES, byMatcher),
    },
    counts,
  );
}

/** Returns a step that another merchant sends each time, out of so many. */
export function sentBy(step, merchants) {
  let next = 0;
  const credentials = Array.from({ length: merchants }, (_, n) => `Basic ${btoa(`shop-${n}:secret`)}`);
  const vary = (given) => {
    next = (next + 1) % merchants;
    return { ...given, headers: { ...given.headers, authorization: credentials[next] } };
  };
  return { ...step, vary };
}

/** Returns the rates with one merchant and with many, each of whom has called before. */
export const merchants = (launch, step, { merchants, ...counts }) =>
  throughput(
    { one: { launch, steps: [sentBy(step, 1)] }, many: { launch, steps: [sentBy(step, merchants)] } },
    { ...counts, warmUp: Math.max(counts.warmUp, merchants) },
  );

/** Returns the rates of a server whose store is not limited, without sessions and with many. */
export function sessions(step, kept, counts) {
  const keeping = (many) => ({ launch: node(here('kept-sessions.js'), PORT, String(many)), steps: [step] });
  return throughput({ none: keeping(0), many: keeping(kept) }, counts);
}
