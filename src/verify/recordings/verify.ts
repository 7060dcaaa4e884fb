import type { Target } from '../../client/target.js';
import { judgedHeaders } from '../../contract/answers.js';
import { locate } from '../../contract/locate.js';
import { isFields } from '../../exchange/fields.js';
import { readRecording } from '../../exchange/files.js';
import { nameOf, type RecordedAnswer, type RecordedExchange, type Unjudged } from '../../exchange/recorded.js';
import { type Finding, finding } from '../../report/finding.js';
import { SeenExchanges } from '../../report/seen.js';
import type { Verified } from '../verified.js';
import { compareAnswers, recordingChecks, severityOf } from './compare.js';
import { judgeByContract, placeOf } from './contract.js';
import { type RecordedCall, reasonIn, statusOf, whyNoAnswer, whyNoRequest } from './recorded-call.js';
import { makeShowRecorded } from './shown.js';
import { repeatExchange, State } from './state.js';

/** Options of a run of recordings. */
export interface RecordingsOptions {
  /** Hears how many files are done. */
  onFile?: (done: number, findings: number) => void;
}

/**
 * Judges recordings of Klarna, HAR or cassette: each exchange by the contract, and against what the sandbox answers to
 * the same request in the same state. Each file is a merchant of its own there.
 */
export async function verifyRecordings(
  target: Target,
  files: readonly string[],
  { onFile }: RecordingsOptions = {},
): Promise<Verified> {
  const findings: Finding[] = [];
  const seen = new SeenExchanges();
  const unjudged: Unjudged[] = [];
  let judged = 0;
  for (const [at, file] of files.entries()) {
    const reading = await readRecording(file);
    const own = { ...target, username: `${target.username}.recording.${at + 1}` };
    const verdict = await judgeExchanges(own, reading.exchanges);
    findings.push(...verdict.findings);
    enterSeen(seen, verdict.findings, reading.exchanges);
    unjudged.push(...reading.unjudged, ...verdict.unjudged);
    judged += verdict.judged;
    onFile?.(at + 1, findings.length);
  }
  return { findings, exchanges: seen.list(), unjudged, judged, checks: recordingChecks };
}

/** Enters the exchanges of a file that findings are about. */
function enterSeen(seen: SeenExchanges, findings: readonly Finding[], exchanges: readonly RecordedExchange[]): void {
  const show = makeShowRecorded(exchanges);
  const byIndex = new Map(exchanges.map((exchange) => [exchange.index, exchange]));
  for (const found of findings) {
    const exchange = byIndex.get(found.where.exchange as number) as RecordedExchange;
    seen.add(found, () => [show(exchange, found.where)]);
  }
}

type Verdict = Pick<Verified, 'findings' | 'unjudged' | 'judged'>;

async function judgeExchanges(target: Target, exchanges: readonly RecordedExchange[]): Promise<Verdict> {
  const verdict: Verdict = { findings: [], unjudged: [], judged: 0 };
  const story = exchanges.flatMap((exchange): RecordedCall[] => {
    const located = locate(exchange.request.method, exchange.request.target);
    const call = located && { ...located, exchange };
    const why = call ? whyNot(call) : 'no operation of the contracts has this method and path';
    if (call && why === undefined) return [call];
    verdict.unjudged.push({ what: nameOf(exchange), why: String(why) });
    return [];
  });
  if (story.length === 0) return verdict;
  const state = new State(target, story);
  for (const call of story) await judgeCall(target, call, state, verdict);
  return verdict;
}

/** Returns the reason why an exchange cannot be judged; undefined where it can. */
function whyNot(call: RecordedCall): string | undefined {
  const status = statusOf(call);
  if (status >= 500) return `Klarna failed by itself (${status})`;
  return whyNoRequest(call) ?? whyNoAnswer(call);
}

async function judgeCall(target: Target, call: RecordedCall, state: State, verdict: Verdict): Promise<void> {
  const { operation, exchange } = call;
  const ours = operation.api === 'sandbox';
  if (ours)
    verdict.unjudged.push({ what: nameOf(exchange), why: 'it is a call of the control API, made for the state' });
  else {
    verdict.judged++;
    verdict.findings.push(...judgeByContract(operation, exchange));
  }
  try {
    const { answer, guessed } = await repeatExchange(target, call, state);
    if (!ours) verdict.findings.push(...differences(call, answer, guessed));
  } catch (error) {
    const why = reasonIn(error);
    if (!ours) verdict.unjudged.push({ what: `${nameOf(exchange)}, beside the sandbox`, why });
  }
}

function differences(call: RecordedCall, own: RecordedAnswer, guessed: boolean): Finding[] {
  const { operation, exchange } = call;
  const { response } = exchange;
  const answer = operation.answers.get(response.status);
  const headers = answer ? judgedHeaders(answer) : [];
  const found = compareAnswers(response, own, { headers, values: !guessed });
  return found.map(({ kind, path, expected, got }) =>
    finding({
      check: `recording/${kind}`,
      severity: severityOf[kind][guessed ? 'guessed' : 'same'],
      operation: operation.name,
      message: `${tell(path, expected, got)}${guessed ? '; its past is guessed' : ''}${whyOf(own)}`,
      path,
      expected,
      got,
      evidence: 'recorded',
      source: exchange.file,
      where: placeOf(exchange),
    }),
  );
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

const tell = (path: string, expected: unknown, got: unknown): string =>
  `${path.replace(/^\$\.(body\.)?/, '')}: recorded ${shown(expected)}, the sandbox answers ${shown(got)}`;

/** Returns the sandbox's explanation of an answer, in parentheses; an empty text without one. */
function whyOf({ headers, body }: RecordedAnswer): string {
  const why = headers['mock-klarna-explain'];
  return why === undefined || !isFields(body) ? '' : ` (${why})`;
}
