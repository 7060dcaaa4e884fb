import type { Answer } from '../../client/target.js';
import { type Fields, isFields } from '../../exchange/fields.js';
import { headerOf, isPlaceholder } from '../../exchange/message.js';
import type { RecordedAnswer } from '../../exchange/recorded.js';
import { UUIDS, VARIABLE_PART } from '../../exchange/uuids.js';
import { fieldsNamedIn } from '../../klarna/catalogue/errors.js';
import type { Check, Severity } from '../../report/finding.js';

/** One respect in which the sandbox answers another thing than the recording. */
export interface Difference {
  /** The end of the id of its check. */
  kind:
    | 'status'
    | 'error-code'
    | 'fields-named'
    | 'message'
    | 'missing-key'
    | 'extra-key'
    | 'type'
    | 'value'
    | 'header';
  path: string;
  /** The recorded value. */
  expected: unknown;
  /** The sandbox's value. */
  got: unknown;
}

/** Returns a live answer in the form of a recorded one. */
export const asRecorded = ({ status, headers, body }: Answer): RecordedAnswer => ({
  status,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  body,
});

export interface CompareOptions {
  /** Names of the headers that the contract gives the answer. */
  headers: readonly string[];
  /** Compare values as well: the sandbox got all that Klarna got. */
  values: boolean;
}

/** The severity of a difference where the sandbox was in the same state, and where its state is guessed. */
export const severityOf: Readonly<Record<Difference['kind'], { same: Severity; guessed: Severity }>> = {
  status: { same: 'violation', guessed: 'warning' },
  'error-code': { same: 'violation', guessed: 'warning' },
  'fields-named': { same: 'violation', guessed: 'warning' },
  message: { same: 'warning', guessed: 'note' },
  'missing-key': { same: 'violation', guessed: 'warning' },
  'extra-key': { same: 'warning', guessed: 'note' },
  type: { same: 'violation', guessed: 'violation' },
  value: { same: 'warning', guessed: 'note' },
  header: { same: 'violation', guessed: 'violation' },
};

/** Compares what was recorded with what the sandbox answers, in structure, and in values where it may. */
export function compareAnswers(recorded: RecordedAnswer, own: RecordedAnswer, options: CompareOptions): Difference[] {
  if (recorded.status !== own.status) {
    return [{ kind: 'status', path: '$.status', expected: statusOf(recorded), got: statusOf(own) }];
  }
  const codes = [codeOf(recorded.body), codeOf(own.body)] as const;
  if (codes[0] !== codes[1]) {
    return [{ kind: 'error-code', path: '$.body.error_code', expected: codes[0], got: codes[1] }];
  }
  const messages = codes[0] === undefined ? [] : compareMessages(recorded.body, own.body);
  return [
    ...compareHeaders(recorded, own, options.headers),
    ...messages,
    ...compareValues(recorded.body, own.body, '$.body', '', options.values && codes[0] === undefined),
  ];
}

const codeOf = (body: unknown): unknown => (isFields(body) ? body.error_code : undefined);
const statusOf = ({ status, body }: RecordedAnswer): unknown => {
  const code = codeOf(body);
  return code === undefined ? status : `${status} ${code}`;
};

const mediaType = (type: string | undefined): string | undefined => type?.split(';')[0]?.trim().toLowerCase();

/** The media type, and every header of the contract that was recorded. */
function compareHeaders(recorded: RecordedAnswer, own: RecordedAnswer, names: readonly string[]): Difference[] {
  const type = (answer: RecordedAnswer) => mediaType(headerOf(answer.headers, 'content-type'));
  const [expected, got] = [type(recorded), type(own)];
  const wrong: Difference[] =
    expected !== undefined && recorded.body !== undefined && expected !== got
      ? [{ kind: 'header', path: '$.headers.Content-Type', expected, got }]
      : [];
  const missing = names
    .filter((name) => {
      const lower = name.toLowerCase();
      return headerOf(recorded.headers, lower) !== undefined && headerOf(own.headers, lower) === undefined;
    })
    .map((name): Difference => ({ kind: 'header', path: `$.headers.${name}`, expected: 'a value', got: undefined }));
  return [...wrong, ...missing];
}

/** The fields that messages name, and the messages without them. */
function readMessages(body: unknown): { fields: string[]; others: string[] } {
  const messages = isFields(body) && Array.isArray(body.error_messages) ? body.error_messages.map(String) : [];
  const named = messages.map(fieldsNamedIn);
  return {
    fields: [...new Set(named.flatMap((fields) => fields ?? []))].sort(),
    others: messages
      .filter((_, index) => named[index] === undefined)
      .map(withoutIds)
      .sort(),
  };
}

