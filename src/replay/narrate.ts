import type { Scenario } from '../scenario/scenario.js';
import type { StepResult } from './result.js';
import { shorten } from './shorten.js';

type Fields = Record<string, unknown>;

/** The first line of a scenario told step by step. */
export const narrateScenario = ({ name, title }: Scenario): string => `${name}\n  ${title}\n`;

/** A step, its answer and what was tokenized, a few lines for a person to read. */
export function narrateStep(result: StepResult): string {
  const { step, number, request, answer, trouble } = result;
  const { name } = step.operation;
  const lines = [`  ${number}. ${step.title ?? deed(result)}`];
  if (request) lines.push(`     ${name}  ${request.method} ${request.url.replace(/^https?:\/\/[^/]+/, '')}`);
  if (trouble !== undefined) lines.push(`     ${trouble}`);
  if (answer && isFields(answer.body)) {
    lines.push(`     ${answer.status}`, ...fieldLines(answer.body));
    if (name === 'readCustomerToken' && answer.status === 200) {
      lines.push(`     tokenized: ${tokenizedMethod(answer.body)}`);
    }
  } else if (answer) {
    lines.push(`     ${answer.status} ${text(answer.body)}`.trimEnd());
  }
  return `${lines.join('\n')}\n`;
}

/** What happens in a step that has no title of its own. */
function deed({ step, request }: StepResult): string {
  if (step.kind === 'operation') return step.operation.name;
  const body: Fields = request?.body ? JSON.parse(request.body) : {};
  if (step.kind === 'clock') return `the clock moves ${body.by ? `on by ${body.by}` : `to ${body.now}`}`;
  const does = step.operation.name === 'finalizeSession' ? 'finalizes' : 'authorizes';
  const how = [body.payment_option, (body.funding_source as Fields | undefined)?.type, body.result];
  const told = how.filter((word) => word !== undefined).join(', ');
  return `the shopper ${does}${told && `: ${told}`}`;
}

/** Each field of an answer on a line of its own, the names in a column. */
function fieldLines(body: Fields): string[] {
  const width = Math.max(0, ...Object.keys(body).map((name) => name.length));
  return Object.entries(body).map(([name, value]) => `       ${name.padEnd(width)}  ${text(value)}`);
}

const text = (value: unknown): string => {
  if (value === undefined) return '';
  const short = shorten(value, 120);
  return typeof value === 'string' ? short.slice(1, -1) : short;
};

/** A customer token's payment method in the words of Klarna's documentation. */
function tokenizedMethod(token: Fields): string {
  const { payment_method_type, card, direct_debit } = token as Record<string, Fields | undefined>;
  const type = String(payment_method_type);
  if (card) return `Pay Now by the card ${card.brand} ${card.masked_number} (${type})`;
  if (direct_debit) return `Pay Now by direct debit from ${direct_debit.masked_number} (${type})`;
  return type === 'INVOICE' ? `Pay Later in 30 days (${type})` : type;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
