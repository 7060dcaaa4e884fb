import { check, tell, validator } from '../../contract/compile.js';
import { isFraming } from '../../contract/headers.js';
import type { AnswerContract, Operation } from '../../contract/operations.js';
import { checkBody } from '../../contract/validate.js';
import { strayIn } from '../../shop/contract/strays.js';
import { headerOf } from '../recordings/message.js';
import type { Interaction } from './read.js';

/** Something in an interaction that Klarna would not do. */
export interface Problem {
  /** The end of the id of its check. */
  kind: 'request' | 'ignored' | 'status' | 'header' | 'field' | 'value' | 'refused' | 'error-code';
  message: string;
  path?: string;
  expected?: unknown;
  got?: unknown;
  /** Whether it depends on a state that is guessed. */
  guessed?: boolean;
}

/** What is wrong with an interaction by the contract: its request where it is to be taken, and the expected answer. */
export function judgeInteraction(operation: Operation, interaction: Interaction): Problem[] {
  return [...judgeRequest(operation, interaction), ...judgeExpectation(operation, interaction)];
}

function judgeRequest(operation: Operation, { exchange: { request, response } }: Interaction): Problem[] {
  if (response.status >= 300) return [];
  const checked = checkBody(operation, request.body);
  if ('violations' in checked) {
    return checked.violations.map(({ field, text }) => ({
      kind: 'request',
      path: `$.request.body.${field}`,
      message: `Klarna refuses this request: ${text}`,
    }));
  }
  if (!operation.request) return [];
  return strayIn(operation.api, operation.request.schema, request.body)
    .filter(({ kind }) => kind === 'unknown' || kind === 'read-only')
    .map(({ path, expected }) => ({
      kind: 'ignored',
      path: path.replace('$.', '$.request.'),
      message: `Klarna ignores ${path.replace(/^\$\.body\./, '')}${expected === undefined ? '' : `; did you mean ${JSON.stringify(expected)}?`}`,
    }));
}

function judgeExpectation(operation: Operation, interaction: Interaction): Problem[] {
  const { response } = interaction.exchange;
  const answer = operation.answers.get(response.status);
  if (answer) return [...judgeHeaders(answer, interaction), ...judgeBody(operation, answer, interaction)];
  if (interaction.anyStatus) return [];
  const known = [...operation.answers.keys()];
  return [
    {
      kind: 'status',
      path: '$.response.status',
      expected: known,
      got: response.status,
      message: `Klarna never answers ${operation.name} with ${response.status}, but with one of ${known.join(', ')}`,
    },
  ];
}

/** Headers that every answer may have, whatever the contract says; beside framing. */
const usual = new Set(['cache-control', 'content-type']);

function judgeHeaders(answer: AnswerContract, { exchange: { response } }: Interaction): Problem[] {
  const known = new Set([...answer.headers.map((name) => name.toLowerCase()), ...usual]);
  const unknown = Object.keys(response.headers)
    .filter((name) => !known.has(name.toLowerCase()) && !isFraming(name))
    .map((name): Problem => {
      const path = `$.response.headers.${name}`;
      return { kind: 'header', path, message: `Klarna is not known to send ${name} with this answer` };
    });
  const given = headerOf(response.headers, 'content-type');
  const media = given?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (given === undefined || answer.contentTypes.includes(media)) return unknown;
  const expected = answer.contentTypes.join(' or ') || 'no body';
  const message = `Klarna answers this with ${expected}, not with ${media}`;
  return [...unknown, { kind: 'header', path: '$.response.headers.Content-Type', expected, got: media, message }];
}

/** What fails when an expectation says only part of an answer, or something else says it better. */
const partial = new Set(['required', 'oneOf', 'anyOf', 'allOf', 'not']);
/** What no matching rule makes up for. */
const structural = new Set(['type', 'additionalProperties', 'unevaluatedProperties']);

function judgeBody({ api }: Operation, { schema, contentTypes }: AnswerContract, interaction: Interaction): Problem[] {
  const { body } = interaction.exchange.response;
  if (body === undefined || body === '') return [];
  const path = '$.response.body';
  if (schema === undefined) {
    // A page: any text will do.
    if (contentTypes.length > 0) return [];
    return [{ kind: 'field', path, expected: 'no body', got: body, message: 'Klarna answers this without a body' }];
  }
  return check(validator(api, schema))(body)
    .filter(({ error: { keyword } }) => !partial.has(keyword))
    .map((fault) => ({ fault, at: `${fault.field === '' || fault.field.startsWith('[') ? '' : '.'}${fault.field}` }))
    .filter(({ fault, at }) => structural.has(fault.error.keyword) || !interaction.matching.loosens(`$${at}`))
    .map(({ fault, at }) => ({
      kind: fault.expected === 'no such field' ? 'field' : 'value',
      path: `${path}${at}`,
      expected: fault.expected,
      got: fault.given,
      message: `Klarna could not answer so: ${tell(fault)}`,
    }));
}