const withoutIds = (message: string): string => message.replace(UUIDS, '<id>').replace(/\.$/, '');

function compareMessages(recorded: unknown, own: unknown): Difference[] {
  const [expected, got] = [readMessages(recorded), readMessages(own)];
  const path = '$.body.error_messages';
  const differ = (a: string[], b: string[]) => a.join('\n') !== b.join('\n');
  if (differ(expected.fields, got.fields)) {
    return [{ kind: 'fields-named', path, expected: expected.fields, got: got.fields }];
  }
  return differ(expected.others, got.others)
    ? [{ kind: 'message', path, expected: expected.others, got: got.others }]
    : [];
}

/** Fields that differ by account or time, or were compared before. */
const unlooked = new Set(['payment_method_categories', 'correlation_id', 'error_messages', 'html_snippet']);
/** Fields that are optional by the merchant's or Klarna's choice. */
const changing = new Set(['client_token', 'klarna_reference', 'merchant_reference1', 'merchant_reference2']);
/** People, of whom a finding says nothing. */
const people = new Set(['billing_address', 'shipping_address', 'customer', 'attachment']);

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
};

function compareValues(recorded: unknown, own: unknown, path: string, field: string, values: boolean): Difference[] {
  if (unlooked.has(field) || isPlaceholder(recorded)) return [];
  if (recorded === undefined && own === undefined) return [];
  if (typeOf(recorded) !== typeOf(own)) {
    return [{ kind: 'type', path, expected: typeOf(recorded), got: typeOf(own) }];
  }
  if (isFields(recorded)) return compareFields(recorded, own as Fields, path, values && !people.has(field));
  if (Array.isArray(recorded)) return compareLists(recorded, own as unknown[], path, field, values);
  if (!values || recorded === own || changing.has(field)) return [];
  const varies = typeof recorded === 'string' && VARIABLE_PART.test(recorded);
  return varies ? [] : [{ kind: 'value', path, expected: recorded, got: own }];
}

function compareFields(recorded: Fields, own: Fields, path: string, values: boolean): Difference[] {
  const names = [...new Set([...Object.keys(recorded), ...Object.keys(own)])].filter((name) => !unlooked.has(name));
  return names.flatMap((name): Difference[] => {
    const at = `${path}.${name}`;
    if (!(name in own)) return [{ kind: 'missing-key', path: at, expected: shape(recorded[name]), got: undefined }];
    if (!(name in recorded)) return [{ kind: 'extra-key', path: at, expected: undefined, got: shape(own[name]) }];
    return compareValues(recorded[name], own[name], at, name, values);
  });
}

/** Returns the type of a value, in words. */
const shape = (value: unknown): string => `a ${typeOf(value)}`;

/** Elements in pairs where there are as many; otherwise all of them together, as if one. */
function compareLists(recorded: unknown[], own: unknown[], path: string, field: string, values: boolean): Difference[] {
  if (recorded.length === own.length) {
    return recorded.flatMap((element, at) => compareValues(element, own[at], `${path}[${at}]`, field, values));
  }
  if (values) return [{ kind: 'value', path: `${path}.length`, expected: recorded.length, got: own.length }];
  const [theirs, ours] = [merged(recorded), merged(own)];
  return theirs && ours ? compareFields(theirs, ours, `${path}[]`, false) : [];
}

function merged(elements: readonly unknown[]): Fields | undefined {
  const all = elements.filter(isFields);
  return all.length > 0 ? Object.assign({}, ...all) : undefined;
}

const titles: Readonly<Record<Difference['kind'], string>> = {
  status: 'The sandbox answers with the recorded status',
  'error-code': 'The sandbox answers with the recorded error code',
  'fields-named': 'A refusal names the recorded fields',
  message: 'A refusal has the recorded words',
  'missing-key': 'The sandbox leaves out no field that was recorded',
  'extra-key': 'The sandbox has no field that was not recorded',
  type: 'Values are of the recorded type',
  value: 'Values are those recorded, where both were told the same',
  header: 'The sandbox sends the headers that were recorded',
};

/** The checks of recordings. */
export const recordingChecks: Check[] = [
  {
    id: 'recording/answer',
    severity: 'violation',
    title: 'The contract knows the recorded answers',
    reason: 'What Klarna has answered is right; a contract that says otherwise is wrong, or Klarna has changed.',
  },
  {
    id: 'recording/request',
    severity: 'violation',
    title: 'The contract takes the requests that Klarna took',
  },
  ...Object.entries(titles).map(
    ([kind, title]): Check => ({
      id: `recording/${kind}`,
      severity: severityOf[kind as Difference['kind']].same,
      title,
      reason: 'The same request goes to a sandbox in the same state. Where its past is guessed, the finding is milder.',
    }),
  ),
];
