import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ANSWER, CONDITION } from '../scripted.js';
import { here, installed } from './contender.js';

/** The package that carries WireMock's own jar. */
const PACKAGE = 'wiremock';

/** Returns the stubs of a step: the contract's example with a new id, whatever the body says, and the scripted answer before it. */
function stubs({ operation, method, path, status, answers, example }, scripted) {
  const request = { method, urlPathPattern: path.replace(/\{\w+\}/g, '[^/]+') };
  const json = { 'Content-Type': 'application/json' };
  const usual = {
    request,
    response: {
      status,
      ...(answers && {
        headers: json,
        jsonBody: { ...example, [answers]: "{{randomValue type='UUID'}}" },
        transformers: ['response-template'],
      }),
    },
  };
  if (!scripted || operation !== 'createSession') return [usual];
  const bodyPatterns = [{ matchesJsonPath: { expression: `$.${CONDITION.field}`, equalTo: CONDITION.value } }];
  const failure = { status: ANSWER.status, headers: json, jsonBody: ANSWER.body };
  return [usual, { priority: 1, request: { ...request, bodyPatterns }, response: failure }];
}

const wiremockWith = (name, ...options) => ({
  name,
  version() {
    if (spawnSync('java', ['-version']).status !== 0) return undefined;
    return installed(PACKAGE);
  },
  async prepare({ folder, steps, scripted }) {
    const mappings = steps.flatMap((step) => stubs(step, scripted));
    await mkdir(join(folder, 'mappings'));
    await writeFile(join(folder, 'mappings', 'purchase.json'), JSON.stringify({ mappings }));
    const jar = here(`node_modules/${PACKAGE}/build/wiremock-standalone-${installed(PACKAGE)}.jar`);
    return (port) => ({
      program: 'java',
      args: ['-jar', jar, '--port', String(port), '--bind-address', '127.0.0.1', '--root-dir', folder, ...options],
    });
  },
});

/** WireMock as it starts: its journal keeps every request. */
export const wiremock = wiremockWith('WireMock');

/** WireMock as its documentation has it for load tests. */
export const wiremockWithoutJournal = wiremockWith('WireMock without journal', '--no-request-journal');
