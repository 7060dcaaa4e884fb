import { answerValidator, check, compileText, type Fault, tell } from './compile.js';
import { isFraming } from './headers.js';
import { type AnswerContract, type Api, documentOf, type Operation, resolve } from './operations.js';

/** An answer as it came: header names in any case, JSON as a value, anything else as text. */
export interface Answered {
  status: number;
  headers: Record<string, unknown>;
  body: unknown;
}

/** One place where an answer is not what the contract says. */
export interface AnswerFault {
  /** `$.status`, `$.headers.Klarna-Correlation-Id`, `$.body.order_lines[0].name`. */
  path: string;
  /** The whole of it in a sentence. */
  text: string;
  /** What the contract says, in words. */
  expected: string;
  /** Undefined where there is nothing. */
  got: unknown;
}

/**
 * What is wrong with an answer by the contract: its status, headers, content type and body. Nothing, when it fits. Nothing
 * is said of framing, which proxies change.
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

/** The headers of an answer's contract that can be judged wherever it was asked. */
export const judgedHeaders = ({ headers }: Pick<AnswerContract, 'headers'>): string[] =>
  headers.filter((name) => !isFraming(name));

/** Headers that an answer may go without: the explanation can be turned off. */
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

/** Judges the values of an answer's headers, names in lower case. */
function headerCheck(api: Api, contract: AnswerContract): (headers: object) => Fault[] {
  let judge = headerChecks.get(contract);
  if (!judge) {
    judge = makeHeaderCheck(api, contract);
    headerChecks.set(contract, judge);
  }
  return judge;
}

/** Many answers have the same headers: they share a check. */
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

/** What a body is without: nothing at all. */
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

/** The id of the exchange that a body names is that of the header. */
function correlationFaults(headers: Record<string, unknown>, body: unknown): AnswerFault[] {
  const given = (body as { correlation_id?: unknown } | null | undefined)?.correlation_id;
  const known = headers['klarna-correlation-id'];
  if (typeof given !== 'string' || known === undefined || given === known) return [];
  const expected = `${known}, as in the header Klarna-Correlation-Id`;
  const field = 'correlation_id';
  return [{ path: `$.body.${field}`, text: tell({ field, given, expected }), expected, got: given }];
}
