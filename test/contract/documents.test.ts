import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type Api, apis, documentOf } from '../../src/contract/operations.js';
import { checkAmounts } from '../../src/klarna/amounts.js';
import t, { type Test } from '../tap.js';

interface Schema {
  $ref?: string;
  type?: string;
  description?: string;
  readOnly?: boolean;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  required?: string[];
  enum?: string[];
  examples?: unknown[];
  maximum?: number;
}
interface Evidence {
  grade: string;
  source: string;
}
interface Content {
  'application/json'?: { schema: Schema; example?: unknown };
  'text/html'?: { example?: unknown };
  'text/event-stream'?: { example?: unknown };
  'image/svg+xml'?: { example?: unknown };
}
interface Sampled {
  name?: string;
  $ref?: string;
  description?: string;
  schema: Schema;
  example?: unknown;
}
interface Answer {
  description: string;
  headers?: Record<string, Sampled>;
  content?: Content;
  'x-evidence': Evidence;
}
interface Operation {
  operationId: string;
  summary: string;
  description: string;
  parameters?: Sampled[];
  requestBody?: { content: Content };
  responses: Record<string, Answer>;
  'x-evidence': Evidence;
  'x-rate-limit'?: { live: number; playground: number };
}
interface Document {
  paths: Record<string, Record<string, unknown>>;
  components: { schemas: Record<string, Schema> };
  'x-wire': (Evidence & { id: string; says: string })[];
  'x-not-served'?: (Evidence & { method: string; path: string; says: string })[];
}

const grades = ['recorded', 'spec', 'docs', 'reported', 'inferred'];
const klarna = apis.filter((name) => name !== 'sandbox');

const documentNamed = (name: Api) => documentOf(name) as unknown as Document;

/** A reader of one document: its operations, its references, a validator of its schemas. */
function open(name: Api) {
  const document = documentNamed(name);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, name);
  const follow = <T extends { $ref?: string }>(node: T): T =>
    node.$ref
      ? node.$ref
          .split('/')
          .slice(1)
          .reduce<never>((inner, key) => inner[key] as never, document as never)
      : node;
  const errorsOf = (schema: Schema, value: unknown): string => {
    const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${name}#/`)));
    return validate(value) ? '' : ajv.errorsText(validate.errors);
  };
  const operations = Object.values(document.paths).flatMap(({ parameters, ...methods }) =>
    (Object.values(methods) as Operation[]).map((operation) => ({
      ...operation,
      parameters: [...((parameters ?? []) as Sampled[]), ...(operation.parameters ?? [])],
    })),
  );
  return { document, follow, errorsOf, operations };
}

/** Every schema that a schema is made of, itself included, with where it stands. */
function* within(
  schema: Schema,
  follow: (schema: Schema) => Schema,
  at: string,
  seen = new Set<Schema>(),
): Generator<[at: string, schema: Schema, property: boolean]> {
  const found = follow(schema);
  if (seen.has(found)) return;
  seen.add(found);
  yield [at, found, at.includes('.')];
  for (const [key, inner] of Object.entries(found.properties ?? {})) yield* within(inner, follow, `${at}.${key}`, seen);
  if (found.items) yield* within(found.items, follow, `${at}[]`, seen);
}

t.test('the contracts have the operations that the house has names for', async (t) => {
  const of = (name: Api) => open(name).operations.map(({ operationId }) => operationId);
  t.strictSame(of('payments').sort(), [
    'cancelAuthorization',
    'createCustomerToken',
    'createOrder',
    'createSession',
    'readSession',
    'updateSession',
  ]);
  t.strictSame(of('customer-token').sort(), [
    'createCustomerTokenOrder',
    'readCustomerToken',
    'updateCustomerTokenStatus',
  ]);
  t.strictSame(of('order-management').sort(), [
    'acknowledgeOrder',
    'addCaptureShippingInfo',
    'addOrderShippingInfo',
    'cancelOrder',
    'captureOrder',
    'extendAuthorizationTime',
    'extendDueDate',
    'listCaptures',
    'readCapture',
    'readExtendDueDateOptions',
    'readOrder',
    'readRefund',
    'refundOrder',
    'releaseRemainingAuthorization',
    'triggerSendOut',
    'updateAuthorization',
    'updateCustomerDetails',
    'updateMerchantReferences',
  ]);
  t.strictSame(of('hosted-payment-page').sort(), [
    'createHostedSession',
    'disableHostedSession',
    'distributeHostedSession',
    'readHostedSession',
  ]);
  const all = apis.flatMap(of);
  t.equal(new Set(all).size, all.length, 'no name stands for two operations');
});

