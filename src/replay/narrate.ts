import type { SentRequest } from '../client/target.js';
import { type Fields, isFields } from '../exchange/fields.js';
import { shorten } from '../report/text.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Upcoming } from './player.js';
import type { StepResult } from './result.js';
import { complaints } from './verdict.js';
import { actorOf, deed, paidNote, tokenizedMethod } from './words.js';

/** The first line of a scenario told step by step. */
export const narrateScenario = ({ name, title }: Scenario): string => `${name}\n  ${title}\n`;

/** A step, its answer, what was tokenized and how an order is paid, a few lines for a person to read. */
export function narrateStep(result: StepResult): string {
  const { step, number, request } = result;
  const lines = [`  ${number}. ${step.title ?? deed(result)}`];
  if (request) lines.push(`     ${step.operation.name}  ${requestLine(request)}`);
  return `${[...lines, ...narrateAnswer(result)].join('\n')}\n`;
}

const requestLine = ({ method, url }: SentRequest): string => `${method} ${url.replace(/^https?:\/\/[^/]+/, '')}`;

function narrateAnswer(result: StepResult): string[] {
  const { unjudged } = result;
  const seen = [...answerLines(result), ...paidLines(result)];
  return unjudged === undefined ? seen : [...seen, `     not judged: ${unjudged}`];
}

function answerLines({ answer, trouble }: StepResult): string[] {
  if (!answer) return [`     ${trouble ?? 'no answer, as expected'}`];
  if (!isFields(answer.body)) return [`     ${answer.status} ${text(answer.body)}`.trimEnd()];
  return [`     ${answer.status}`, ...fieldLines(answer.body)];
}

/** What was tokenized, as the shop reads it, or how an order is paid. */
function paidLines({ step, answer, payment_method }: StepResult): string[] {
  const { name } = step.operation;
  if (name === 'readCustomerToken' && answer?.status === 200 && isFields(answer.body)) {
    return [`     tokenized: ${tokenizedMethod(answer.body)}`];
  }
  return payment_method ? [`     ${paidNote(name, { ...payment_method })}`] : [];
}

/** A step that is about to be played: what is sent, who acts, and what is expected. */
export function narrateNext(upcoming: Upcoming, of: number): string {
  const { step, number, username, request, expected, trouble } = upcoming;
  const actors = {
    shop: `the shop, ${username}`,
    shopper: 'the shopper',
    clock: 'time',
    sandbox: `the control API, for ${username}`,
  };
  const lines = [
    `  ${number} of ${of}. ${step.title ?? deed(upcoming)}${step.times > 1 ? `, ${step.times} times` : ''}`,
    `     acts      ${actors[actorOf(step)]}`,
  ];
  if (request) lines.push(`     sends     ${step.operation.name}  ${requestLine(request)}`);
  if (request?.body !== undefined) lines.push(`     body      ${cut(request.body)}`);
  lines.push(trouble === undefined ? `     expects   ${expectation(expected)}` : `     cannot be sent: ${trouble}`);
  return lines.join('\n');
}

function expectation(expected: unknown): string {
  if (expected === undefined) return 'any success';
  return isFields(expected) && expected.status === '$absent' ? 'no answer' : shorten(expected, 300);
}

/** What came of a step: the answer and why it is so, what was kept, and what differs from what was expected. */
export function narrateOutcome(result: StepResult, kept: Record<string, unknown>): string {
  const { answer } = result;
  const lines = narrateAnswer(result);
  const why = answer?.headers['mock-klarna-explain'];
  if (why !== undefined) lines.push(`     why       ${why}`);
  if (answer?.callbacks) lines.push(`     callbacks ${shorten(answer.callbacks, 300)}`);
  for (const [name, value] of Object.entries(kept)) lines.push(`     kept      ${name} = ${shorten(value, 120)}`);
  // Without an answer that is the line above.
  for (const line of answer ? complaints(result) : []) lines.push(`     differs   ${line}`);
  return `${lines.join('\n')}\n`;
}

/** Each field of an answer on a line of its own, the names in a column. */
function fieldLines(body: Fields): string[] {
  const width = Math.max(0, ...Object.keys(body).map((name) => name.length));
  return Object.entries(body).map(([name, value]) => `       ${name.padEnd(width)}  ${text(value)}`);
}

const cut = (body: string): string => (body.length > 300 ? `${body.slice(0, 300)}…` : body);

const text = (value: unknown): string => {
  if (value === undefined) return '';
  const short = shorten(value, 120);
  return typeof value === 'string' ? short.slice(1, -1) : short;
};
