import { GRADES, operations } from './evidence.js';
import { code, table } from './markdown.js';

/** The statuses of an operation by the evidence of their answers, the strongest first. */
function statuses(answers) {
  return Object.keys(GRADES)
    .map((grade) => ({ grade, list: [...answers.values()].filter(({ evidence }) => evidence.grade === grade) }))
    .filter(({ list }) => list.length > 0)
    .map(({ grade, list }) => `${grade}: ${list.map(({ status }) => status).join(', ')}`)
    .join('; ');
}

/** docs/reference/operations.md. */
export const operationsPage = () => `# Operations

<!-- Written by npm run fidelity from the contracts. Edit those. -->

The calls of Klarna's APIs that mock-klarna answers, and what each of their answers is based on. [fidelity.md](fidelity.md)
has the sources, the rules and the errors; [control-api.md](control-api.md) has the calls that Klarna does not have. The names
are those of handlers, scenario steps, the journal and reports.

${table(['Evidence', 'Means'], Object.entries(GRADES))}

${table(
  ['Operation', 'Call', 'Evidence', 'Evidence of its answers'],
  operations.map(({ name, method, path, evidence, answers }) => [
    code(name),
    code(`${method} ${path}`),
    evidence.grade,
    statuses(answers),
  ]),
)}
`;