for (const name of apis) {
  const { document, follow, errorsOf, operations } = open(name);
  const isEvidence = (evidence: Evidence | undefined) =>
    grades.includes(evidence?.grade ?? '') && evidence?.source !== '';

  t.test(`${name}: every operation and every answer says why we believe it`, async (t) => {
    for (const operation of operations) {
      t.ok(isEvidence(operation['x-evidence']), operation.operationId);
      t.ok(operation.summary && operation.description, `${operation.operationId} is described`);
      for (const [status, answer] of Object.entries(operation.responses)) {
        t.ok(isEvidence(answer['x-evidence']) && answer.description, `${operation.operationId} ${status}`);
      }
    }
  });

  t.test(`${name}: every request, answer, header and parameter has an example that fits`, async (t) => {
    const fits = (schema: Schema, example: unknown, what: string) => {
      t.not(example, undefined, `${what} has an example`);
      t.equal(errorsOf(schema, example), '', `${what} fits`);
    };
    for (const { operationId, requestBody, responses, parameters } of operations) {
      const request = requestBody?.content['application/json'];
      if (request) fits(request.schema, request.example, `${operationId} request`);
      for (const parameter of parameters) {
        fits(parameter.schema, parameter.example, `${operationId} ${parameter.name}`);
        t.ok(parameter.description, `${operationId} ${parameter.name} is described`);
      }
      for (const [status, { content, headers = {} }] of Object.entries(responses)) {
        const what = `${operationId} ${status}`;
        const json = content?.['application/json'];
        if (json) fits(json.schema, json.example, what);
        else if (content) {
          const text = content['text/html'] ?? content['text/event-stream'] ?? content['image/svg+xml'];
          t.type(text?.example, 'string', `${what} shows a page, a stream or a picture`);
        }
        for (const [header, given] of Object.entries(headers)) {
          const { schema, example, description } = follow(given);
          fits(schema, example, `${what} ${header}`);
          t.ok(description, `${what} ${header} is described`);
        }
      }
    }
  });

  t.test(`${name}: every field is described, and its examples fit`, async (t) => {
    for (const [schemaName, root] of Object.entries(document.components.schemas)) {
      for (const [at, schema, property] of within(root, follow, schemaName)) {
        if (property && !at.endsWith('[]')) t.ok(schema.description, `${at} is described`);
        for (const example of schema.examples ?? [])
          t.equal(errorsOf(schema, example), '', `${at}: ${JSON.stringify(example)}`);
      }
    }
  });

  t.test(`${name}: an answer with a stray field fails`, async (t) => {
    for (const { operationId, responses } of operations) {
      for (const [status, { content }] of Object.entries(responses)) {
        const root = content?.['application/json']?.schema;
        if (!root) continue;
        for (const [at, schema] of within(root, follow, `${operationId}${status}`)) {
          if (schema.type !== 'object' && !schema.properties) continue;
          const closed = schema.additionalProperties === false;
          const map = !schema.properties && typeof schema.additionalProperties === 'object';
          t.ok(closed || map, `${at} is closed`);
        }
      }
    }
  });

  t.test(`${name}: the document stands alone and is flat`, async (t) => {
    const text = JSON.stringify(document);
    t.notMatch(text, /"\$ref":"[^#]/, 'no other file is needed');
    t.notMatch(text, /"allOf"/, 'every schema is one object');
  });

  t.test(`${name}: the laxness of the wire is declared, each with its evidence`, async (t) => {
    const ids = [
      'null-is-absent',
      'enum-case',
      'numeric-text',
      // A fraction of an amount is refused where money is moved.
      ...(name === 'order-management' ? [] : ['fractions']),
      'number-as-text',
      'unknown-ignored',
      'read-only-ignored',
    ];
    t.strictSame(
      document['x-wire'].map(({ id }) => id),
      ids,
    );
    for (const entry of document['x-wire']) t.ok(isEvidence(entry) && entry.says, entry.id);
  });

  t.test(`${name}: what is known and not served is not served`, async (t) => {
    for (const entry of document['x-not-served'] ?? []) {
      t.ok(isEvidence(entry) && entry.says, entry.path);
      t.notOk(Object.hasOwn(document.paths[entry.path] ?? {}, entry.method.toLowerCase()));
    }
  });
}

for (const name of klarna) {
  const { follow, operations } = open(name);

  t.test(`${name}: every operation has its rate limits`, async (t) => {
    const few = ['createSession', 'createCustomerToken', 'createHostedSession'];
    for (const operation of operations) {
      const expected = few.includes(operation.operationId)
        ? { live: 40, playground: 5 }
        : { live: 200, playground: 50 };
      t.strictSame(operation['x-rate-limit'], expected, operation.operationId);
    }
  });

  t.test(`${name}: a request may carry fields that nobody knows`, async (t) => {
    for (const { operationId, requestBody } of operations) {
      const root = requestBody?.content['application/json']?.schema;
      if (!root) continue;
      const readOnly = (schema: Schema): Schema => {
        const found = follow(schema);
        return found.readOnly ? { readOnly: true } : found;
      };
      for (const [at, schema] of within(root, readOnly, operationId))
        t.equal(schema.additionalProperties, undefined, at);
    }
  });

  t.test(`${name}: the amounts of the request examples add up`, async (t) => {
    for (const { operationId, requestBody } of operations) {
      const example = requestBody?.content['application/json']?.example;
      if (!example || !('order_lines' in (example as object))) continue;
      t.strictSame(checkAmounts(example as Parameters<typeof checkAmounts>[0]), [], operationId);
    }
  });
}

t.test('a request requires what the wire requires', async (t) => {
  const { schemas } = documentNamed('payments').components;
  t.strictSame(schemas.session_create?.required, ['purchase_country', 'purchase_currency']);
  t.equal(schemas.session?.required, undefined);
  t.strictSame(schemas.create_order_request?.required, [
    'purchase_country',
    'order_amount',
    'order_lines',
    'purchase_currency',
  ]);
  t.strictSame(schemas.customer_token_creation_request?.required, ['description', 'intended_use']);
  const managed = documentNamed('order-management').components.schemas;
  t.strictSame(managed.capture_request?.required, ['captured_amount']);
  t.strictSame(managed.refund_request?.required, ['refunded_amount']);
  t.strictSame(managed.authorization_update?.required, ['order_amount']);
  t.strictSame(managed.shipping_info_request?.required, ['shipping_info']);
  t.strictSame(managed.extend_due_date_request?.required, ['number_of_days']);
  t.equal(managed.merchant_references_update?.required, undefined);
  t.equal(managed.customer_details_update?.required, undefined);
  const token = documentNamed('customer-token').components.schemas;
  t.strictSame(token.customer_token_order?.required, [
    'order_lines',
    'purchase_currency',
    'order_amount',
    'order_tax_amount',
  ]);
  const page = documentNamed('hosted-payment-page').components.schemas;
  t.strictSame(page.hosted_session_create?.required, ['payment_session_url']);
});

t.test('fields stand in the order in which errors name them', async (t) => {
  for (const [api, name] of [
    ['payments', 'session_create'],
    ['payments', 'create_order_request'],
    ['payments', 'customer_token_creation_request'],
    ['customer-token', 'customer_token_order'],
  ] as const) {
    const schema = documentNamed(api).components.schemas[name];
    const required = schema?.required ?? [];
    t.strictSame(
      Object.keys(schema?.properties ?? {}).filter((field) => required.includes(field)),
      required,
      name,
    );
  }
});

t.test('every write of Order Management takes an idempotency key and names its transaction', async (t) => {
  for (const methods of Object.values(documentNamed('order-management').paths)) {
    for (const method of ['post', 'patch', 'get']) {
      const operation = methods[method] as Operation | undefined;
      if (!operation) continue;
      const keyed = operation.parameters?.some(({ name }) => name === 'Klarna-Idempotency-Key') ?? false;
      t.equal(keyed, method !== 'get', operation.operationId);
      const [success] = Object.values(operation.responses);
      t.equal('Transaction-Id' in (success?.headers ?? {}), method !== 'get', operation.operationId);
    }
  }
});

t.test('a read order has its fields in the recorded order', async (t) => {
  const recorded = [
    'order_id',
    'status',
    'fraud_status',
    'order_amount',
    'original_order_amount',
    'captured_amount',
    'refunded_amount',
    'remaining_authorized_amount',
    'purchase_currency',
    'locale',
    'order_lines',
    'merchant_reference1',
    'klarna_reference',
    'customer',
    'billing_address',
    'shipping_address',
    'created_at',
    'purchase_country',
    'expires_at',
    'captures',
    'refunds',
    'initial_payment_method',
  ];
  const { order } = documentNamed('order-management').components.schemas;
  t.strictSame(
    Object.keys(order?.properties ?? {}).filter((field) => recorded.includes(field)),
    recorded,
  );
});

t.test('the APIs bound a line each in its own way', async (t) => {
  const payments = documentNamed('payments').components.schemas.order_line?.properties;
  const token = documentNamed('customer-token').components.schemas.order_line?.properties;
  const managed = documentNamed('order-management').components.schemas.order_line?.properties;
  t.match(managed, {
    total_amount: { maximum: 200_000_000 },
    total_tax_amount: { maximum: 200_000_000 },
    total_discount_amount: { minimum: 0, maximum: 200_000_000 },
    tax_rate: { minimum: 0, maximum: 2 ** 31 - 1 },
    name: { minLength: 0, maxLength: 255 },
    quantity_unit: { maxLength: 10 },
    type: { pattern: /return_fee/ },
  });
  t.match(payments, { total_amount: { maximum: 200_000_000 }, unit_price: { maximum: 200_000_000 } });
  t.match(token, { total_amount: { maximum: 100_000_000 }, unit_price: { maximum: 100_000_000 } });
  t.match(payments, {
    reference: { maxLength: 255 },
    merchant_data: { maxLength: 1024 },
    tax_rate: { minimum: 0, maximum: 10_000 },
  });
  t.match(token, { reference: { maxLength: 256 }, merchant_data: { maxLength: 255 } });
  t.equal(payments?.type?.enum, undefined, 'Klarna Payments leaves the type open');
  t.equal(token?.type?.enum?.length, 8);
});

t.test('the generator', async (t) => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const generate = (folder: string) => {
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'scripts/generate.js')], { encoding: 'utf8' });
    return { status, stderr };
  };
  const copy = (t: Test, file: string, change: (text: string) => string) => {
    const folder = t.testdir();
    const isSource = (path: string) => !/[\\/](?:generated|browser|read-ahead\.jsonl)$/.test(path);
    for (const part of ['bin', 'contracts', 'scenarios', 'scripts', 'package.json', 'package-lock.json', 'src']) {
      cpSync(join(root, part), join(folder, part), { recursive: true, filter: isSource });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const path = join(folder, 'contracts', file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    return folder;
  };

  t.test('has nothing to do while the contracts stay as they are', async (t) => {
    const written = () => readFileSync(join(root, 'src/contract/generated/.stamp'), 'utf8');
    const before = written();
    t.strictSame(generate(root), { status: 0, stderr: '' });
    t.equal(written(), before);
  });

  t.test('names the place of YAML that cannot be read', async (t) => {
    const folder = copy(t, 'common.yaml', (text) => text.replace('    error_fields:\n', '    error_fields: [\n'));
    const { status, stderr } = generate(folder);
    t.equal(status, 1);
    t.match(
      stderr,
      /^ +\d+ s {2}generating types and validators from contracts\/\ncontracts\/common\.yaml:\d+:\d+: .+\n$/,
    );
  });

  t.test('names the place of a reference to nothing', async (t) => {
    const folder = copy(t, 'payments.v1.yaml', (text) => text.replace('schemas/attachment_read', 'schemas/atachment'));
    const { status, stderr } = generate(folder);
    t.equal(status, 1);
    t.match(stderr, /^contracts\/payments\.v1\.yaml:\d+:\d+: .*atachment/m);
  });

  t.test('brings a new field to every place that has the schema', async (t) => {
    const folder = copy(t, 'common.yaml', (text) =>
      text.replace(
        '        given_name:\n',
        '        nickname: { type: string, description: What friends say. }\n        given_name:\n',
      ),
    );
    t.match(generate(folder), {
      status: 0,
      stderr: /^ +\d+ s {2}generating types and validators from contracts\/\n +\d+ s {2}reading the scenarios ahead\n$/,
    });
    for (const name of ['payments', 'customer-token', 'order-management', 'sandbox']) {
      for (const kind of ['ts', 'json', 'cjs']) {
        const file = `${name}.${kind}`;
        t.match(readFileSync(join(folder, 'src/contract/generated', file), 'utf8'), 'nickname', file);
      }
    }
  });
});
