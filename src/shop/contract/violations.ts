import { shown } from '../../contract/compile.js';
import { documentOf, type Leniency } from '../../contract/operations.js';
import type { Call } from '../../exchange/call.js';
import { fieldsOf, textOf } from '../../exchange/fields.js';
import type { Check } from '../../report/finding.js';
import type { History } from '../history.js';
import { purchaseIn } from '../purchase.js';
import { type ContractProblem, refusals, strangerProblem } from './refusals.js';
import type { Stray } from './strays.js';
import { foreignLocales, roundedLines } from './tolerated.js';

/** A check of a shop's requests against the contracts. */
export interface ContractCheck extends Check {
  /**
   * Checks a history.
   * @param settled calls whose refusal another check has explained
   */
  check(history: History, settled: ReadonlySet<Call>): ContractProblem[];
}

const leniencyOf = ({ operation: { api } }: Call, id: Leniency | undefined) =>
  documentOf(api === 'sandbox' ? 'payments' : api)['x-wire'].find((leniency) => leniency.id === id);

const messages: Record<Stray['kind'], (field: string, stray: Stray) => string> = {
  unknown: (field, { expected }) =>
    `${field}, which Klarna does not know and ignores; ${expected === undefined ? 'leave it out' : `did you mean "${expected}"?`}`,
  misplaced: (field, { expected }) =>
    `${field}, which Klarna ignores there; it belongs into ${(expected as string[]).map(inBody).join(' or ')}`,
  foreign: (field, { expected }) => `${field}, which Klarna ignores there; ${expected} takes it, or leave it out`,
  'read-only': (field) => `${field}, which only answers carry and Klarna ignores; leave it out`,
  deprecated: (field) => `${field}, which is deprecated; leave it out`,
  case: (field, { given, expected }) =>
    `${field} as ${shown(given)}; it is read in any case, but write ${shown(expected)}`,
  type: (field, { given, expected }) => `${field} as ${shown(given)}; send ${shown(expected)}`,
  fraction: (field, { given, expected }) =>
    `${field} as ${given}, and the fraction is cut off: Klarna reads ${expected}; send whole minor units`,
};

/** Returns the path of a field within the body. */
const inBody = (path: string): string => path.replace(/^\$\.body\./, '');

/** The kinds of unknown fields. Their findings do not repeat the value. */
const unknownKinds: ReadonlySet<Stray['kind']> = new Set(['unknown', 'misplaced', 'foreign']);

/** Lowers the severity to a warning when nothing shows that the shop meant a field which this request has. */
const lighter = ({ kind, expected }: Stray): { severity?: 'warning' } =>
  kind === 'foreign' || (kind === 'unknown' && expected === undefined) ? { severity: 'warning' } : {};

/** Makes a check that finds strays of these kinds. */
function strays(...kinds: Stray['kind'][]): ContractCheck['check'] {
  return (history) =>
    history.strays
      .filter(({ stray }) => kinds.includes(stray.kind))
      .map(({ call, stray }) => {
        const { grade, source } = leniencyOf(call, stray.leniency) ?? {};
        return {
          call,
          path: stray.path,
          ...lighter(stray),
          ...(!unknownKinds.has(stray.kind) && { got: stray.given }),
          ...(stray.expected !== undefined && { expected: stray.expected }),
          evidence: grade,
          source,
          message: `${call.operation.name} sends ${messages[stray.kind](inBody(stray.path), stray)}`,
        };
      });
}

/** E-mail addresses of Klarna's older test data. */
const OLD_TEST_ADDRESS = /^cust(omer)?(\+[\w-]+)*@email\.[a-z]{2}$/i;

/** Finds test addresses that Klarna's newest pages no longer list. */
function oldTestData({ all }: History): ContractProblem[] {
  return all.flatMap((call) => {
    const { fields, at } = purchaseIn(call) ?? { fields: {}, at: '' };
    const email = textOf(fieldsOf(fields.billing_address).email);
    if (email === undefined || !OLD_TEST_ADDRESS.test(email)) return [];
    return [
      {
        call,
        severity: 'note' as const,
        path: `${at}.billing_address.email`,
        got: email,
        evidence: 'docs' as const,
        source: 'sample customer data',
        message: `${call.operation.name} uses a test address of the older form ${email}; the newer is customer+se@klarna.com, customer+se+denied@klarna.com`,
      },
    ];
  });
}

/** The checks against the contracts: requests that Klarna refuses, and those that it accepts but partly ignores. */
export const contractChecks: readonly ContractCheck[] = [
  {
    id: 'contract/refused',
    severity: 'violation',
    title: 'Klarna accepts what the shop sends.',
    reason:
      'A 4xx for the shop’s own request. Refusals that a scenario scripts, that the shopper, Klarna or time brings about, and those that another check explains are none.',
    check: refusals,
  },
  {
    id: 'contract/unknown-path',
    severity: 'violation',
    title: 'Every call is of an operation that Klarna has.',
    reason: 'A path or a method that no operation has is answered with 404 or 405.',
    check: ({ strangers }) => strangers.map(strangerProblem),
  },
  {
    id: 'contract/unknown-field',
    severity: 'violation',
    title: 'Every field is one that Klarna reads.',
    reason:
      'A field that the request does not have is ignored without a word: what it was to say is lost. One that looks like a field of the request, or is one in the wrong place, was meant for it; any other is a warning.',
    check: strays(...unknownKinds),
  },
  {
    id: 'contract/read-only-field',
    severity: 'warning',
    title: 'Fields that only answers carry are not sent.',
    reason: 'Klarna ignores them, also where they differ from what it knows.',
    check: strays('read-only'),
  },
  {
    id: 'contract/deprecated',
    severity: 'warning',
    title: 'Nothing deprecated is used.',
    reason: 'What a contract marks as deprecated goes away. Test data of the older form is a note.',
    check: (history, settled) => [...strays('deprecated')(history, settled), ...oldTestData(history)],
  },
  {
    id: 'contract/fraction',
    severity: 'warning',
    title: 'Numbers are whole.',
    reason: 'Klarna cuts fractions off: 0.5 pieces are none, and 99.90 is 99 minor units.',
    check: strays('fraction'),
  },
  {
    id: 'contract/word-case',
    severity: 'note',
    title: 'Words of a list are written as the contract has them.',
    reason: 'Klarna reads them in any case today.',
    check: strays('case'),
  },
  {
    id: 'contract/value-type',
    severity: 'note',
    title: 'Numbers are sent as numbers and texts as texts.',
    reason: 'Klarna reads one for the other today.',
    check: strays('type'),
  },
  {
    id: 'contract/rounded-line',
    severity: 'note',
    title: 'The total of a line is exactly what its parts give.',
    reason:
      'A unit_price that was rounded does not multiply out. Klarna takes the total within ± quantity; more is refused.',
    check: roundedLines,
  },
  {
    id: 'contract/foreign-locale',
    severity: 'note',
    title: 'The locale is one of the market.',
    reason:
      'The shopper reads Klarna in another language or with another market’s words. Only English may come from elsewhere when a session is created; later nobody judges it.',
    check: foreignLocales,
  },
];
