import type { Scenario } from '../scenario/scenario.js';
import type { StepResult } from './result.js';
import { shorten } from './shorten.js';
import { deed, type Fields, isFields, tokenizedMethod } from './words.js';

/** The first line of a scenario told step by step. */
export const narrateScenario = ({ name, title }: Scenario): string => `${name}\n  ${title}\n`;

/** A step, its answer and what was tokenized, a few lines for a person to read. */
export function narrateStep(result: StepResult): string {
  const { step, number, request, answer, trouble } = result;
  const { name } = step.operation;
  const lines = [`  ${number}. ${step.title ?? deed(result)}`];
  if (request) lines.push(`     ${name}  ${request.method} ${request.url.replace(/^https?:\/\/[^/]+/, '')}`);
  if (!answer) lines.push(`     ${trouble ?? 'no answer, as expected'}`);
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
