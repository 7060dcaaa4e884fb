import type { Target } from '../../client/target.js';
import { locate } from '../../contract/locate.js';
import { type Check, type Finding, finding, type Severity, type Unjudged } from '../../report/finding.js';
import { whyNoRequest } from '../recordings/readable.js';
import { repeatExchange } from '../recordings/repeat.js';
import { State } from '../recordings/state.js';
import { codeOf, reasonIn, type Told } from '../recordings/told.js';
import type { Verified } from '../verified.js';
import { judgeInteraction, type Problem } from './judge.js';
import { type Interaction, readPact } from './read.js';

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

/** What is looked for in Pact files. */
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
  const unjudged: Unjudged[] = [];
  let judged = 0;
  for (const file of files) {
    const pact = await readPact(file);
    unjudged.push(...pact.unjudged);
    for (const interaction of pact.interactions) {
      const { request } = interaction.exchange;
      const what = `${file} ${JSON.stringify(interaction.description)}`;
      const located = locate(request.method, request.target);
      if (!located || located.operation.api === 'sandbox') {
        unjudged.push({ what, why: `no operation of Klarna's contracts is ${request.method} ${request.target}` });
        continue;
      }
      const told: Told = { ...located, exchange: interaction.exchange };
      const unreadable = whyUnreadable(told);
      if (unreadable !== undefined) {
        unjudged.push({ what, why: unreadable });
        continue;
      }
      judged++;
      const problems = judgeInteraction(located.operation, interaction);
      // What the contract rules out need not be tried, and nobody makes Klarna fail.
      const ruledOut = problems.some(({ kind }) => kind === 'request' || kind === 'status');
      const tried =
        ruledOut || interaction.exchange.response.status >= 500 ? [] : await tryInteraction(target, told, interaction);
      if (typeof tried === 'string') unjudged.push({ what: `${what}, beside the sandbox`, why: tried });
      const all = typeof tried === 'string' ? problems : [...problems, ...tried];
      findings.push(...all.map((problem) => asFinding(problem, told, interaction)));
    }
  }
  return { findings, unjudged, judged, checks: pactChecks };
}

/** Why an interaction does not say what is sent, or expected. An answer of which it expects no body may have any. */
function whyUnreadable(told: Told): string | undefined {
  const { unreadable } = told.exchange.response;
  return unreadable === undefined ? whyNoRequest(told) : `of the answer, ${unreadable}`;
}

/** What the sandbox makes of the request; or why it cannot be asked. */
async function tryInteraction(target: Target, told: Told, interaction: Interaction): Promise<Problem[] | string> {
  const { response } = told.exchange;
  const own = { ...target, username: `${target.username}.pact` };
  try {
    const { answer, guessed } = await repeatExchange(own, told, new State(own, [told]));
    const why = answer.headers['mock-klarna-explain'];
    const because = why === undefined ? '' : ` (${why})`;
    const expected = codeOf(told);
    const got = codeOf({ ...told, exchange: { ...told.exchange, response: answer } });
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

/** Whether a status is for what was there before rather than for what the request says. */
const hangsOnState = (status: number): boolean => status < 300 || ![400, 401, 415, 422].includes(status);

function asFinding(problem: Problem, { operation }: Told, { description, exchange }: Interaction): Finding {
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
