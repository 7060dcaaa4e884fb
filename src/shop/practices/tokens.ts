import type { Call } from '../../exchange/call.js';
import { type Fields, fieldsOf, listOf, numberOf, upsert } from '../../exchange/fields.js';
import { DAY } from '../../klarna/time.js';
import type { CustomerToken, History } from '../history.js';
import { describeSubscription, isRecurring, lineName, sideLines } from '../lines.js';
import type { Practice, Problem } from './practice.js';

const guide = 'Klarna: customer tokens, subscription object';

const DAYS: Record<string, number> = { DAY: 1, WEEK: 7, MONTH: 31, YEAR: 366 };

/** Returns the period of a subscription in milliseconds, by the longest months and years. */
function periodOf(line: Fields): number {
  const { interval, interval_count } = fieldsOf(line.subscription);
  return (DAYS[String(interval)] ?? 0) * numberOf(interval_count) * DAY;
}

const linesOf = (call: Call): Fields[] => listOf(call.body.order_lines);

/** Returns the lines of the purchase in which a token was made. */
const signUpOf = ({ from }: CustomerToken): Fields[] => listOf(from?.data.order_lines);

const tokensOf = ({ customerTokens }: History): CustomerToken[] => [...customerTokens.values()];

/** Returns the line of the same name among others. */
function partner(line: Fields, others: readonly Fields[]): Fields | undefined {
  return others.find((other) => lineName(other) === lineName(line));
}

/** Largest difference between equal periods, in milliseconds: months and quarters differ in length. */
const SLACK = 3 * DAY;

/** Returns the names of lines charged at least three times, for the same amount and at equal intervals. */
function regular(charges: readonly Call[]): Set<string> {
  if (charges.length < 3) return new Set();
  const times = new Map<string, number[]>();
  for (const call of charges) {
    if (call.result !== 'done') continue;
    for (const line of linesOf(call)) {
      const key = JSON.stringify([lineName(line), line.total_amount]);
      upsert(times, key, () => []).push(call.at);
    }
  }
  const found = [...times].filter(([, at]) => {
    const gaps = at.slice(1).map((time, index) => time - (at[index] as number));
    return gaps.length >= 2 && Math.min(...gaps) >= DAY && Math.max(...gaps) - Math.min(...gaps) <= SLACK;
  });
  return new Set(found.map(([key]) => JSON.parse(key)[0] as string));
}

/** Finds lines of charges that recur, by the sign-up or by other charges, and have no subscription object. */
function withoutSubscription(token: CustomerToken): Problem[] {
  const signed = signUpOf(token).filter(isRecurring);
  const recurring = [...signed, ...token.charges.flatMap(linesOf).filter(isRecurring)];
  const known = new Set([...recurring.map(lineName), ...regular(token.charges)]);
  return token.charges.flatMap((call) =>
    linesOf(call).flatMap((line, index) => {
      if (isRecurring(line) || sideLines.has(line.type) || !known.has(lineName(line))) return [];
      return [
        {
          call,
          path: `$.body.order_lines[${index}].subscription`,
          identity: lineName(line),
          message: `createCustomerTokenOrder charges ${lineName(line)}, which recurs, without a subscription object; send name, interval and interval_count with every line that recurs`,
        },
      ];
    }),
  );
}

/** Finds lines of charges whose subscription differs from that of the sign-up. */
function differing(token: CustomerToken): Problem[] {
  const signed = signUpOf(token).filter(isRecurring);
  return token.charges.flatMap((call) => {
    const recurring = linesOf(call).filter(isRecurring);
    return recurring.flatMap((line) => {
      const lone = signed.length === 1 && recurring.length === 1 ? signed[0] : undefined;
      const before = partner(line, signed) ?? lone;
      if (!before || describeSubscription(before) === describeSubscription(line)) return [];
      return [
        {
          call,
          path: `$.body.order_lines[${linesOf(call).indexOf(line)}].subscription`,
          identity: lineName(line),
          expected: before.subscription,
          got: line.subscription,
          message: `createCustomerTokenOrder charges the subscription ${describeSubscription(line)}, but the shopper signed up for ${describeSubscription(before)}; send the same, or have the shopper sign up anew`,
        },
      ];
    });
  });
}

/** The intents whose token is for the use that its session shows. The token of a mixed purchase is for any use. */
const patterned = new Set<unknown>(['tokenize', 'buy_and_tokenize']);

function outsidePattern(token: CustomerToken): Problem[] {
  const { from, charges } = token;
  if (!from?.session || !patterned.has(from.data.intent)) return [];
  const signed = signUpOf(token).filter(isRecurring);
  return charges.flatMap((call) => {
    const goods = linesOf(call).filter((line) => !sideLines.has(line.type));
    const recurring = goods.filter(isRecurring);
    const advice = 'have the shopper agree to a customer token for it';
    if (signed.length === 0 && recurring[0]) {
      const message = `createCustomerTokenOrder charges a subscription (${lineName(recurring[0])}) to a customer token that was made without one, for charges on demand; ${advice}`;
      return [{ call, identity: 'subscription on demand', message }];
    }
    // A line of the sign-up that is charged without its subscription object is reported by another check.
    const strange = recurring.length === 0 && goods.every((line) => !partner(line, signed));
    if (signed.length === 0 || !strange || !goods[0]) return [];
    const message = `createCustomerTokenOrder charges ${lineName(goods[0])} on demand to a customer token that was made for the subscription ${describeSubscription(signed[0] as Fields)}; ${advice}`;
    return [{ call, identity: 'demand on subscription', message }];
  });
}

