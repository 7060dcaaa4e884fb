import { type Call, intentOf } from '../../exchange/call.js';
import { groupBy } from '../../exchange/fields.js';
import { lifetimes } from '../../klarna/catalogue/lifetimes.js';
import type { Practice } from './practice.js';

const openapi = 'Klarna OpenAPI documents: Klarna-Idempotency-Key; retry policy';

/** Makes the check that an operation which moves money is never called without a key. */
function keyed(id: string, operation: string, what: string, twice: string): Practice {
  return {
    id,
    severity: 'warning',
    says: `${what} carries a Klarna-Idempotency-Key.`,
    why: `Without a key ${twice} when the answer is lost and the shop asks again.`,
    evidence: 'spec',
    source: openapi,
    check: ({ calls }) =>
      calls
        .filter((call) => call.operation.name === operation && call.key === undefined)
        .map((call) => ({
          call,
          path: '$.headers.klarna-idempotency-key',
          message: `${operation} was sent without Klarna-Idempotency-Key; send a new UUID with every intent, and the same one when it is tried again`,
        })),
  };
}

const describe = ({ operation, exchange }: Call): string => `${operation.name} ${exchange.path.replace(/\?.*$/s, '')}`;

/** Splits the calls with one key into groups, each within the key's lifetime from its first call. */
function livesOf(calls: readonly Call[]): Call[][] {
  const lives: Call[][] = [];
  for (const call of calls) {
    const life = lives.at(-1);
    if (life?.[0] && call.at < life[0].at + lifetimes.idempotencyKey.lasts) life.push(call);
    else lives.push([call]);
  }
  return lives;
}

/** The practices for idempotency keys: a request is carried out once, however often it is sent. */
export const keys: Practice[] = [
  keyed(
    'practice/charge-without-key',
    'createCustomerTokenOrder',
    'A charge of a customer token',
    'the shopper pays twice',
  ),
  keyed('practice/capture-without-key', 'captureOrder', 'A capture', 'the amount is captured twice'),
  keyed('practice/refund-without-key', 'refundOrder', 'A refund', 'the money is given back twice'),
  {
    id: 'practice/key-for-two-intents',
    severity: 'violation',
    says: 'A Klarna-Idempotency-Key stands for one intent.',
    why: 'Within 24 hours only the key counts: the second request gets the answer of the first, and is not carried out.',
    evidence: 'spec',
    source: openapi,
    check: ({ calls }) => {
      const keyedCalls = calls.filter(({ key, operation }) => key !== undefined && operation.idempotent);
      return [...groupBy(keyedCalls, ({ key }) => key).values()].flatMap(livesOf).flatMap((life) => {
        const [first] = life;
        const other = first && life.find((call) => intentOf(call) !== intentOf(first));
        if (!first || !other) return [];
        const what = first.operation === other.operation ? 'with another request' : `for ${describe(other)}`;
        return [
          {
            call: other,
            path: '$.headers.klarna-idempotency-key',
            identity: first.operation.name,
            message: `Klarna-Idempotency-Key of exchange ${first.number} (${describe(first)}) was sent again ${what}; only the key counts, so make a new one for each intent`,
          },
        ];
      });
    },
  },
];
