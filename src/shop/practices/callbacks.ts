import type { CallbackAttempt } from '../../exchange/exchange.js';
import { groupBy } from '../../exchange/fields.js';
import { policyOf, takes } from '../../klarna/catalogue/callbacks.js';
import type { Practice } from './practice.js';

/** Tells whether an attempt was never sent because its host name cannot be resolved here. */
export const isUnresolved = (error: string | undefined): boolean => /^getaddrinfo /.test(error ?? '');

/** Returns how an attempt failed, as an error or a status; undefined when it succeeded or was never sent. */
function trouble({ on, result: { status, error } }: CallbackAttempt): string | undefined {
  if (error !== undefined) return isUnresolved(error) ? undefined : error;
  if (status === undefined) return undefined;
  return takes(on, status) ? undefined : `status ${status}`;
}

/** Returns the statuses by which a callback counts as taken, in words. */
function expected({ on }: CallbackAttempt): string {
  const [lowest, highest] = policyOf(on).taken;
  return lowest === highest ? `status ${lowest}` : 'a 2xx status';
}

/** The practices for answers to Klarna's callbacks. */
export const callbacks: Practice[] = [
  {
    id: 'practice/callback-not-taken',
    severity: 'warning',
    says: 'A callback is answered with success within two seconds.',
    why: 'Klarna gives a receiver two seconds and three attempts for an authorization; then the token is lost. Store what comes, answer, and work afterwards.',
    evidence: 'docs',
    source: 'Klarna: authorization callback; pending orders',
    check: (history) =>
      [...groupBy(history.callbacks, ({ callback_id }) => callback_id).values()].flatMap((attempts) => {
        const failed = attempts.filter((attempt) => trouble(attempt) !== undefined);
        const [first] = failed;
        if (!first) return [];
        const got = trouble(first);
        return [
          {
            path: `$.merchant_urls.${first.on}`,
            identity: String(first.result.status ?? 'no answer'),
            expected: expected(first),
            got,
            message: `the ${first.on} callback to ${first.url} was not taken (${got}) in ${failed.length} of ${attempts.length} attempts; answer 200 at once and do the work afterwards`,
          },
        ];
      }),
  },
];
