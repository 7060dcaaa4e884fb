import type { JsonSchema } from 'json-schema-faker';
import { type Api, documentOf, type OpenApi, type Operation, operations } from './operations.js';
import { bodyReader } from './shapes.js';

/**
 * Makes a request body with every field of the contract, from the schema and the examples of its fields. A field added
 * to the contract appears in it without further work. The same contract gives the same example.
 */
export async function completeExample(operation: Operation): Promise<unknown> {
  const { request, api } = operation;
  if (!request) return undefined;
  // Loaded at first use: only the documentation page and reports need it.
  const { generate } = await import('json-schema-faker');
  const document = documentOf(api);
  const schema = { $ref: request.schema, paths: document.paths, components: document.components };
  const example = await generate(schema as JsonSchema, {
    seed: 1,
    maxDepth: 12,
    minItems: 1,
    maxItems: 1,
    alwaysFakeOptionals: true,
    useExamplesValue: true,
    useDefaultValue: true,
  });
  // Drops the fields that only answers have.
  return bodyReader(operation)(example);
}

/** Returns a contract for the documentation page: each request has its written example and one with every field. */
export async function documentWithExamples(api: Api): Promise<OpenApi> {
  const document = structuredClone(documentOf(api));
  for (const operation of operations.values()) {
    if (operation.api !== api || !operation.request) continue;
    const raw = document.paths[operation.path]?.[operation.method.toLowerCase()] as RequestPart;
    const json = raw.requestBody.content['application/json'];
    json.examples = {
      usual: { summary: 'What a shop usually sends', value: operation.request.example },
      complete: { summary: 'Every field there is', value: await completeExample(operation) },
    };
    delete json.example;
  }
  return document;
}

interface RequestPart {
  requestBody: { content: Record<'application/json', { example?: unknown; examples?: Record<string, object> }> };
}
