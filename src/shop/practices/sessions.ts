import type { Call } from '../../exchange/call.js';
import { type Fields, fieldsOf, groupBy, listOf, textOf } from '../../exchange/fields.js';
import { lifetimes } from '../../klarna/catalogue/lifetimes.js';
import type { Authorization, History, Session } from '../history.js';
import { isRecurring, lineName, sideLines } from '../lines.js';
import { pageCalls } from '../purchase.js';
import type { Practice } from './practice.js';

/** The fields of an address that say where goods go, and are not personal. */
const harmless = new Set(['country', 'postal_code', 'region', 'city', 'organization_name']);
/** The fields of a customer object that are personal. */
const ofPerson = new Set(['date_of_birth', 'gender', 'title', 'national_identification_number', 'last_four_ssn']);

/** Returns the paths in a session's body that hold personal data of the shopper. */
function personalPaths(body: Fields): string[] {
  const addresses = ['billing_address', 'shipping_address'].flatMap((name) =>
    Object.keys(fieldsOf(body[name]))
      .filter((field) => !harmless.has(field) && fieldsOf(body[name])[field] !== '')
      .map((field) => `${name}.${field}`),
  );
  const customer = Object.keys(fieldsOf(body.customer)).filter((field) => ofPerson.has(field));
  return [...addresses, ...customer.map((field) => `customer.${field}`)];
}

const isOpen = ({ authorizations, order }: Session): boolean => authorizations.length === 0 && order === undefined;

const cartOf = ({ body }: Call): string =>
  JSON.stringify([body.purchase_country, body.purchase_currency, body.intent, listOf(body.order_lines).map(lineName)]);

/** Returns the sessions whose creation is in the history, oldest first. */
function created({ sessions }: History): (Session & { created: Call })[] {
  return [...sessions.values()].filter(
    (session): session is Session & { created: Call } => session.created?.operation.name === 'createSession',
  );
}

/** Returns each session that has an earlier one, still open, for the same cart; `keyOf` identifies a session's cart. */
function again(
  history: History,
  keyOf: (call: Call) => string | undefined,
): { session: Session; before: Call; now: Call }[] {
  const keyed = created(history).filter((session) => keyOf(session.created) !== undefined);
  return [...groupBy(keyed, (session) => keyOf(session.created)).values()].flatMap((group) =>
    group.slice(1).flatMap((session, index) => {
      const before = group[index] as Session & { created: Call };
      const gap = session.created.at - before.created.at;
      return isOpen(before) && gap < lifetimes.session.lasts
        ? [{ session, before: before.created, now: session.created }]
        : [];
    }),
  );
}

const referenceOf = ({ body }: Call): string | undefined => textOf(body.merchant_reference1);

const advice = 'keep the session id with the cart and call updateSession';

/** Tells whether an authorization is settled: by an order, a release, a successor, or the token that it was for. */
function isSettled({ calls, session, data, token }: Authorization): boolean {
  // A newer authorization of its session replaces it.
  if (session && session.authorizations.at(-1)?.token !== token) return true;
  return calls.some(({ operation, result, status, rule }) => {
    // A release may have been carried out although its answer was lost; the next one is refused.
    if (operation.name === 'cancelAuthorization') return result === 'done' || rule === 'authorization-released';
    if (operation.name === 'createCustomerToken') return result === 'done' && data.intent === 'tokenize';
    // A failed request is reported by another check, and any refusal other than a 400 is final.
    return operation.name === 'createOrder' && status !== 400;
  });
}

/** The operations that can set the lines of a session. */
const tellsLines = new Set(['createSession', 'updateSession', ...pageCalls]);

