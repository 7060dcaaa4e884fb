import { check, type Fault, tell } from './compile.js';
import { isFraming } from './headers.js';
import type { AnswerContract, Operation } from './operations.js';
import { type AnswerShape, answerShape } from './shapes.js';

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
  const shape = answerShape(operation, answer.status);
  return [...headerFaults(shape, contract, headers), ...contentFaults(shape, contract, headers, answer.body)];
}

/** Returns the names of the headers in an answer's contract that are checked: all but framing headers. */
export const judgedHeaders = ({ headers }: Pick<AnswerContract, 'headers'>): string[] =>
  headers.filter((name) => !isFraming(name));

/** Headers that an answer may lack: the explanation can be turned off. */
const optionalHeaders = new Set(['Mock-Klarna-Explain']);

function headerFaults(shape: AnswerShape, contract: AnswerContract, headers: Record<string, unknown>): AnswerFault[] {
  const names = new Map(judgedHeaders(contract).map((name) => [name.toLowerCase(), name]));
  const missing = [...names]
    .filter(([field, name]) => !optionalHeaders.has(name) && headers[field] === undefined)
    .map(([, name]) => ({
      path: `$.headers.${name}`,
      text: `header ${name} is missing`,
      expected: 'a value',
      got: undefined,
    }));
  // The check converts the values that it is given.
  const judged = Object.fromEntries([...names.keys()].map((field) => [field, headers[field]]));
  const wrong = check(shape.headers)(judged).map((fault) => {
    const name = names.get(fault.field) ?? fault.field;
    const { expected, given } = fault;
    return { path: `$.headers.${name}`, text: `header ${tell({ ...fault, field: name })}`, expected, got: given };
  });
  return [...missing, ...wrong];
}

/** Tells whether there is no body. */
const isEmpty = (body: unknown): boolean => body === undefined || body === '';

function contentFaults(
  shape: AnswerShape,
  { contentTypes }: AnswerContract,
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
  if (!shape.body || media !== 'application/json') return [];
  return [...check(shape.body)(body).map(bodyFault), ...correlationFaults(headers, body)];
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
