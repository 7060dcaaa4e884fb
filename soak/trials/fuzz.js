// Every operation of every contract, with bodies, headers, paths and bytes that are not as they should be.

import { randomOf } from '../../scripts/test/random.js';
import { fillIn, readBases } from '../bases.js';
import { crowd } from '../crowd.js';
import { counted, greatest, none } from '../figures.js';
import { faultFigures, faultOf } from '../judge.js';
import { mutate } from '../mutate.js';
import { exchange, HOSTILE, statusesIn } from '../raw.js';
import { pathOf, Shop } from '../shop.js';

/** Number of senders at once. */
const WORKERS = 8;

/** How often a shop that is fuzzed buys anew, since its sessions, orders and its clock are spoiled by then. */
const RENEWED_EVERY = 60;

/** The most requests in a round. */
const MOST = 200_000;

/** Operations that play, wait or wipe; the others come far more often. */
const SELDOM = new Set([
  'playScenario',
  'resetMerchant',
  'clearJournal',
  'setClock',
  'redeliverCallback',
  'followEvents',
]);

/** Describes a request, so that it can be sent again. */
function describe({ name, method, path, headers, body }) {
  const { authorization: _, ...others } = headers;
  const text = body === undefined ? '' : ` ${String(body).slice(0, 300)}`;
  return `${name}: ${method} ${path.slice(0, 200)} ${JSON.stringify(others).slice(0, 300)}${text}`;
}

function makeRequest(shop, operation, base, ids, random) {
  const { body, path = {}, headers } = fillIn(base, ids);
  const request = shop.request(operation.name, { ids, body, headers });
  request.path = pathOf({ path: operation.path.replace(/\{(\w+)\}/g, (whole, name) => path[name] ?? whole) }, ids);
  if (operation.query.length > 0 && random() < 0.5) {
    const [name, example] = operation.query[Math.floor(random() * operation.query.length)];
    request.path += `?${name}=${encodeURIComponent(example)}`;
  }
  return mutate(request, typeof body === 'string' ? undefined : (body ?? operation.bodies[0]), random);
}

/** Fuzzes a stand-in with requests of HTTP, and with bytes on every fortieth turn. */
export async function fuzz({ standIn, agent, operations, seed, seconds }) {
  const bases = await readBases(operations);
  const all = [...operations.values()];
  const faults = [];
  const seen = new Set();
  let slowest = 0;
  const watch = (answer, request) => {
    slowest = Math.max(slowest, answer.ms);
    const fault = faultOf(answer);
    const why = answer.error
      ? answer.error.code
      : `${answer.status} (${answer.headers['mock-klarna-explain'] ?? 'no reason given'})`;
    if (fault) faults.push({ fault, example: `${why} for ${describe(request)}` });
  };
  const world = { agent, url: standIn.url, operations };
  const shops = Array.from({ length: WORKERS }, (_, worker) => new Shop(world, `fuzz-${worker}`, watch));
  const states = [];
  const randoms = shops.map((_, worker) => randomOf(`${seed} fuzz ${worker}`));
  let bytes = 0;

  const renew = async (shop) => {
    await shop.call('endScenario');
    return shop.buy();
  };
  const until = performance.now() + seconds * 1_000;
  const requests = await crowd({ workers: WORKERS, until, most: MOST }, async (worker, turn) => {
    const [shop, random] = [shops[worker], randoms[worker]];
    if (standIn.died() !== undefined) return;
    if (turn % RENEWED_EVERY === 0) states[worker] = await renew(shop);
    if (turn % 40 === 39) {
      bytes++;
      return sendBytes(standIn.url, random, faults);
    }
    const operation = all[Math.floor(random() * all.length)];
    if (SELDOM.has(operation.name) && random() > 0.1) return;
    const known = bases.get(operation.name);
    const base = known[Math.floor(random() * known.length)];
    const answer = await shop.send(makeRequest(shop, operation, base, states[worker], random));
    if (answer.status < 300) seen.add(operation.name);
  });
  const unreadable = await readAgain(shops);
  return [
    counted('requests', requests - bytes),
    counted('requests of raw bytes', bytes),
    greatest('operations of the contracts', all.length, ''),
    greatest('operations that succeeded at times', seen.size, ''),
    greatest('slowest answer', slowest, 'ms'),
    ...faultFigures(faults),
    none('lists, journals, reports that cannot be read afterwards', unreadable),
  ];
}

async function sendBytes(url, random, faults) {
  const at = Math.floor(random() * HOSTILE.length);
  const answer = await exchange(url, HOSTILE[at](random));
  const example = `bytes ${at} of soak/raw.js`;
  if (answer === undefined) faults.push({ fault: 'hang', example });
  // A stand-in may answer 501 and 505 to methods and versions of HTTP that it does not know.
  else if (statusesIn(answer).some((status) => status >= 500 && status !== 501 && status !== 505)) {
    faults.push({ fault: 'internal', example: `${example}: ${answer.slice(0, 200)}` });
  }
}

/** Reads whatever can be listed of the shops that were fuzzed. Returns what could not be. */
async function readAgain(shops) {
  const lists = [...shops[0].world.operations.values()].filter(
    ({ name, method, path, opened }) =>
      method === 'GET' &&
      opened === 'credentials' &&
      path.startsWith('/sandbox/') &&
      !path.includes('{') &&
      name !== 'followEvents',
  );
  const unreadable = [];
  for (const shop of shops) {
    await shop.call('endScenario');
    for (const { name } of lists) {
      const query = name === 'readScenarioText' ? '?name=declines/charge-failed' : '';
      const answer = await shop.call(name, { query });
      if (answer.status !== 200 || faultOf(answer)) {
        unreadable.push(
          `${name} of ${shop.username}: ${answer.error?.code ?? `${answer.status} ${answer.text.slice(0, 200)}`}`,
        );
      }
    }
  }
  return unreadable;
}
