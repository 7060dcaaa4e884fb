import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documentsOf } from '../contracts.js';
import { ANSWER, CONDITION } from '../scripted.js';
import { here, node, PORT, versionOf } from './contender.js';

/** Plain Fastify with Ajv (`bench/bare.js`). It gets no document and no route that the steps do not use. */
export const bare = {
  name: 'bare',
  version: () => `Fastify ${versionOf('../node_modules/fastify')}`,
  async prepare({ folder, steps, documents, scripted }) {
    const file = join(folder, 'bare.json');
    const routes = steps.map(({ operation, method, path, schema, status, answers, example }) => ({
      method,
      url: path.replace(/\{(\w+)\}/g, ':$1'),
      schema,
      status,
      answers,
      example,
      scripted: scripted && operation === 'createSession' ? { ...CONDITION, ...ANSWER } : undefined,
    }));
    await writeFile(file, JSON.stringify({ documents: documentsOf(steps, documents), routes }));
    return node(here('bare.js'), PORT, file);
  },
};