/** Finds tokens of subscriptions that the shop stopped charging and did not cancel. */
function notCancelled({ created, charges, ended, ...token }: CustomerToken, now: number): Problem[] {
  if (!created || ended) return [];
  const lines = [...signUpOf({ charges, ...token }), ...charges.flatMap(linesOf)].filter(isRecurring);
  const period = Math.max(0, ...lines.map(periodOf));
  const last = charges.at(-1) ?? created;
  const idle = now - last.at;
  if (period === 0 || idle <= 2 * period) return [];
  const days = (time: number) => Math.floor(time / DAY);
  return [
    {
      call: last,
      identity: 'never cancelled',
      message: `the customer token was not charged for ${days(idle)} days, more than two periods of its subscription, and not cancelled; when a shopper unsubscribes, send updateCustomerTokenStatus CANCELLED`,
    },
  ];
}

/** Finds charges that ask for a step-up which their customer token does not offer. */
function neverSteppedUp(token: CustomerToken): Problem[] {
  const plan = signUpOf(token).find(isRecurring);
  if (!plan) return [];
  return token.charges
    .filter(({ body }) => body.step_up === 'SUPPORTED')
    .map((call) => ({
      call,
      path: '$.body.step_up',
      got: 'SUPPORTED',
      message: `createCustomerTokenOrder asks for a step-up, which a customer token made with a subscription object (${describeSubscription(plan)}) never gets; when such a charge is refused, have the shopper sign up anew`,
    }));
}

/** Finds tokens of mixed purchases charged before the shop had read which payment method was tokenized. */
function chargedUnread({ from, unread }: CustomerToken): Problem[] {
  if (!unread || from?.data.intent !== 'buy_and_default_tokenize') return [];
  const message =
    'createCustomerTokenOrder charges the customer token of a mixed purchase that was never read: Klarna aims to tokenize Pay Now, and it may be Pay Later in 30 days; call readCustomerToken before the first charge, and leave out what may not be on credit';
  return [{ call: unread, identity: 'unread', message }];
}

/** The practices for customer tokens. */
export const tokens: Practice[] = [
  {
    id: 'practice/recurring-without-subscription',
    severity: 'warning',
    says: 'A line that recurs has a subscription object in every request.',
    why: 'Klarna tells by it a charge that the shop may make alone from one that needs the shopper. A line is taken to recur when the sign-up or another charge says so, or when it was charged three times for the same amount at equal distances.',
    evidence: 'docs',
    source: guide,
    check: (history) => tokensOf(history).flatMap(withoutSubscription),
  },
  {
    id: 'practice/subscription-differs',
    severity: 'warning',
    says: 'A charge has the subscription that the shopper signed up for.',
    why: 'Name, interval and count are what the shopper agreed to and sees; another plan is another agreement.',
    evidence: 'docs',
    source: guide,
    check: (history) => tokensOf(history).flatMap(differing),
  },
  {
    id: 'practice/token-outside-its-pattern',
    severity: 'warning',
    says: 'A customer token is charged for what it was made for.',
    why: 'A token made with a subscription is for charges without the shopper, one made without it for charges on demand; the other use leads to refusals. The token of a mixed purchase (buy_and_default_tokenize) is for both.',
    evidence: 'docs',
    source: 'Klarna: customer tokens',
    check: (history) => tokensOf(history).flatMap(outsidePattern),
  },
  {
    id: 'practice/step-up-of-subscription',
    severity: 'note',
    says: 'A charge asks for a step-up only where the customer token was made without a subscription object.',
    why: 'A token made with one offers none: its refused charge carries no step_up_id, and a shop that waits for one has no way on.',
    evidence: 'docs',
    source: guide,
    check: (history) => tokensOf(history).flatMap(neverSteppedUp),
  },
  {
    id: 'practice/token-not-cancelled',
    severity: 'warning',
    says: 'The customer token of a subscription that has ended is cancelled.',
    why: 'A token never expires and can be charged as long as nobody cancels it. The journal shows no unsubscription: a subscription is taken to have ended when more than two of its periods have passed on the merchant’s clock without a charge.',
    evidence: 'docs',
    source: 'Klarna: cancel a customer token',
    check: (history) => tokensOf(history).flatMap((token) => notCancelled(token, history.now)),
  },
  {
    id: 'practice/mixed-token-unread',
    severity: 'note',
    says: 'The customer token of a mixed purchase is read before it is charged.',
    why: 'Klarna aims to tokenize Pay Now by the funding source behind the purchase; where there is none, or it cannot be kept, it is Pay Later in 30 days. Only the token says which, and some lines, such as insurances, may not be on credit.',
    evidence: 'docs',
    source: 'Klarna: mixed payments',
    check: (history) => tokensOf(history).flatMap(chargedUnread),
  },
];
