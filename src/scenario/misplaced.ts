import { bodyFields, type Operation, operationNamed, operations } from '../contract/operations.js';
import { entry, type Located } from './located-value.js';
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
  [...(entries as Map<string, unknown>).keys()]
    .map((key) => operations.get(key))
    .find((operation) => operation !== undefined);

/** The place that a key belongs into. */
interface Place {
  words: string;
  /** The key of the same mapping under which it belongs. */
  into?: string;
}

/**
 * Returns the place of a key that its mapping does not know, as a mapping close by knows it.
 * @param path the keys and indices that lead to the mapping
 * @returns undefined when it is known nowhere else
 */
export function placeOf(key: string, path: readonly string[], mapping: Located): Place | undefined {
  const [part, , inner] = path;
  if (part === undefined) return ofFile(key);
  if (part === 'shopper') return KEYS.top.includes(key) ? AT_THE_TOP : undefined;
  if (part === 'outcomes' && path.length === 2) return ofOutcome(key, mapping);
  if (part === 'callbacks' && path.length === 2) return KEYS.delivery.includes(key) ? into('delivery') : undefined;
  if (part !== 'steps' || path.length > 3) return undefined;
  if (inner === undefined) return ofStep(key, mapping);
  const operation = operations.get(inner);
  if (operation) return ofCall(key, mapping, operation);
  return KEYS.step.includes(key)
    ? { words: `it stands beside ${JSON.stringify(inner)}, so indent it less` }
    : undefined;
}

const AT_THE_TOP: Place = { words: 'it stands at the top of the file' };

const into = (name: string): Place => ({ words: `it belongs into ${JSON.stringify(name)}`, into: name });

const intoItem = (what: string, list: string): Place => ({
  words: `it belongs into ${what}, which begins with a dash under "${list}"`,
});

function ofFile(key: string): Place | undefined {
  if (operations.has(key) || [...KEYS.step, ...KEYS.call].includes(key)) return intoItem('a step', 'steps');
  if (KEYS.outcome.includes(key)) return intoItem('an outcome', 'outcomes');
  return shopperKeys().includes(key) ? into('shopper') : undefined;
}

function ofOutcome(key: string, mapping: Located): Place | undefined {
  if (key === 'status') return into(typeof givenAt(key, mapping) === 'string' ? 'fraud' : 'fault');
  if (KEYS.fault.includes(key)) return into('fault');
  if (KEYS.fraud.includes(key)) return into('fraud');
  const operation = operations.get(String(givenAt('on', mapping)));
  return operation && bodyFields(operation).includes(key) ? into('when') : undefined;
}

function ofStep(key: string, mapping: Located): Place | undefined {
  const operation = operationOf(mapping);
  if (operation && KEYS.call.includes(key)) {
    return { words: `it belongs into ${operation.name}, so indent it further`, into: operation.name };
  }
  const part = operation && partOf(key, operation);
  if (part !== undefined) return { words: `it belongs into the ${part} of ${operation?.name}`, into: operation?.name };
  if (KEYS.expect.includes(key)) return into('expect');
  if (mapping.entries?.has('shopper') && shopperKeys().includes(key)) return into('with');
  return KEYS.top.includes(key) ? AT_THE_TOP : undefined;
}

function ofCall(key: string, mapping: Located, operation: Operation): Place | undefined {
  const expect: Place = { words: `it belongs into "expect", which stands beside ${operation.name}` };
  if (key === 'status' && typeof givenAt(key, mapping) === 'number') return expect;
  if (KEYS.step.includes(key)) return { words: `it stands beside ${operation.name}, so indent it less` };
  const part = partOf(key, operation);
  if (part !== undefined) return into(part);
  return KEYS.expect.includes(key) ? expect : undefined;
}

const givenAt = (key: string, mapping: Located): unknown => entry(mapping, key)?.value;

/** Returns the part of an operation's request that has a field. */
function partOf(key: string, operation: Operation): string | undefined {
  const { parameters, query } = operation;
  if (parameters.path.includes(key)) return 'path';
  if (Object.hasOwn(query, key)) return 'query';
  if (parameters.header.some((name) => name.toLowerCase() === key.toLowerCase())) return 'headers';
  return bodyFields(operation).includes(key) ? 'body' : undefined;
}