/** The practices for sessions and authorizations. */
export const sessions: Practice[] = [
  {
    id: 'practice/personal-data-at-session',
    severity: 'warning',
    says: 'Who the shopper is, is told when they authorize, not when the session is created.',
    why: 'A session is created for everybody who sees the checkout, also for those who never choose Klarna; their personal data must not leave the shop before they do. Country, region, city and postal code are not taken for such data.',
    evidence: 'docs',
    source: 'Klarna: customer data requirements',
    check: ({ calls }) =>
      calls.flatMap((call) => {
        const paths = call.operation.name === 'createSession' ? personalPaths(call.body) : [];
        if (paths.length === 0) return [];
        return [
          {
            call,
            path: `$.body.${paths[0]}`,
            got: paths,
            message: `createSession tells who the shopper is (${paths.join(', ')}); leave that to authorize()`,
          },
        ];
      }),
  },
  {
    id: 'practice/session-not-updated',
    severity: 'warning',
    says: 'A cart that changes updates its session; it does not open another one.',
    why: 'Klarna has an operation for a cart that changes, and creating sessions is limited to 40 a second, 5 in its playground. Sessions are of one cart when they have one merchant_reference1; without it, when their lines have the same names, which is a note only.',
    evidence: 'docs',
    source: 'Klarna guide: update the cart; rate limits',
    check: (history) => [
      ...again(history, referenceOf).map(({ before, now }) => ({
        call: now,
        path: '$.body.merchant_reference1',
        message: `createSession opens another session for ${referenceOf(now)} while that of exchange ${before.number} is open; ${advice}`,
      })),
      ...again(history, (call) => (referenceOf(call) === undefined ? cartOf(call) : undefined)).map(
        ({ before, now }) => ({
          call: now,
          severity: 'note' as const,
          identity: 'same lines',
          message: `createSession opens another session for the lines of exchange ${before.number}, whose session is open and was not authorized; if it is the same cart, ${advice}`,
        }),
      ),
    ],
  },
  {
    id: 'practice/mixed-lines',
    severity: 'warning',
    says: 'A session with the intent buy_and_default_tokenize has the lines that are bought once, and no others.',
    why: 'The shopper pays the session with the option of their choice; what recurs is charged to the customer token afterwards, with what stands behind that option.',
    evidence: 'docs',
    source: 'Klarna: mixed payments',
    check: ({ all, sessions: known }) =>
      all.flatMap((call) => {
        if (!tellsLines.has(call.operation.name)) return [];
        const fromPage = call.operation.api === 'sandbox';
        const sent = fromPage ? fieldsOf(call.body.data) : call.body;
        const intent = sent.intent ?? known.get(call.params.session_id ?? '')?.data.intent;
        if (intent !== 'buy_and_default_tokenize') return [];
        const lines = listOf(sent.order_lines);
        const goods = lines.filter((line) => !sideLines.has(line.type));
        const recurring = goods.findIndex(isRecurring);
        if (recurring < 0 || goods.every(isRecurring)) return [];
        const line = lines.indexOf(goods[recurring] as Fields);
        return [
          {
            call,
            path: `$.body.${fromPage ? 'data.' : ''}order_lines[${line}].subscription`,
            message: `${call.operation.name} mixes lines that recur (${lineName(goods[recurring] as Fields)}) with lines that are bought once; leave them out and charge them to the customer token`,
          },
        ];
      }),
  },
  {
    id: 'practice/authorization-left-open',
    severity: 'warning',
    says: 'An authorization becomes an order, or is released.',
    why: 'Until then it is a debt of the shopper, who has bought nothing. One that a newer authorization of its session replaced, and one whose order Klarna refused for good, need nothing.',
    evidence: 'docs',
    source: 'Klarna: cancel an authorization',
    check: ({ authorizations }) =>
      [...authorizations.values()].flatMap((authorization) => {
        const { given, data, customerToken } = authorization;
        if (!given || isSettled(authorization)) return [];
        const became = customerToken ? 'gave a customer token, but no order' : 'was not used';
        const use = data.intent === 'tokenize' ? 'createCustomerToken' : 'createOrder';
        return [
          {
            call: given,
            identity: String(data.intent ?? 'buy'),
            message: `the authorization ${became}, and was not released; call ${use}, or cancelAuthorization when the purchase is given up`,
          },
        ];
      }),
  },
];
