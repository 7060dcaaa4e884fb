/**
 * Turns the contracts into what the program uses, under src/contract/generated/:
 * - NAME.ts: TypeScript types of contracts/NAME.v1.yaml;
 * - NAME.json: the document itself, which is parsed when first asked for;
 * - NAME.cjs: the code that reads and judges its requests (generate/shapes.js);
 * - NAME.answers.cjs: the code that judges its answers (generate/answers.js);
 * - operations.ts: the table of all operations (generate/operations.js).
 *
 * The documents come out self-contained and simple: no references to other files, no allOf (each schema is one flat
 * object), and every answer written out where it stands. Nothing happens when contracts and generator are unchanged.
 */
import '../bin/check-node.js';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesUnder, hashFiles } from './build/folder.js';
import { at, METHODS, operationsModule } from './generate/operations.js';
import { say } from './say.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const contracts = `${root}contracts/`;
const generated = `${root}src/contract/generated/`;
const stamp = `${generated}.stamp`;
const HEAD = '// Written by scripts/generate.js from contracts/. Edit those.\n\n';
/** Keywords whose values are data, not schemas. */
const DATA = new Set(['example', 'examples', 'default', 'const', 'enum']);

class BrokenContract extends Error {}

const isObject = (value) => typeof value === 'object' && value !== null;

/** Tells of YAML that cannot be read before anything refers to it. */
async function checkSyntax(files) {
  const { LineCounter, parseDocument } = await import('yaml');
  for (const name of files) {
    const lineCounter = new LineCounter();
    const [error] = parseDocument(await readFile(contracts + name, 'utf8'), {
      lineCounter,
      prettyErrors: false,
    }).errors;
    if (!error) continue;
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw new BrokenContract(`contracts/${name}:${line}:${col}: ${error.message}`);
  }
}

/** One document with everything it refers to. */
async function bundleOf(name) {
  const { bundle, createConfig, getLineColLocation } = await import('@redocly/openapi-core');
  const { bundle: bundled, problems } = await bundle({ ref: contracts + name, config: await createConfig({}) });
  const mistakes = problems.map(({ message, location: [{ source, ...place }] }) => {
    const { line, col } = getLineColLocation({ source, ...place }).start;
    const text = source.body.split('\n')[line - 1].trim();
    return `${relative(root, source.absoluteRef)}:${line}:${col}: ${message}: ${text}`;
  });
  if (mistakes.length > 0) throw new BrokenContract([...new Set(mistakes)].join('\n'));
  return bundled.parsed;
}

/** What a reference within the document points to. */
function resolve(document, ref) {
  const found = at(document, ref);
  if (found === undefined) throw new BrokenContract(`${document.info.title}: nothing at ${ref}`);
  return found;
}

/** Two schemas as one; of two values for a keyword the later, narrower one holds. */
function merge(base, over) {
  const merged = { ...base, ...over };
  if (base.required && over.required) merged.required = [...new Set([...base.required, ...over.required])];
  if (base.items && over.items) merged.items = merge(base.items, over.items);
  if (base.properties && over.properties) {
    merged.properties = { ...base.properties };
    for (const [name, schema] of Object.entries(over.properties)) {
      merged.properties[name] = merge(base.properties[name] ?? {}, schema);
    }
  }
  return merged;
}

/** A node with every allOf merged into the schema around it, and every reference into the inside of a schema replaced. */
function flatten(node, document) {
  if (Array.isArray(node)) return node.map((item) => flatten(item, document));
  if (!isObject(node)) return node;
  if (node.$ref && !/^#\/components\/\w+\/[^/]+$/.test(node.$ref)) {
    const { $ref, ...beside } = node;
    return flatten({ ...resolve(document, $ref), ...beside }, document);
  }
  if (Array.isArray(node.allOf)) {
    const { allOf, ...around } = node;
    const parts = allOf.map((part) => (part.$ref ? resolve(document, part.$ref) : part));
    const flat = [...parts.map((part) => flatten(part, document)), around].reduce(merge);
    return flatten(flat, document);
  }
  const entries = Object.entries(node).map(([key, value]) => [key, DATA.has(key) ? value : flatten(value, document)]);
  const { unevaluatedProperties, ...rest } = Object.fromEntries(entries);
  // Flat and without a reference beside it, a schema evaluates its own properties only, and the cheaper keyword will do.
  if (unevaluatedProperties === undefined) return rest;
  return rest.$ref ? { ...rest, unevaluatedProperties } : { ...rest, additionalProperties: unevaluatedProperties };
}

