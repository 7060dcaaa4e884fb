import { locate } from '../../contract/locate.js';
import type { Check, Finding, HarnessReport } from '../../report/finding.js';
import type { Exchange } from '../../shop/exchange.js';
import { judgeShop } from '../../shop/judge.js';
import { answerCheck, judgeAnswer } from '../answer.js';
import { type KeptExchange, troublesOf } from './kept.js';

/** Exchanges of one merchant, redacted, oldest first. */
export interface MerchantExchanges {
  /** How reports call the merchant; nothing where there is one only. */
  name?: string;
  exchanges: Exchange[];
}

/**
 * What a recording says of both sides: of the shop, by contracts and practices, and of the target, by the contracts.
 * @param all every exchange, with what went wrong
 */
export function reportOn(
  merchants: readonly MerchantExchanges[],
  all: readonly KeptExchange[],
  { dropped, target }: { dropped: number; target: string },
): HarnessReport {
  const journals = merchants.map(({ name, exchanges }) => ({
    exchanges,
    named: true,
    ...(name !== undefined && { merchant: name }),
  }));
  const shop = judgeShop(journals);
  const answers = merchants.flatMap(({ name, exchanges }) => exchanges.map((one, at) => judgeOne(one, at + 1, name)));
  const operations = new Map(answers.flatMap(({ check }) => (check ? [[check.id, check] as const] : [])));
  return {
    tool: 'record',
    title: 'What passed',
    target,
    findings: [...shop.findings, ...answers.flatMap(({ findings }) => findings)],
    // Nothing is known of Klarna where there is no answer.
    judged: all.filter(({ exchange }) => exchange.status > 0).length,
    unjudged: [...troublesOf(all, dropped), ...shop.unjudged],
    checks: [...shop.checks, ...operations.values()],
  };
}

function judgeOne({ method, path, status, response }: Exchange, exchange: number, merchant: string | undefined) {
  const operation = locate(method, path)?.operation;
  const none: { check?: Check; findings: Finding[] } = { findings: [] };
  if (!operation || operation.api === 'sandbox' || status === 0 || response.cut) return none;
  const answer = { status, headers: response.headers, body: response.body };
  const where = { exchange, ...(merchant !== undefined && { merchant }) };
  return { check: answerCheck(operation), findings: judgeAnswer(operation, answer, where) };
}
