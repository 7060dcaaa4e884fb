import { answerValidator, check, compileText, type Fault, tell } from './compile.js';
import { isFraming } from './headers.js';
import { type AnswerContract, type Api, documentOf, type Operation, resolve } from './operations.js';

/** An answer as received: header names in any case, a JSON body as a value, any other body as text. */
export interface Answered {
  status: number;
  headers: Record<string, unknown>;
  body: unknown;
}

/** A place where an answer does not match its contract. */
export interface AnswerFault {
  /** `$.status`, `$.headers.Klarna-Correlation-Id`, `$.body.order_lines[0].name`. */
  path: string;
  /** The whole fault in one sentence. */
  text: string;
  /** The value that the contract expects, in words. */
  expected: string;
  /** The value found; undefined where there is none. */
  got: unknown;
}

/**
 * Returns the faults of an answer by its contract: status, headers, content type and body. Framing headers, which
 * proxies change, are not checked.
 */
export function answerFaults(operation: Operation, answer: Answered): AnswerFault[] {
  const contract = operation.answers.get(answer.status);
  if (!contract) {
    const expected = `one of ${[...operation.answers.keys()].join(', ')}`;
    const text = `${operation.name} answered ${answer.status}, which its contract does not know`;
    return [{ path: '$.status', text, expected, got: answer.status }];
  }
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return [
    ...headerFaults(operation.api, contract, headers),
    ...contentFaults(operation.api, contract, headers, answer.body),
  ];
}

/** Returns the names of the headers in an answer's contract that are checked: all but framing headers. */
export const judgedHeaders = ({ headers }: Pick<AnswerContract, 'headers'>): string[] =>
  headers.filter((name) => !isFraming(name));

/** Headers that an answer may lack: the explanation can be turned off. */
const optionalHeaders = new Set(['Mock-Klarna-Explain']);

function headerFaults(api: Api, contract: AnswerContract, headers: Record<string, unknown>): AnswerFault[] {
  const missing = judgedHeaders(contract)
    .filter((name) => !optionalHeaders.has(name) && headers[name.toLowerCase()] === undefined)
    .map((name) => ({
      path: `$.headers.${name}`,
      text: `header ${name} is missing`,
      expected: 'a value',
      got: undefined,
    }));
  const wrong = headerCheck(
    api,
    contract,
  )({ ...headers }).map((fault) => {
    const name = contract.headers.find((header) => header.toLowerCase() === fault.field) ?? fault.field;
    const { expected, given } = fault;
    return { path: `$.headers.${name}`, text: `header ${tell({ ...fault, field: name })}`, expected, got: given };
  });
  return [...missing, ...wrong];
}

type HeaderContract = { $ref: string } | { schema: object };

const headerChecks = new WeakMap<AnswerContract, (headers: object) => Fault[]>();
const sharedChecks = new Map<string, (headers: object) => Fault[]>();

/** Returns the check of an answer's header values; it takes names in lower case. */
function headerCheck(api: Api, contract: AnswerContract): (headers: object) => Fault[] {
  let judge = headerChecks.get(contract);
  if (!judge) {
    judge = makeHeaderCheck(api, contract);
    headerChecks.set(contract, judge);
  }
  return judge;
}

/** Makes that check. Many answers have the same headers, and share one. */
function makeHeaderCheck(api: Api, contract: AnswerContract): (headers: object) => Fault[] {
  const document = documentOf(api);
  const schemas = judgedHeaders(contract).map((name) => {
    const header = resolve<HeaderContract>(document, `${contract.at}/headers/${name}`);
    const { schema } = '$ref' in header ? resolve<{ schema: object }>(document, header.$ref) : header;
    return [name.toLowerCase(), schema];
  });
  const schema = { type: 'object', properties: Object.fromEntries(schemas) };
  const key = JSON.stringify(schema);
  const judge = sharedChecks.get(key) ?? check(compileText(schema, api));
  sharedChecks.set(key, judge);
  return judge;
}

/** Tells whether there is no body. */
const isEmpty = (body: unknown): boolean => body === undefined || body === '';

function contentFaults(
  api: Api,
  { contentTypes, schema }: AnswerContract,
  headers: Record<string, unknown>,
  body: unknown,
): AnswerFault[] {
  if (contentTypes.length === 0) {
    if (isEmpty(body)) return [];
    const fault = { field: '', expected: 'no body', given: body };
    return [{ path: '$.body', text: tell(fault), expected: fault.expected, got: body }];
  }
  const given = headers['content-type'];
  const [type = ''] = String(given ?? '').split(';');
  const media = type.trim().toLowerCase();
  if (!contentTypes.includes(media)) {
    const expected = contentTypes.join(' or ');
    const fault = { field: 'Content-Type', expected, given };
    return [{ path: '$.headers.Content-Type', text: `header ${tell(fault)}`, expected, got: given }];
  }
  if (schema === undefined || media !== 'application/json') return [];
  return [...check(answerValidator(api, schema))(body).map(bodyFault), ...correlationFaults(headers, body)];
}

function bodyFault(fault: Fault): AnswerFault {
  const { field, expected, given } = fault;
  const separator = field === '' || field.startsWith('[') ? '' : '.';
  return { path: `$.body${separator}${field}`, text: tell(fault), expected, got: given };
}

/** Checks that the `correlation_id` of a body is that of the header. */
function correlationFaults(headers: Record<string, unknown>, body: unknown): AnswerFault[] {
  const given = (body as { correlation_id?: unknown } | null | undefined)?.correlation_id;
  const known = headers['klarna-correlation-id'];
  if (typeof given !== 'string' || known === undefined || given === known) return [];
  const expected = `${known}, as in the header Klarna-Correlation-Id`;
  const field = 'correlation_id';
  return [{ path: `$.body.${field}`, text: tell({ field, given, expected }), expected, got: given }];
}