/** An answer with its reference replaced; what stands beside the reference holds. */
function answerOf(node, document) {
  if (!node.$ref) return node;
  const { $ref, ...beside } = node;
  return { ...answerOf(resolve(document, $ref), document), ...beside };
}

function inlineAnswers(document) {
  for (const item of Object.values(document.paths)) {
    for (const { responses } of [...METHODS].flatMap((method) => item[method] ?? [])) {
      for (const status of Object.keys(responses)) responses[status] = answerOf(responses[status], document);
    }
  }
  delete document.components.responses;
}

function references(node, found = new Set()) {
  if (!isObject(node)) return found;
  if (typeof node.$ref === 'string') found.add(node.$ref.split('/').pop());
  for (const [key, value] of Object.entries(node)) if (!DATA.has(key)) references(value, found);
  return found;
}

/** Leaves out the schemas that were only parts of others. */
function dropParts(document) {
  const { schemas } = document.components;
  const used = references(document);
  for (const name of Object.keys(schemas)) if (name.endsWith('_fields') && !used.has(name)) delete schemas[name];
}

async function documentOf(name) {
  const bundled = await bundleOf(name);
  inlineAnswers(bundled);
  const document = flatten(bundled, bundled);
  dropParts(document);
  return document;
}

async function typesOf(document) {
  const { default: openapiTS, astToString } = await import('openapi-typescript');
  const typed = withDefaults(structuredClone(document));
  return HEAD + astToString(await openapiTS(typed, { defaultNonNullable: false, silent: true }));
}

/** Marks parameters that have a default as required: whoever reads a query finds them there. */
function withDefaults(document) {
  for (const item of Object.values(document.paths ?? {})) {
    for (const { parameters = [] } of Object.values(item).filter(isObject)) {
      for (const parameter of parameters) if (parameter.schema?.default !== undefined) parameter.required = true;
    }
  }
  return document;
}

/** A file is there as a whole or not at all, also for a reader that comes meanwhile. */
async function write(path, text) {
  await writeFile(`${path}.${process.pid}`, text);
  await rename(`${path}.${process.pid}`, path);
}

/** Every file that tells what is generated: the contracts, the generator, and the version of the library whose code is taken. */
const SOURCES = [
  'scripts/generate.js',
  ...filesUnder(root, ['scripts/generate']),
  'node_modules/ajv/package.json',
  'node_modules/ajv-formats/package.json',
];

async function generate() {
  const files = (await readdir(contracts)).filter((name) => name === 'common.yaml' || name.endsWith('.v1.yaml')).sort();
  const names = files.filter((name) => name !== 'common.yaml').map((name) => name.replace('.v1.yaml', ''));
  const wanted = hashFiles(root, [...SOURCES, ...files.map((name) => `contracts/${name}`)]);
  const outcome = names.flatMap((name) => ['ts', 'json', 'cjs', 'answers.cjs'].map((kind) => `${name}.${kind}`));
  const complete = ['operations.ts', ...outcome].every((file) => existsSync(generated + file));
  if (complete && wanted === (await readFile(stamp, 'utf8').catch(() => ''))) return;
  say('generating types and validators from contracts/');
  await checkSyntax(files);
  const { shapesOf } = await import('./generate/shapes.js');
  const { answersOf } = await import('./generate/answers.js');
  const documents = {};
  for (const name of names) documents[name] = await documentOf(`${name}.v1.yaml`);
  await mkdir(generated, { recursive: true });
  for (const [name, document] of Object.entries(documents)) {
    await write(`${generated}${name}.ts`, await typesOf(document));
    await write(`${generated}${name}.json`, JSON.stringify(document));
    await write(`${generated}${name}.cjs`, await shapesOf(name, document, root));
    await write(`${generated}${name}.answers.cjs`, await answersOf(name, document, root));
  }
  await write(`${generated}operations.ts`, HEAD + operationsModule(documents));
  await write(stamp, wanted);
}

try {
  await generate();
} catch (error) {
  if (!(error instanceof BrokenContract)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

// From what was generated follows what the reader of scenario files knows.
if (!process.exitCode) {
  await import('./generate-scenario-schema.js');
  await import('./generate-read-ahead.js');
}
