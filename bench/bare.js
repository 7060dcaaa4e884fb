// What the stand-in is measured against: plain Fastify with Ajv 2020, one route an operation, the contract's own schema.
// A route keeps the body in a Map and gives the contract's example of an answer, if it has a body, with the id it kept the body under.
// Argument: a JSON file { documents: [{ name, document }], routes: [{ method, url, schema, status, answers, example }] }.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import Fastify from 'fastify';

const { documents, routes } = JSON.parse(readFileSync(process.argv[2], 'utf8'));

// Contracts carry words of OpenAPI beside those of JSON Schema; that they are schemas is known.
const ajv = new Ajv2020({ strict: false, validateSchema: false });
addFormats.default(ajv);
for (const { name, document } of documents) ajv.addSchema(document, name);

const fastify = Fastify();
fastify.setValidatorCompiler(({ schema }) => ajv.compile(schema));
for (const { method, url, schema, status, answers, example } of routes) {
  const kept = new Map();
  fastify.route({
    method,
    url,
    schema: { body: { $ref: schema } },
    handler: async (request, reply) => {
      const id = randomUUID();
      kept.set(id, request.body);
      reply.code(status);
      return answers && { ...example, [answers]: id };
    },
  });
}
console.log(`bare is ready at ${await fastify.listen({ port: 0, host: '127.0.0.1' })}`);
