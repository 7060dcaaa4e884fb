import { headers } from '../purchase.js';
import { ANSWER, CONDITION } from '../scripted.js';
import { here, node, PORT, versionOf } from './contender.js';

/** The command that is measured. */
export const BIN = here('../bin/mock-klarna.js');

/** Chooses a scenario for the merchant of the load. */
export async function choose(url, scenario) {
  const body = JSON.stringify({ inline: { evidence: 'inferred', ...scenario } });
  const answer = await fetch(`${url}/sandbox/v1/scenario`, { method: 'PUT', headers, body });
  await answer.arrayBuffer();
  if (answer.ok) return;
  throw new Error(`The scenario "${scenario.title}" was refused: ${answer.headers.get('mock-klarna-explain')}`);
}

/** The stand-in as the command starts it. Journal and explanation are on, the console is quiet. */
export const mockKlarna = {
  name: 'mock-klarna',
  version: () => versionOf('..'),
  prepare: () => node(BIN, 'serve', '--port', PORT, '--quiet'),
  script: (url) =>
    choose(url, {
      title: 'Unlucky sessions fail',
      outcomes: [
        { on: 'createSession', when: { [CONDITION.field]: CONDITION.value }, fault: { status: ANSWER.status } },
      ],
    }),
};
