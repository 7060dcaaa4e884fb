import { bodyFields, notServedAt } from '../../contract/operations.js';
import type { Call } from '../../exchange/call.js';
import type { Exchange } from '../../exchange/exchange.js';
import { type Rule, ruleOf } from '../../klarna/catalogue/rules.js';
import type { History } from '../history.js';
import type { Problem } from '../practices/practice.js';

/** A problem that brings its own evidence, and its exchange where that is no call. */
export interface ContractProblem extends Problem, Partial<Pick<Rule, 'evidence' | 'source'>> {
  stranger?: number;
}

/** Whether Klarna refused a call for what the shop sent. */
function isOwnFault(call: Call, { customerTokens }: History): boolean {
  const { operation, rule, params } = call;
  const { cause, judges } = ruleOf(rule) ?? {};
  if (call.result !== 'refused' || (cause !== undefined && cause !== 'request')) return false;
  // Other rules are about the shopper, or the control API.
  if (operation.api === 'sandbox') return call.body.data !== undefined && judges === 'purchase';
  // Klarna and the shopper end tokens as well, and only a charge tells the shop.
  if (rule === 'token-active') {
    const ended = customerTokens.get(params.customerToken ?? '')?.ended;
    return ended?.operation.name === 'updateCustomerTokenStatus' && ended.number < call.number;
  }
  return true;
}

/** Where a field stands that a refusal names; undefined for what is none of the body, such as an id of the path. */
function pathOf({ operation, params }: Call, field: string): string | undefined {
  const [name = ''] = field.split(/[.[]/);
  if (name in params) return undefined;
  // Of what goes through the page only its data are judged.
  if (operation.api === 'sandbox') return `$.body.data.${field}`;
  return bodyFields(operation).includes(name) ? `$.body.${field}` : undefined;
}

/** A refusal as a problem, with the evidence of its rule. */
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

/** A call of what is no operation. */
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

/** The calls that Klarna refused for what the shop sent, but for those that another check explains. */
export function refusals(history: History, settled: ReadonlySet<Call>): ContractProblem[] {
  const failed = new Set(history.calls.filter(({ result }) => result === 'failed').map(({ intent }) => intent));
  // A retry that is refused tells that the lost request was carried out.
  return history.all
    .filter((call) => !settled.has(call) && !failed.has(call.intent) && isOwnFault(call, history))
    .map(refusal);
}
