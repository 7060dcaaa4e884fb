import { GRADES, operations } from './evidence.js';
import { code, table } from './markdown.js';

const START = '<!-- operations: written by npm run fidelity -->';
const END = '<!-- end of operations -->';

/** The statuses of an operation by the evidence of their answers, the strongest first. */
function statuses(answers) {
  return Object.keys(GRADES)
    .map((grade) => ({ grade, list: [...answers.values()].filter(({ evidence }) => evidence.grade === grade) }))
    .filter(({ list }) => list.length > 0)
    .map(({ grade, list }) => `${grade}: ${list.map(({ status }) => status).join(', ')}`)
    .join('; ');
}

/** README.md with its table of operations as it must be. */
export function readme(text) {
  const [before, rest] = text.split(START);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`README.md: no ${START} … ${END}`);
  const rows = operations.map(({ name, method, path, evidence, answers }) => [
    code(name),
    code(`${method} ${path}`),
    evidence.grade,
    statuses(answers),
  ]);
  return `${before}${START}\n${table(['Operation', 'Call', 'Evidence', 'Evidence of its answers'], rows)}\n${END}${after}`;
}
