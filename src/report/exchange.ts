import { type EvidenceNote, operations } from '../contract/operations.js';
import type { CallbackAttempt, NumberedExchange } from '../exchange/exchange.js';
import { rules } from '../klarna/catalogue/rules.js';
import { consoleLine, resultOf } from './console.js';
import { printable } from './text.js';

/** Returns an exchange of a merchant's journal in the line that the console had for it. */
export function exchangeLine(exchange: NumberedExchange, merchant: string): string {
  const { number, method, path, status, duration_ms: ms, explanation: why } = exchange;
  const explanation = why && `${why.rule}: ${why.text}`;
  return consoleLine({ exchange: number, merchant, method, path, status, ms, explanation });
}

/** Returns an exchange as text: what was asked and answered, the reason with its evidence, and the callbacks it caused. */
export function renderExchange(
  exchange: NumberedExchange,
  merchant: string,
  callbacks: readonly CallbackAttempt[],
): string {
  const { at, operation, correlation_id, status, request, response, scripted } = exchange;
  const { explanation: _, ...bare } = exchange;
  const facts = [operation ?? 'no operation', `${at} on the merchant's clock`];
  if (correlation_id !== undefined) facts.push(`correlation id ${correlation_id}`);
  const sections = [
    [exchangeLine(bare, merchant), facts.join(', ')],
    reasonLines(exchange),
    scripted ? [`By the scenario: ${JSON.stringify(scripted)}`] : [],
    ['Request', ...messageLines(request)],
    [status === 0 ? 'No answer, or none that came whole' : `Answer ${status}`, ...messageLines(response)],
    callbacks.length > 0 ? ['Callbacks', ...callbacks.map(callbackLine)] : [],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.map(printable).join('\n')}\n`)
    .join('\n');
}

/** Returns the reason of an answer and the evidence for it: that of its rule, or else that of the contract. */
function reasonLines({ explanation, operation = '', status }: NumberedExchange): string[] {
  if (!explanation) {
    const known = operations.get(operation);
    const evidence = known?.api === 'sandbox' ? undefined : known?.answers.get(status)?.evidence;
    return evidence ? [`Klarna answers so: ${noted(evidence)}`] : [];
  }
  const { rule, evidence, text } = explanation;
  const reason = `Why: ${rule}: ${text}`;
  // The sandbox may be of another version.
  const known = Object.hasOwn(rules, rule) ? rules[rule] : undefined;
  return known
    ? [reason, `     ${known.says}`, `     ${noted({ grade: evidence, source: known.source })}`]
    : [reason, `     ${evidence}`];
}

const noted = ({ grade, source }: Pick<EvidenceNote, 'grade' | 'source'>): string => `${grade} (${source})`;

/** Returns the headers of a message, and its body as indented JSON or as text. */
function messageLines({ headers, body, cut }: NumberedExchange['request']): string[] {
  const text = typeof body === 'string' ? body : (JSON.stringify(body, undefined, 2) ?? '');
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  if (text !== '') lines.push('', ...text.split('\n'));
  if (cut) lines.push('… (too long to be kept)');
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

function callbackLine(callback: CallbackAttempt): string {
  const { on, attempt, at, url, body } = callback;
  const posted = body ? `  ${JSON.stringify(body)}` : '';
  return `  ${on}, attempt ${attempt}, ${at}: POST ${url} ${resultOf(callback)}${posted}`;
}
