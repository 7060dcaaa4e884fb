/** What the contract cases say of Klarna's answers: how many meet each, and on what evidence. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { answers, GRADES, operations } from './evidence.js';

const folder = fileURLToPath(new URL('../../contracts/cases/', import.meta.url));
const names = new Set(operations.map(({ name }) => name));

/** The answers of Klarna that a case has come, each once: `createOrder 200`. */
function metIn(steps) {
  const met = steps.flatMap((step) => {
    const name = Object.keys(step).find((key) => names.has(key));
    return name === undefined || typeof step.expect?.status !== 'number' ? [] : [`${name} ${step.expect.status}`];
  });
  return [...new Set(met)];
}

export const cases = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .sort()
  .map((file) => ({ file, ...parse(readFileSync(join(folder, file), 'utf8'), { merge: true }) }))
  .map(({ file, title, evidence, source, steps }) => ({ file, title, source, grade: evidence, met: metIn(steps) }));

/** Every answer of the contracts with how many cases meet it, by evidence. */
export const coverage = answers.map((answer) => {
  const own = cases.filter(({ met }) => met.includes(`${answer.operation.name} ${answer.status}`));
  const counts = Object.keys(GRADES).map((grade) => own.filter((each) => each.grade === grade).length);
  return { ...answer, counts, all: own.length };
});
