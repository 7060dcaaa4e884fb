import type { SentRequest } from '../client/target.js';
import { type Fields, isFields } from '../exchange/fields.js';
import { describeTokenized, paymentLine } from '../report/replay-summary.js';
import { shorten } from '../report/text.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Upcoming } from './player.js';
import { actorOf, describeAction } from './report.js';
import { complaints, type StepResult } from './result.js';

/** Returns the heading of a scenario: its name and title. */
export const narrateScenario = ({ name, title }: Scenario): string => `${name}\n  ${title}\n`;

/** Returns a step, its answer and the payment method it is about, in a few lines. */
export function narrateStep(result: StepResult): string {
  const { step, number, request } = result;
  const lines = [`  ${number}. ${step.title ?? describeAction(result)}`];
  if (request) lines.push(`     ${step.operation.name}  ${requestLine(request)}`);
  return `${[...lines, ...narrateAnswer(result)].join('\n')}\n`;
}

const requestLine = ({ method, url }: SentRequest): string => `${method} ${url.replace(/^https?:\/\/[^/]+/, '')}`;

function narrateAnswer(result: StepResult): string[] {
  const { unjudged } = result;
  const lines = [...answerLines(result), ...paymentLines(result)];
  return unjudged === undefined ? lines : [...lines, `     not judged: ${unjudged}`];
}

function answerLines({ answer, trouble }: StepResult): string[] {
  if (!answer) return [`     ${trouble ?? 'no answer, as expected'}`];
  if (!isFields(answer.body)) return [`     ${answer.status} ${text(answer.body)}`.trimEnd()];
  return [`     ${answer.status}`, ...fieldLines(answer.body)];
}

/** Returns the payment method that was tokenized, as the shop reads it, or that pays the order. */
function paymentLines({ step, answer, payment_method }: StepResult): string[] {
  const { name } = step.operation;
  if (name === 'readCustomerToken' && answer?.status === 200 && isFields(answer.body)) {
    return [`     tokenized: ${describeTokenized(answer.body)}`];
  }
  return payment_method ? [`     ${paymentLine(name, { ...payment_method })}`] : [];
}

/** Returns a step before it is played: the request, the actor and the expectation, in a few lines. */
export function narrateNext(upcoming: Upcoming, of: number): string {
  const { step, number, username, request, expected, trouble } = upcoming;
  const actors = {
    shop: `the shop, ${username}`,
    shopper: 'the shopper',
    clock: 'time',
    sandbox: `the control API, for ${username}`,
  };
  const lines = [
    `  ${number} of ${of}. ${step.title ?? describeAction(upcoming)}${step.times > 1 ? `, ${step.times} times` : ''}`,
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

/** Returns the result of a step: the answer and its explanation, the variables kept, and each difference from what was expected. */
export function narrateOutcome(result: StepResult, variables: Record<string, unknown>): string {
  const { answer } = result;
  const lines = narrateAnswer(result);
  const why = answer?.headers['mock-klarna-explain'];
  if (why !== undefined) lines.push(`     why       ${why}`);
  if (answer?.callbacks) lines.push(`     callbacks ${shorten(answer.callbacks, 300)}`);
  for (const [name, value] of Object.entries(variables)) lines.push(`     kept      ${name} = ${shorten(value, 120)}`);
  // Without an answer the line above has the complaint.
  for (const line of answer ? complaints(result) : []) lines.push(`     differs   ${line}`);
  return `${lines.join('\n')}\n`;
}

/** Returns each field of an answer on a line of its own, the names in a column. */
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
