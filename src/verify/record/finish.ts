import { operationNamed, operations } from '../../contract/operations.js';
import { fillPath } from '../../contract/path-template.js';
import { readCall } from '../../exchange/call.js';
import type { Exchange } from '../../exchange/exchange.js';
import { isFields } from '../../exchange/fields.js';
import { writeHar } from '../../exchange/har.js';
import type { Unjudged } from '../../exchange/recorded.js';
import { redactExchanges } from '../../exchange/redact.js';
import { saveJournal } from '../../replay/save/save.js';
import type { Check, Finding, HarnessReport } from '../../report/finding.js';
import { SeenExchanges, seenAt } from '../../report/seen.js';
import { livesOf } from '../../shop/history.js';
import { judgeShop } from '../../shop/judge.js';
import { answerCheck, judgeAnswer } from '../answer.js';
import { type MerchantExchange, type RecordingJournal, troublesOf } from './journal.js';

/**
 * Adds the shopper's calls in a browser, which no proxy saw: a successful request with an authorization token that no
 * answer gave means that the newest open session was authorized before.
 * @param exchanges of one merchant, oldest first
 */
export function withShopper(exchanges: readonly Exchange[]): Exchange[] {
  const open: string[] = [];
  const given = new Set<string>();
  return exchanges.flatMap((exchange, at) => {
    const call = exchange.status < 300 ? readCall(exchange, at + 1) : undefined;
    const token = call?.params.authorizationToken;
    const missing = token !== undefined && !given.has(token);
    const session = missing ? open.pop() : undefined;
    if (missing) given.add(token);
    const { body } = exchange.response;
    if (isFields(body)) {
      if (typeof body.authorization_token === 'string') {
        given.add(body.authorization_token);
        remove(open, String(call?.params.session_id));
      } else if (typeof body.session_id === 'string' && call?.operation.name === 'createSession') {
        open.push(body.session_id);
      }
    }
    return session === undefined ? [exchange] : [authorizes(session, token as string, exchange.at), exchange];
  });
}

function remove(list: string[], element: string): void {
  const at = list.indexOf(element);
  if (at >= 0) list.splice(at, 1);
}

/** Returns the shopper's call of the control API that gives a token. */
function authorizes(session_id: string, authorization_token: string, at: string): Exchange {
  const { name, method, path } = operationNamed('authorizeSession');
  return {
    at,
    method,
    path: fillPath(path, () => session_id),
    operation: name,
    status: 200,
    duration_ms: 0,
    request: { headers: {}, body: undefined },
    response: {
      headers: { 'Content-Type': 'application/json' },
      body: { approved: true, show_form: true, authorization_token },
    },
  };
}

/** Exchanges of one merchant, redacted, oldest first. */
export interface MerchantExchanges {
  /** The merchant's name in reports; absent where there is only one. */
  name?: string;
  exchanges: Exchange[];
}

/**
 * Judges both sides of a recording: the shop by contracts and practices, the target by the contracts.
 * @param all every exchange, with its trouble
 */
export function reportOn(
  merchants: readonly MerchantExchanges[],
  all: readonly MerchantExchange[],
  { dropped, target }: { dropped: number; target: string },
): HarnessReport {
  const journals = merchants.map(({ name, exchanges }) => ({
    exchanges,
    named: true,
    ...(name !== undefined && { merchant: name }),
  }));
  const shop = judgeShop(journals);
  const answers = merchants.flatMap(({ name, exchanges }) =>
    exchanges.map((exchange, at) => judgeExchange(exchange, at + 1, name)),
  );
  const seen = new SeenExchanges(shop.exchanges);
  for (const { exchange, findings } of answers) {
    for (const found of findings) seen.add(found, () => [seenAt(found.where, exchange)]);
  }
  const operations = new Map(answers.flatMap(({ check }) => (check ? [[check.id, check] as const] : [])));
  return {
    tool: 'record',
    title: 'What passed',
    target,
    findings: [...shop.findings, ...answers.flatMap(({ findings }) => findings)],
    exchanges: seen.list(),
    // Without an answer there is nothing to judge of Klarna.
    judged: all.filter(({ exchange }) => exchange.status > 0).length,
    unjudged: [...troublesOf(all, dropped), ...shop.unjudged],
    checks: [...shop.checks, ...operations.values()],
  };
}

