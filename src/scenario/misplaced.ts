import { bodyFields, type Operation, operationNamed, operations } from '../contract/operations.js';
import type { Located } from './located-value.js';
import { faultKeys } from './outcomes.js';

/** Keys of a file's mappings, of those that are mixed up with each other. */
const KEYS = {
  top: [
    'alias',
    'evidence',
    'source',
    'market',
    'tags',
    'merchant',
    'clock',
    'needs',
    'steps',
    'outcomes',
    'callbacks',
  ],
  step: ['title', 'as', 'times', 'expect', 'keep', 'shopper', 'session', 'with', 'advance'],
  call: ['path', 'query', 'headers', 'body'],
  expect: ['status', 'headers', 'body', 'payment_method', 'callbacks'],
  outcome: ['on', 'calls', 'when', 'error', 'fraud', 'fault'],
  fault: [...faultKeys.keys(), 'commit', 'delay'],
  fraud: ['then', 'after'],
  delivery: ['twice', 'after', 'delay', 'before-the-answer', 'drop', 'reorder', 'status'],
};

/** Returns the keys of what the shopper does. */
const shopperKeys = (): string[] => bodyFields(operationNamed('authorizeSession'));

const operationOf = ({ entries }: Located): Operation | undefined =>
  [...(entries?.keys() ?? [])].map((key) => operations.get(key)).find((operation) => operation !== undefined);

/**
 * Returns the words for where a key belongs that its mapping does not know, as that of another one close by has it.
 * @param path the keys and indices that lead to the mapping
 * @returns undefined when it is known nowhere else
 */
export function placeOf(key: string, path: readonly string[], mapping: Located): string | undefined {
  const [part, , inner] = path;
  if (part === undefined) return ofFile(key);
  if (part === 'shopper') return KEYS.top.includes(key) ? 'it stands at the top of the file' : undefined;
  if (part === 'outcomes' && path.length === 2) return ofOutcome(key, mapping);
  if (part === 'callbacks' && path.length === 2) return KEYS.delivery.includes(key) ? into('delivery') : undefined;
  if (part !== 'steps') return undefined;
  if (path.length === 2) return ofStep(key, mapping);
  if (path.length > 3 || inner === undefined) return undefined;
  const operation = operations.get(inner);
  if (operation) return ofCall(key, operation);
  if (KEYS.step.includes(key)) return `it stands beside ${JSON.stringify(inner)}, so indent it less`;
  return inner === 'expect' ? 'what is expected of the body stands in "body"' : undefined;
}

const into = (name: string): string => `it belongs into ${JSON.stringify(name)}`;

function ofFile(key: string): string | undefined {
  if (operations.has(key) || [...KEYS.step, ...KEYS.call].includes(key)) {
    return 'it belongs into a step, which begins with a dash under "steps"';
  }
  if (KEYS.outcome.includes(key)) return 'it belongs into an outcome, which begins with a dash under "outcomes"';
  return shopperKeys().includes(key) ? into('shopper') : undefined;
}

function ofOutcome(key: string, mapping: Located): string | undefined {
  const value = mapping.entries?.get(key)?.node.value;
  if (key === 'status') return into(typeof value === 'string' ? 'fraud' : 'fault');
  if (KEYS.fault.includes(key)) return into('fault');
  if (KEYS.fraud.includes(key)) return into('fraud');
  const operation = operations.get(String(mapping.entries?.get('on')?.node.value));
  return operation && bodyFields(operation).includes(key) ? into('when') : undefined;
}

function ofStep(key: string, mapping: Located): string | undefined {
  const operation = operationOf(mapping);
  if (operation && KEYS.call.includes(key)) return `it belongs into ${operation.name}, so indent it further`;
  const field = operation && partOf(key, operation);
  if (field !== undefined) return `it belongs into the ${field} of ${operation?.name}`;
  if (KEYS.expect.includes(key)) return into('expect');
  if (mapping.entries?.has('shopper') && shopperKeys().includes(key)) return into('with');
  return KEYS.top.includes(key) ? 'it stands at the top of the file' : undefined;
}

function ofCall(key: string, operation: Operation): string | undefined {
  if (KEYS.step.includes(key)) return `it stands beside ${operation.name}, so indent it less`;
  const part = partOf(key, operation);
  if (part !== undefined) return into(part);
  return KEYS.expect.includes(key) ? `it belongs into "expect", which stands beside ${operation.name}` : undefined;
}

/** Returns the part of an operation's request that has a field. */
function partOf(key: string, { parameters, query, ...operation }: Operation): string | undefined {
  if (parameters.path.includes(key)) return 'path';
  if (Object.hasOwn(query, key)) return 'query';
  if (parameters.header.some((name) => name.toLowerCase() === key.toLowerCase())) return 'headers';
  return bodyFields(operation as Operation).includes(key) ? 'body' : undefined;
}
