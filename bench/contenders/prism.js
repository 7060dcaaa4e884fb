import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { merge } from '../contracts.js';
import { ANSWER } from '../scripted.js';
import { here, installed, node, PORT } from './contender.js';

const PACKAGE = '@stoplight/prism-cli';

/** Prism's mock server: it judges the request by the contract and answers the contract's example. A request asks itself for another status. */
export const prism = {
  name: 'Prism',
  version: () => installed(PACKAGE),
  scriptedBy: { Prefer: `code=${ANSWER.status}` },
  async prepare({ folder, steps, documents }) {
    const file = join(folder, 'contract.json');
    await writeFile(file, JSON.stringify(merge(steps, documents)));
    return node(
      here(`node_modules/${PACKAGE}/dist/index.js`),
      'mock',
      '--port',
      PORT,
      '--verboseLevel',
      'silent',
      file,
    );
  },
};
