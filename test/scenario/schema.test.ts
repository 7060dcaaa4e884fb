import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { documentOf, flatten, type OpenApi, operations, resolve, type Schema } from '../../src/contract/operations.js';
import { keyMatchers, wordMatchers } from '../../src/scenario/matchers.js';
import { readScenario } from '../../src/scenario/read.js';
import t from '../tap.js';

interface Outline {
  $ref?: string;
  enum?: unknown[];
  if?: { required?: string[]; properties?: { on?: { const: string } } };
  then?: Outline;
  properties?: Record<string, Outline>;
  items?: Outline;
  anyOf?: Outline[];
  allOf?: Outline[];
}

const schema: Outline & { $defs: Record<string, Outline> } = JSON.parse(
  readFileSync('contracts/scenario.schema.json', 'utf8'),
);

/** Returns what an outline and what it refers to say of the fields of a mapping. */
function fieldsOf({ $ref, properties, anyOf = [], allOf = [] }: Outline): Record<string, Outline> {
  const parts = [...($ref ? [schema.$defs[$ref.replace('#/$defs/', '')] as Outline] : []), ...anyOf, ...allOf];
  return Object.assign({}, ...parts.map(fieldsOf), properties);
}

/** Returns what an outline says of the elements of a list. */
const itemsOf = ({ $ref, items, allOf = [] }: Outline): Outline | undefined =>
  items ??
  ($ref
    ? itemsOf(schema.$defs[$ref.replace('#/$defs/', '')] as Outline)
    : allOf.map(itemsOf).find((found) => found !== undefined));

/** Compares an outline with the schema of a contract, field by field; returns the paths of those that only one of them has. */
function differences(document: OpenApi, given: Schema, outline: Outline, sent: boolean, path: string): string[] {
  const { properties, items } = flatten(given, document);
  if (items) return differences(document, items, itemsOf(outline) ?? {}, sent, `${path}[]`);
  const known = Object.entries(properties ?? {}).filter(([, field]) => !(sent && flatten(field, document).readOnly));
  if (known.length === 0) return [];
  const told = fieldsOf(outline);
  const names = new Set(known.map(([name]) => name));
  return [
    ...Object.keys(told)
      .filter((name) => !names.has(name))
      .map((name) => `+${path}.${name}`),
    ...known.flatMap(([name, field]) => {
      const inner = told[name];
      return inner ? differences(document, field, inner, sent, `${path}.${name}`) : `-${path}.${name}`;
    }),
  ];
}

t.test('editors are told the fields of every request, without those that only answers carry', async (t) => {
  for (const { name, api, request } of operations.values()) {
    if (!request) continue;
    const document = documentOf(api);
    const { body } = fieldsOf(schema.$defs[name] as Outline);
    const wanted = resolve<Schema>(document, request.schema);
    t.strictSame(differences(document, wanted, body as Outline, true, name), [], name);
  }
});

t.test('editors are told the fields of every answer of a step', async (t) => {
  const branches = schema.$defs.step?.allOf as Outline[];
  for (const { name, api, answers } of operations.values()) {
    if (name === 'followEvents') continue;
    const branch = branches.find((each) => each.if?.required?.[0] === name);
    t.ok(branch, name);
    const { body = {}, status } = fieldsOf(fieldsOf(branch?.then as Outline).expect as Outline);
    t.strictSame(status?.anyOf?.[0]?.enum, [...answers.keys()], `${name}: its statuses`);
    const document = documentOf(api);
    for (const { status, schema: pointer } of answers.values()) {
      if (!pointer) continue;
      const all = differences(document, resolve<Schema>(document, pointer), body, false, `${name} ${status}`);
      const lost = all.filter((difference) => difference.startsWith('-'));
      t.strictSame(lost, []);
    }
  }
});

t.test('editors are told every matcher, and no other', async (t) => {
  const matchers = Object.entries(schema.$defs).filter(([name]) => name.startsWith('match_'));
  const words = matchers.flatMap(([, { anyOf = [] }]) => anyOf.flatMap((part) => part.enum ?? []));
  const keys = matchers.flatMap(([, matcher]) => Object.keys(fieldsOf(matcher)));
  t.strictSame([...new Set(words)].sort(), [...wordMatchers.keys()].sort());
  t.strictSame([...new Set(keys)].sort(), [...keyMatchers.keys()].sort());
});

t.test('the reader takes every error that an outcome is offered', async (t) => {
  const branches = schema.$defs.outcome?.allOf as Outline[];
  t.ok(branches.length > 20, `${branches.length} operations`);
  for (const branch of branches) {
    const on = branch.if?.properties?.on?.const;
    const codes = branch.then?.properties?.error?.enum as string[];
    const outcomes = codes.map((error, index) => ({ on, calls: index + 1, error }));
    t.ok(codes.length > 0, `${on}`);
    t.doesNotThrow(() => readScenario(JSON.stringify({ title: 'x', evidence: 'docs', outcomes }), 'x.json'), `${on}`);
  }
});

const validate = formats.default(new Ajv({ strict: false, allErrors: true })).compile(schema);
const accepted = (file: string) => validate(file.endsWith('.json') ? JSON.parse(file) : parse(file));

t.test('editors find nothing wrong in what ships', async (t) => {
  for (const folder of ['scenarios', 'contracts/cases']) {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
    t.ok(files.length > 20, `${folder}: ${files.length} files`);
    for (const file of files) {
      const fine = accepted(readFileSync(`${folder}/${file}`, 'utf8'));
      if (!fine) t.fail(`${folder}/${file}`, { errors: validate.errors?.slice(0, 3) });
    }
  }
});

t.test('editors take what is wrong on purpose, variables and matchers for any value', async (t) => {
  const head = 'title: x\nevidence: docs\nmarket: SE\nsteps:\n  - title: y\n    ';
  for (const step of [
    'createSession: { body: { intent: bogus, order_amount: many, order_lines: none, status: complete, own: 1 } }',
    'createSession: { body: "no JSON" }',
    `createSession: { body: { order_lines: "\${lines}", purchase_country: $absent, billing_address: "\${person.billing_address}" } }`,
    'createSession: { headers: { Anything: $absent } }',
    'readSession: { path: { session_id: x } }\n    expect: { status: { $oneOf: [200, 404] }, body: { locale: { $match: ["^sv", "SE$"] } } }',
    'readClock:\n    expect: { status: $absent, body: $absent, headers: { Anything: { $match: x } }, callbacks: [{ path: /x, body: { a: $any } }] }',
    `readClock:\n    expect: { body: { now: { $over: "\${now}" } } }`,
  ]) {
    t.ok(accepted(head + step), `${step} ${JSON.stringify(validate.errors)}`);
  }
  t.notOk(accepted(`${head}readClock:\n    expect: { body: { now: { $oneOf: 5 } } }`), 'a matcher that takes a list');
});
