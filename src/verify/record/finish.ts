import { operations } from '../../contract/operations.js';
import { saveJournal } from '../../replay/save/save.js';
import type { HarnessReport } from '../../report/finding.js';
import type { Exchange } from '../../shop/exchange.js';
import { livesOf } from '../../shop/history.js';
import { redactExchanges } from '../redact.js';
import { withShopper } from './bridge.js';
import { writeHar } from './har.js';
import type { Kept, KeptExchange } from './kept.js';
import { type MerchantExchanges, reportOn } from './report.js';

/** What a recording leaves. */
export interface Finished {
  /** Files by their names; credentials and personal data are in none. */
  files: Map<string, string>;
  /** What the scenarios do not have, or not as it was, in a line each. */
  notes: string[];
  report: HarnessReport;
}

/** Whose exchanges they are. */
interface Group {
  username: string;
  exchanges: Exchange[];
}

/**
 * Makes files and report of what was kept: `recording.har`, and a scenario of each merchant, `recording.yaml`,
 * `recording-2.yaml` and so on.
 */
export function finishRecording(kept: Kept, target: URL): Finished {
  const { exchanges, dropped } = kept.list();
  const groups = byMerchant(exchanges);
  const redacted = redactExchanges(groups);
  const inOrder = exchanges.map((one) => ({ ...one, exchange: redacted.get(one.exchange) as Exchange }));
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
  return { files, notes, report: reportOn(merchants, inOrder, { dropped, target: target.hostname }) };
}

/** The exchanges of each merchant; what names nobody belongs to the first. */
function byMerchant(exchanges: readonly KeptExchange[]): Group[] {
  const groups = new Map<string, Group>();
  const first = exchanges.find(({ merchant }) => merchant !== undefined)?.merchant ?? 'merchant';
  for (const one of exchanges) {
    const username = one.merchant ?? first;
    const group = groups.get(username) ?? { username, exchanges: [] };
    groups.set(username, group);
    group.exchanges.push(one.exchange);
  }
  return [...groups.values()];
}

/** The exchanges of a merchant as a scenario: the one place that makes one. */
function scenarioOf({ username, exchanges }: Group, dropped: number) {
  // What came before a reset is over.
  const played = (livesOf(exchanges).at(-1) as Exchange[]).filter(
    ({ operation = '' }) => operations.get(operation)?.journaled !== false,
  );
  const journal = withShopper(played).reverse();
  return saveJournal({ exchanges: journal, dropped }, username);
}
