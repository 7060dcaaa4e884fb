// The right requests of which wrong ones are made: the examples of the contracts, and the steps of the cases.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { here } from '../bench/contenders/contender.js';

const CASES = here('../contracts/cases');

/**
 * A request of an operation that may be sent as it is, once ids stand in the place of `${name}`.
 * @typedef {{ name: string, body?: any, path?: Record<string, string>, headers?: Record<string, string> }} Base
 */

/** Names by which cases keep ids, and the ids of a shop. */
const KEPT = [
  [/page|hosted/i, 'hosted_session'],
  [/session/i, 'session'],
  [/auth/i, 'authorization'],
  [/capture/i, 'capture'],
  [/refund/i, 'refund'],
  [/token/i, 'token'],
  [/order/i, 'order'],
];

/** Puts the ids of a shop in the place of what a case keeps by names. */
export function fillIn(value, ids) {
  const text = JSON.stringify(value);
  if (!text?.includes('${')) return value;
  return JSON.parse(
    text.replace(/\$\{(\w+)[^}]*\}/g, (_, name) => ids[KEPT.find(([like]) => like.test(name))?.[1]] ?? name),
  );
}

/** Returns the bases that the steps of a case are, for operations that the contracts have. */
export function basesOfCase({ steps }, operations, market) {
  return steps.flatMap((step) => {
    const name = Object.keys(step).find((key) => operations.has(key));
    if (name === undefined) return [];
    const { body, path, headers } = step[name] ?? {};
    const full = name === 'createSession' || name === 'createOrder' ? { ...market, ...body } : body;
    return [{ name, body: typeof body === 'string' ? body : full, path, headers }];
  });
}

const basesOf = ({ name, bodies }) => (bodies.length > 0 ? bodies : [undefined]).map((body) => ({ name, body }));

/** Reads the bases of all operations, by their names; every operation has one. */
export async function readBases(operations) {
  const bases = new Map([...operations.values()].map((operation) => [operation.name, basesOf(operation)]));
  const { purchase_country, purchase_currency, locale } = operations.get('createSession').bodies[0];
  const names = await readdir(CASES, { recursive: true });
  for (const name of names.filter((name) => name.endsWith('.yaml')).sort()) {
    const read = parse(await readFile(join(CASES, name), 'utf8'), { merge: true });
    for (const base of basesOfCase(read, operations, { purchase_country, purchase_currency, locale })) {
      bases.get(base.name).push(base);
    }
  }
  return bases;
}
