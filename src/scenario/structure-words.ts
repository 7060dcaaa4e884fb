import type { AnySchemaObject, ErrorObject } from 'ajv';
import { operations } from '../contract/operations.js';
import type { Located } from './located-value.js';
import { durationMeant, instantMeant, isYes, wrongKind } from './meant.js';
import { placeOf } from './misplaced.js';
import { nearestOperation } from './nearest-operation.js';
import { didYouMean, nearestWord } from './problem.js';
import { shopperActs } from './steps.js';

/** A mistake in the structure of a file, as its validator found it. */
export interface Finding {
  error: ErrorObject;
  /** The value with the mistake, or the mapping with the key. */
  node: Located;
}

/** The message for a mistake, and for an unknown key the known one that is meant or that it belongs into. */
interface Described {
  message: string;
  meant?: string | undefined;
}

/** The schema keyword whose text says what a value must be, where the validator's own message is unclear. */
const WORDS = 'errorMessage';

/** The keywords about the keys of a mapping, not about the value as a whole. */
const aboutKeys = new Set(['additionalProperties', 'required']);

/** Returns the words for a mistake: what was given, what may stand there, and what was probably meant. */
export function describe({ error, node }: Finding): Described {
  return error.keyword === 'additionalProperties' ? unknownKey({ error, node }) : { message: wordsFor(error) };
}

function unknownKey({ error: { params, parentSchema, instancePath }, node }: Finding): Described {
  const key = String(params.additionalProperty);
  const place = placeOf(key, instancePath.split('/').slice(1), node);
  if (place) return { message: `unknown key ${quote(key)} here; ${place.words}`, meant: place.into };
  const keys = Object.keys((parentSchema as AnySchemaObject).properties);
  return { message: `unknown key ${quote(key)}${hintAtKey(key, keys)}`, meant: nearestWord(key, keys) };
}

function wordsFor(error: ErrorObject): string {
  const { keyword, params, parentSchema, data, propertyName } = error;
  const subject = subjectOf(error);
  const { [WORDS]: words, minimum, maximum } = parentSchema as AnySchemaObject;
  if (words && !aboutKeys.has(keyword)) {
    if (propertyName !== undefined) return `${subject} ${words}`;
    // The only pattern of durations is that of delays, which knows fewer units.
    const meant = keyword === 'pattern' ? durationMeant(String(data)) : undefined;
    const fits = meant !== undefined && new RegExp(params.pattern).test(meant);
    return `${subject} ${words}, not ${quote(data)}${fits ? hintAt(meant) : ''}`;
  }
  switch (keyword) {
    case 'required':
      return `${quote(params.missingProperty)} is missing`;
    case 'dependencies':
      return `${quote(params.property)} needs ${quote(params.missingProperty)} beside it`;
    case 'enum':
      return `${subject} ${notOneOf(params.allowedValues, data)}`;
    case 'type':
      return `${subject} ${wrongKind([params.type].flat(), data, error.instancePath.split('/').at(-1))}`;
    case 'format':
      return `${quote(data)} ${notOfFormat(params.format, String(data))}`;
    case 'uniqueItems':
      return `${subject} has the same item twice: ${quote((data as unknown[])[params.i])}`;
    case 'minimum':
    case 'maximum':
      return `${subject} is from ${minimum} to ${maximum}, not ${quote(data)}`;
    // Of the others the schema has those that demand something at all: minLength, minItems, minProperties.
    default:
      return `${subject} is empty`;
  }
}

const hintAt = (meant: string | undefined): string => (meant === undefined ? '' : ` (did you mean ${meant}?)`);

/** Returns a hint at the key that was meant, among those that a mapping may have. */
function hintAtKey(key: string, keys: readonly string[]): string {
  const [, name, value] = /^([\w-]+):(.+)/s.exec(key) ?? [];
  if (name !== undefined && keys.includes(name)) return `; a colon needs a space behind it: ${name}: ${value}`;
  if (key.startsWith('//')) return '; a comment begins with #';
  const hint = didYouMean(key, keys);
  if (hint !== '') return hint;
  if (keys.includes('payment_method')) return ' here; what is expected of the body stands in "body"';
  // A step's key is mostly an operation.
  if (!keys.includes('advance')) return '';
  return shopperActs.has(key) ? ` (did you mean shopper: ${key}?)` : hintAtOperation(key, keys);
}

function hintAtOperation(given: string, names: readonly string[]): string {
  const known = names.map((name) => operations.get(name)).filter((operation) => operation !== undefined);
  const nearest = nearestOperation(given, known);
  return nearest ? ` (did you mean ${quote(nearest.name)}, ${nearest.summary}?)` : '';
}

/** Returns the words for a value that is none of those allowed. */
function notOneOf(allowed: readonly unknown[], data: unknown): string {
  const names = allowed.map(String);
  const given = String(data);
  if (allowed[0] === true) {
    return `is true or left out, not ${quote(data)}${isYes(data) === 'true' ? '; write true' : ''}`;
  }
  if (names.some((name) => operations.has(name))) {
    if (operations.has(given)) return `is one of Klarna's operations, and ${given} is one of the control API`;
    const hint = hintAtOperation(given, names);
    return `is no operation: ${quote(data)}${hint === '' ? `; there are ${names.join(', ')}` : hint}`;
  }
  const hint = names.includes(given) ? '; leave the quotes out' : didYouMean(given, names);
  return `is one of ${names.join(', ')}, not ${quote(data)}${hint}`;
}

function notOfFormat(format: string, given: string): string {
  return format === 'duration'
    ? `is no ISO 8601 duration such as PT61M or P1M${hintAt(durationMeant(given))}`
    : `is no instant such as 2026-03-01T09:00:00Z${hintAt(instantMeant(given))}`;
}

/** Returns what an error is about: a key, an element of a list, or the file. */
function subjectOf({ propertyName, instancePath }: ErrorObject): string {
  const [last = '', list] = instancePath.split('/').reverse();
  if (propertyName !== undefined || !/^\d+$/.test(last)) return quote(propertyName ?? (last || 'the file'));
  return `${list}[${last}]`;
}

const quote = (value: unknown): string => JSON.stringify(value);
