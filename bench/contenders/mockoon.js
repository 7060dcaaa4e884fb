import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { merge } from '../contracts.js';
import { ANSWER, CONDITION } from '../scripted.js';
import { here, installed, node, PORT } from './contender.js';

const PACKAGE = '@mockoon/cli';
const BIN = here(`node_modules/${PACKAGE}/bin/run.js`);

/** Lets the contract's answer for the status come when the body meets the condition. */
function scriptRoute(route) {
  const response = route.responses.find(({ statusCode }) => statusCode === ANSWER.status);
  response.body = JSON.stringify(ANSWER.body);
  response.rules = [
    { target: 'body', modifier: CONDITION.field, value: CONDITION.value, invert: false, operator: 'equals' },
  ];
  response.uuid ??= randomUUID();
}

/** Mockoon's command with what it makes of the contract by itself: the contract's example for an answer, and no look at the request. */
export const mockoon = {
  name: 'Mockoon',
  version: () => installed(PACKAGE),
  async prepare({ folder, steps, documents, scripted }) {
    const contract = join(folder, 'contract.json');
    const file = join(folder, 'environment.json');
    await writeFile(contract, JSON.stringify(merge(steps, documents)));
    await promisify(execFile)(process.execPath, [BIN, 'import', '--input', contract, '--output', file]);
    if (scripted) {
      const environment = JSON.parse(await readFile(file, 'utf8'));
      for (const route of environment.routes) scriptRoute(route);
      await writeFile(file, JSON.stringify(environment));
    }
    return node(BIN, 'start', '--data', file, '--port', PORT, '--hostname', '127.0.0.1', '--disable-log-to-file');
  },
};
