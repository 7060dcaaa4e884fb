import type { Target } from '../client/target.js';
import { check, tell, validator } from '../contract/compile.js';
import { isFraming } from '../contract/headers.js';
import { locate } from '../contract/locate.js';
import type { AnswerContract, Operation } from '../contract/operations.js';
import { checkBody } from '../contract/validate.js';
import { headerOf } from '../exchange/message.js';
import { type Interaction, readPact } from '../exchange/pact.js';
import type { Unjudged } from '../exchange/recorded.js';
import { type Check, type Finding, finding, type Severity } from '../report/finding.js';
import { SeenExchanges } from '../report/seen.js';
import { strayIn } from '../shop/contract/strays.js';
import { codeOf, type RecordedCall, reasonIn, whyNoRequest } from './recordings/recorded-call.js';
import { makeShowRecorded } from './recordings/shown.js';
import { repeatExchange, State } from './recordings/state.js';
import type { Verified } from './verified.js';

/** A difference between an interaction and Klarna's behaviour. */
export interface Problem {
  /** The end of the id of its check. */
  kind: 'request' | 'ignored' | 'status' | 'header' | 'field' | 'value' | 'refused' | 'error-code';
  message: string;
  path?: string;
  expected?: unknown;
  got?: unknown;
  /** True if it depends on a state that is guessed. */
  guessed?: boolean;
}

/** Judges an interaction by the contract: its request where it is to be accepted, and the expected answer. */
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

/** Keywords that fail for partial expectations, or say less than others that fail with them. */
const partial = new Set(['required', 'oneOf', 'anyOf', 'allOf', 'not']);
/** Keywords that apply whatever a matching rule says. */
const structural = new Set(['type', 'additionalProperties', 'unevaluatedProperties']);

function judgeBody({ api }: Operation, { schema, contentTypes }: AnswerContract, interaction: Interaction): Problem[] {
  const { body } = interaction.exchange.response;
  if (body === undefined || body === '') return [];
  const path = '$.response.body';
  if (schema === undefined) {
    // A page: any text is valid.
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

const titles: Readonly<Record<Problem['kind'], [Severity, string]>> = {
  request: ['violation', 'Klarna takes the requests that it is to take'],
  ignored: ['warning', 'Klarna looks at everything that it is sent'],
  status: ['violation', 'Klarna knows the expected status'],
  header: ['warning', 'Klarna sends the expected headers'],
  field: ['violation', 'Klarna answers with the expected fields'],
  value: ['violation', 'Klarna can answer with the expected values'],
  refused: ['violation', 'Klarna answers the request with the expected status'],
  'error-code': ['violation', 'Klarna refuses with the expected error code'],
};

/** The checks of Pact files. */
export const pactChecks: Check[] = Object.entries(titles).map(([kind, [severity, title]]) => ({
  id: `pact/${kind}`,
  severity,
  title,
}));

/**
 * Judges Pact files of a shop: would Klarna take each request, by its contract and by its rules in a sandbox in the state
 * that the interaction needs, and could it answer so?
 */
export async function verifyPacts(target: Target, files: readonly string[]): Promise<Verified> {
  const findings: Finding[] = [];
  const seen = new SeenExchanges();
  const unjudged: Unjudged[] = [];
  let judged = 0;
  for (const file of files) {
    const pact = await readPact(file);
    unjudged.push(...pact.unjudged);
    const show = makeShowRecorded(pact.interactions.map(({ exchange }) => exchange));
    for (const interaction of pact.interactions) {
      const { request } = interaction.exchange;
      const what = `${file} ${JSON.stringify(interaction.description)}`;
      const located = locate(request.method, request.target);
      if (!located || located.operation.api === 'sandbox') {
        unjudged.push({ what, why: `no operation of Klarna's contracts is ${request.method} ${request.target}` });
        continue;
      }
      const call: RecordedCall = { ...located, exchange: interaction.exchange };
      const unreadable = whyUnreadable(call);
      if (unreadable !== undefined) {
        unjudged.push({ what, why: unreadable });
        continue;
      }
      judged++;
      const problems = judgeInteraction(located.operation, interaction);
      // An interaction against the contract is not tried, nor one that expects Klarna to fail.
      const ruledOut = problems.some(({ kind }) => kind === 'request' || kind === 'status');
      const tried =
        ruledOut || interaction.exchange.response.status >= 500 ? [] : await tryInteraction(target, call, interaction);
      if (typeof tried === 'string') unjudged.push({ what: `${what}, beside the sandbox`, why: tried });
      const all = typeof tried === 'string' ? problems : [...problems, ...tried];
      for (const problem of all) {
        const found = asFinding(problem, call, interaction);
        findings.push(found);
        seen.add(found, () => [show(interaction.exchange, found.where)]);
      }
    }
  }
  return { findings, exchanges: seen.list(), unjudged, judged, checks: pactChecks };
}

/** Returns the reason why an interaction cannot be read; undefined where it can. Where it expects no body, any will do. */
function whyUnreadable(call: RecordedCall): string | undefined {
  const { unreadable } = call.exchange.response;
  return unreadable === undefined ? whyNoRequest(call) : `of the answer, ${unreadable}`;
}

/** Returns the problems that the sandbox has with an interaction, or the reason why it cannot be asked. */
async function tryInteraction(
  target: Target,
  call: RecordedCall,
  interaction: Interaction,
): Promise<Problem[] | string> {
  const { response } = call.exchange;
  const own = { ...target, username: `${target.username}.pact` };
  try {
    const { answer, guessed } = await repeatExchange(own, call, new State(own, [call]));
    const why = answer.headers['mock-klarna-explain'];
    const because = why === undefined ? '' : ` (${why})`;
    const expected = codeOf(call);
    const got = codeOf({ ...call, exchange: { ...call.exchange, response: answer } });
    if (answer.status !== response.status) {
      if (interaction.anyStatus) return [];
      const message = `expected ${response.status}, but Klarna would answer ${answer.status}${got ? ` ${got}` : ''}${because}`;
      const path = '$.response.status';
      return [
        {
          kind: 'refused',
          path,
          expected: answer.status,
          got: response.status,
          message,
          guessed: guessed && hangsOnState(answer.status),
        },
      ];
    }
    if (expected === undefined || got === expected || interaction.matching.loosens('$.error_code')) return [];
    const message = `expected the error ${expected}, but Klarna would answer ${got}${because}`;
    return [{ kind: 'error-code', path: '$.response.body.error_code', expected: got, got: expected, message, guessed }];
  } catch (error) {
    return reasonIn(error);
  }
}

/** Tells if a status depends on the state rather than on the request. */
const hangsOnState = (status: number): boolean => status < 300 || ![400, 401, 415, 422].includes(status);

function asFinding(problem: Problem, { operation }: RecordedCall, { description, exchange }: Interaction): Finding {
  const { kind, guessed, message, ...parts } = problem;
  const [severity] = titles[kind];
  return finding({
    check: `pact/${kind}`,
    severity: guessed ? 'warning' : severity,
    operation: operation.name,
    message: guessed ? `${message}; the state before it is guessed` : message,
    ...parts,
    where: { file: exchange.file, case: description },
  });
}
