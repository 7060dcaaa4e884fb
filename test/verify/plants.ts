import { randomUUID } from 'node:crypto';
import { documentOf, type Operation, propertiesOf, resolve, type Schema } from '../../src/contract/operations.js';
import type { Passed, Passing, Plant } from './proxy.js';

/** A mistake that a stand-in can make in its answers of one operation and status. */
export interface Mistake {
  name: string;
  status: number;
  plant: Plant;
}

type Change = (passed: Passed) => Passing;

/** Every answer of an operation with this status, changed. */
const whenever = ({ name }: Operation, status: number, change: Change): Plant => {
  return (passed) => (passed.operation.name === name && passed.status === status ? change(passed) : undefined);
};

/** Changes the body; that of a list in its first element. */
const inBody = (change: (body: any) => void): Change => {
  return ({ status, headers, body }) => {
    const copy = structuredClone(body);
    change(Array.isArray(copy) ? (copy[0] ?? {}) : copy);
    return { status, headers, body: copy };
  };
};

const without = (header: string): Change => {
  return ({ status, headers: { [header]: _, ...headers }, body }) => ({ status, headers, body });
};

/** The fields of an operation's answer, an answer that is a list by its elements. */
function fieldsOf({ api }: Operation, pointer: string): { required: string[]; properties: Record<string, Schema> } {
  const document = documentOf(api);
  const follow = (schema: Schema): Schema => (schema.$ref ? follow(resolve(document, schema.$ref)) : schema);
  const schema = follow(resolve<Schema>(document, pointer));
  const object = schema.items ? follow(schema.items) : schema;
  return { required: object.required ?? [], properties: propertiesOf(document, object) };
}

/** What can be wrong with a success. */
export function mistakesInSuccess(operation: Operation, status: number): Mistake[] {
  const contract = operation.answers.get(status);
  if (!contract) return [];
  const mistakes: [string, Change][] = [
    ['another status', ({ headers, body }) => ({ status: status === 200 ? 201 : 200, headers, body })],
    ['a status the contract has for others', ({ headers, body }) => ({ status: 400, headers, body })],
    ...contract.headers.map((header): [string, Change] => [`no ${header}`, without(header.toLowerCase())]),
  ];
  if (contract.schema !== undefined) {
    const { required, properties } = fieldsOf(operation, contract.schema);
    for (const field of required) {
      mistakes.push([`no ${field}`, inBody((body) => delete body[field])]);
      mistakes.push([
        `another type of ${field}`,
        inBody((body) => {
          body[field] = typeof body[field] === 'string' ? 42 : 'text';
        }),
      ]);
    }
    mistakes.push(['a stray field', inBody((body) => Object.assign(body, { stray: true }))]);
    mistakes.push([
      'a page',
      ({ headers }) => ({ status, headers: { ...headers, 'content-type': 'text/html' }, body: '<html></html>' }),
    ]);
    mistakes.push(['no body', ({ headers }) => ({ status, headers, body: undefined })]);
    mistakes.push([
      'another content type',
      ({ body, headers }) => ({ status, headers: { ...headers, 'content-type': 'text/plain' }, body }),
    ]);
    for (const [field, schema] of Object.entries(properties)) {
      const { enum: members } = schema.$ref ? resolve<Schema>(documentOf(operation.api), schema.$ref) : schema;
      if (!required.includes(field) || !members || members.some((member) => member === String(member).toLowerCase()))
        continue;
      mistakes.push([
        `${field} in lower case`,
        inBody((body) => {
          body[field] = String(body[field]).toLowerCase();
        }),
      ]);
    }
  } else if (status !== 204) {
    mistakes.push([
      'a body',
      ({ headers }) => ({ status, headers: { ...headers, 'content-type': 'application/json' }, body: {} }),
    ]);
  }
  return mistakes.map(([name, change]) => ({ name, status, plant: whenever(operation, status, change) }));
}

/** What can be wrong with a refusal that has a JSON body. */
export function mistakesInRefusal(operation: Operation, status: number): Mistake[] {
  const mistakes: [string, Change][] = [
    ['another status of a refusal', ({ headers, body }) => ({ status: status === 403 ? 404 : 403, headers, body })],
    ['another error code', inBody((body) => Object.assign(body, { error_code: 'OTHER' }))],
    [
      'an error code in lower case',
      inBody((body) => Object.assign(body, { error_code: body.error_code.toLowerCase() })),
    ],
    ['other error messages', inBody((body) => Object.assign(body, { error_messages: ['Something else'] }))],
    ['no error messages', inBody((body) => delete body.error_messages)],
    ['another correlation id', inBody((body) => Object.assign(body, { correlation_id: randomUUID() }))],
    ['no correlation id in the header', without('klarna-correlation-id')],
    ['a success', ({ headers }) => ({ status: successesOf(operation)[0] as number, headers, body: undefined })],
  ];
  return mistakes.map(([name, change]) => {
    const plant = whenever(operation, status, change);
    // The gateway refuses some requests with a page.
    return { name, status, plant: (passed) => (typeof passed.body === 'object' ? plant(passed) : undefined) };
  });
}

/** What can be wrong with the gateway's answer to a call without credentials. */
export function mistakesInPage(operation: Operation): Mistake[] {
  const json = ({ headers }: Passed): Passing => ({
    status: 401,
    headers: { ...headers, 'content-type': 'application/json' },
    body: { error_code: 'UNAUTHORIZED', error_messages: [], correlation_id: randomUUID() },
  });
  const bare = whenever(operation, 401, without('www-authenticate'));
  return [
    { name: 'a JSON 401', status: 401, plant: whenever(operation, 401, json) },
    { name: 'a 401 that asks for nothing', status: 401, plant: bare },
  ];
}

/** The statuses with which an operation succeeds. */
export const successesOf = ({ answers }: Operation): number[] => [...answers.keys()].filter((status) => status < 300);
