import { bodyFields, notServedAt } from '../../contract/operations.js';
import { type Call, intentOf } from '../../exchange/call.js';
import type { Exchange } from '../../exchange/exchange.js';
import { type Rule, ruleOf } from '../../klarna/catalogue/rules.js';
import type { History } from '../history.js';
import type { Problem } from '../practices/practice.js';

/** A problem with its own evidence grade and source; `stranger` is the number of an exchange that is no call. */
export interface ContractProblem extends Problem, Partial<Pick<Rule, 'evidence' | 'source'>> {
  stranger?: number;
}

/** Tells whether Klarna refused a call because of what the shop sent. */
function isOwnFault(call: Call, { customerTokens }: History): boolean {
  const { operation, rule, params } = call;
  const { cause, judges } = ruleOf(rule) ?? {};
  if (call.result !== 'refused' || (cause !== undefined && cause !== 'request')) return false;
  // In the control API only rules about the purchase are about the shop's data.
  if (operation.api === 'sandbox') return call.body.data !== undefined && judges === 'purchase';
  // Klarna and the shopper cancel tokens as well, and the shop only learns of it by a refused charge.
  if (rule === 'token-active') {
    const ended = customerTokens.get(params.customerToken ?? '')?.ended;
    return ended?.operation.name === 'updateCustomerTokenStatus' && ended.number < call.number;
  }
  return true;
}

/** Returns the path of a field that a refusal names; undefined when it is not in the body, such as a path parameter. */
function pathOf({ operation, params }: Call, field: string): string | undefined {
  const [name = ''] = field.split(/[.[]/);
  if (name in params) return undefined;
  // The page's part of such a call is its data.
  if (operation.api === 'sandbox') return `$.body.data.${field}`;
  return bodyFields(operation).includes(name) ? `$.body.${field}` : undefined;
}

/** Returns a refusal as a problem, with the evidence of its rule. */
function refusal(call: Call): ContractProblem {
  const { status, code, rule, text = 'nothing says why' } = call;
  const field = /^([\w.[\]]+): given/.exec(text)?.[1];
  const { evidence, source } = ruleOf(rule) ?? {};
  return {
    call,
    identity: rule ?? code ?? String(status),
    path: field === undefined ? undefined : pathOf(call, field),
    got: `${status}${code ? ` ${code}` : ''}`,
    evidence,
    source,
    message: `${call.operation.name} was refused with ${status}${code ? ` ${code}` : ''} (${rule ?? 'no rule'}): ${text}`,
  };
}

/** Returns the problem of an exchange whose path belongs to no operation. */
export function strangerProblem({ number, exchange }: { number: number; exchange: Exchange }): ContractProblem {
  const { method, status, explanation } = exchange;
  const path = exchange.path.replace(/\?.*$/s, '');
  const problem = {
    stranger: number,
    identity: `${method} ${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '{id}')}`,
    got: String(status),
  };
  const known = notServedAt(method, path);
  const { evidence, source } = ruleOf(explanation?.rule) ?? {};
  if (known) {
    const message = `${method} ${path} cannot be judged: Klarna is known to answer it, but it is not served here (${status}). ${known.says}`;
    return { ...problem, severity: 'note', evidence: known.grade, source: known.source, message };
  }
  return {
    ...problem,
    evidence,
    source,
    message: `${method} ${path} is no operation of Klarna (${status}): ${explanation?.text ?? 'see the list of operations'}`,
  };
}

/** Returns the calls that Klarna refused because of what the shop sent, without those that another check explains. */
export function refusals(history: History, settled: ReadonlySet<Call>): ContractProblem[] {
  const failed = new Set(history.calls.filter(({ result }) => result === 'failed').map(intentOf));
  // When the retry of a failed call is refused, the first was carried out: the refusal is no mistake of the shop.
  return history.all
    .filter((call) => !settled.has(call) && isOwnFault(call, history) && !failed.has(intentOf(call)))
    .map(refusal);
}
