// What the stand-in is measured against: plain Fastify with Ajv 2020, one route an operation, the contract's own schema.
// A route keeps the body in a Map and gives the contract's example of an answer, if it has a body, with the id it kept the body under.
// Arguments: the port, and a JSON file { documents: [{ name, document }], routes: [{ method, url, schema, status, answers, example, scripted }] }.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import Fastify from 'fastify';

const [port, file] = process.argv.slice(2);
const { documents, routes } = JSON.parse(readFileSync(file, 'utf8'));

// Contracts carry words of OpenAPI beside those of JSON Schema; that they are schemas is known.
const ajv = new Ajv2020({ strict: false, validateSchema: false });
addFormats.default(ajv);
for (const { name, document } of documents) ajv.addSchema(document, name);

const fastify = Fastify();
fastify.setValidatorCompiler(({ schema }) => ajv.compile(schema));
for (const { method, url, schema, status, answers, example, scripted } of routes) {
  const kept = new Map();
  fastify.route({
    method,
    url,
    schema: { body: { $ref: schema } },
    handler: async (request, reply) => {
      if (scripted && request.body[scripted.field] === scripted.value) {
        reply.code(scripted.status);
        return scripted.body;
      }
      const id = randomUUID();
      kept.set(id, request.body);
      reply.code(status);
      return answers && { ...example, [answers]: id };
    },
  });
}
await fastify.listen({ port: Number(port), host: '127.0.0.1' });