function judgeExchange(exchange: Exchange, number: number, merchant: string | undefined) {
  const { status, response } = exchange;
  const operation = readCall(exchange, number)?.operation;
  const none: { exchange: Exchange; check?: Check; findings: Finding[] } = { exchange, findings: [] };
  if (!operation || operation.api === 'sandbox' || status === 0 || response.cut) return none;
  const answer = { status, headers: response.headers, body: response.body };
  const where = { exchange: number, ...(merchant !== undefined && { merchant }) };
  return { exchange, check: answerCheck(operation), findings: judgeAnswer(operation, answer, where) };
}

/** The files and the report of a recording. */
export interface Finished {
  /** Files by their names; credentials and personal data are in none. */
  files: Map<string, string>;
  /** The calls that the scenarios leave out or change, in a line for each reason. */
  notes: string[];
  report: HarnessReport;
}

/** The exchanges of a merchant. */
interface Group {
  username: string;
  exchanges: Exchange[];
}

/**
 * Makes files and report of a recording: `recording.har`, and a scenario of each merchant, `recording.yaml`,
 * `recording-2.yaml` and so on. An exchange that cannot be read is left out, and told.
 * @param lost what of the recording is not in the journal
 */
export function finishRecording(journal: RecordingJournal, target: URL, lost: readonly Unjudged[] = []): Finished {
  const { exchanges, dropped } = journal.list();
  try {
    return finish(exchanges, { dropped, target, lost });
  } catch {
    const { good, bad } = sortOut(exchanges, target);
    return finish(good, { dropped, target, lost: [...lost, ...bad] });
  }
}

/** Tells the exchanges that can be finished by themselves from those that cannot. */
function sortOut(exchanges: readonly MerchantExchange[], target: URL) {
  const good: MerchantExchange[] = [];
  const bad: Unjudged[] = [];
  for (const entry of exchanges) {
    const { method, path, at } = entry.exchange;
    try {
      finish([entry], { dropped: 0, target, lost: [] });
      good.push(entry);
    } catch (error) {
      bad.push({ what: `${method} ${path} of ${at}`, why: `cannot be read (${(error as Error).message})` });
    }
  }
  return { good, bad };
}

function finish(
  exchanges: readonly MerchantExchange[],
  { dropped, target, lost }: { dropped: number; target: URL; lost: readonly Unjudged[] },
): Finished {
  const groups = byMerchant(exchanges);
  const redacted = redactExchanges(groups);
  const inOrder = exchanges.map((entry) => ({ ...entry, exchange: redacted.get(entry.exchange) as Exchange }));
  const files = new Map([['recording.har', writeHar(inOrder, target.origin)]]);
  const notes: string[] = [];
  for (const [at, group] of groups.entries()) {
    const saved = scenarioOf(group, dropped);
    const name = at === 0 ? 'recording.yaml' : `recording-${at + 1}.yaml`;
    if (saved.text !== undefined) files.set(name, saved.text);
    notes.push(...saved.notes.map((note) => `${name}: left out ${note}`));
  }
  const merchants = groups.map(
    (group, at): MerchantExchanges => ({
      ...(groups.length > 1 && { name: `merchant ${at + 1}` }),
      exchanges: group.exchanges.map((exchange) => redacted.get(exchange) as Exchange),
    }),
  );
  const report = reportOn(merchants, inOrder, { dropped, target: target.hostname });
  return { files, notes, report: { ...report, unjudged: [...lost, ...report.unjudged] } };
}

/** Returns the exchanges of each merchant; those without credentials belong to the first. */
function byMerchant(exchanges: readonly MerchantExchange[]): Group[] {
  const groups = new Map<string, Group>();
  const first = exchanges.find(({ merchant }) => merchant !== undefined)?.merchant ?? 'merchant';
  for (const { merchant, exchange } of exchanges) {
    const username = merchant ?? first;
    const group = groups.get(username) ?? { username, exchanges: [] };
    groups.set(username, group);
    group.exchanges.push(exchange);
  }
  return [...groups.values()];
}

/** Returns the exchanges of a merchant as a scenario. */
function scenarioOf({ username, exchanges }: Group, dropped: number) {
  // Exchanges before a reset have no effect on later ones.
  const played = (livesOf(exchanges).at(-1) as Exchange[]).filter(
    ({ operation = '' }) => operations.get(operation)?.journaled !== false,
  );
  const journal = withShopper(played).reverse();
  return saveJournal({ items: journal, dropped }, username);
}
