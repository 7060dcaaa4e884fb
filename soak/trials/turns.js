// Turns of the event loop: no operation holds the loop for long, whatever is kept and whatever is due.
import { locate } from '../../bench/contracts.js';
import { load } from '../../bench/load.js';
import { sentBy } from '../../bench/measures/growth.js';
import { purchase } from '../../bench/purchase.js';
import { counted, greatest, none } from '../figures.js';
import { startReceiver } from '../receiver.js';
import { connections } from '../send.js';
import { bodyOf, Shop } from '../shop.js';
import { startStandIn } from '../stand-in.js';

/** The most that a turn may take, in milliseconds. */
const TURN = 50;

/** How often an operation may try to stay below it, unless it is as far beyond as no busy machine makes it, in milliseconds. */
const TRIES = 3;
const HOPELESS = 1_000;

/** Merchants of whom a report is asked, and orders of the shop that has many; a short soak makes fewer. */
const MERCHANTS = 10_000;
const ORDERS = 2_000;

/** A soak of this length makes them all, in minutes. */
const FULL = 2;

/** How long the making of either may take, in milliseconds. */
const LONGEST = 30_000;

/** The merchant of the benchmark's load. */
const SHOP = 'shop';

/** The steps by which the shop comes to an order whose push falls due. */
function ordering(documents, receiver) {
  const urls = { confirmation: `${receiver}/thanks`, push: `${receiver}/push?order={order.id}` };
  return purchase
    .filter(({ operation }) => ['createSession', 'authorizeSession', 'createOrder'].includes(operation))
    .map((step) => ({ ...step, ...(step.body.order_lines && { body: { ...step.body, merchant_urls: urls } }) }))
    .map((step) => locate(step, documents));
}

/** The calls measured beside the plain one of each operation: the same operations with much to do. */
const heavy = [
  ['readReport, of all merchants', 'readReport', { query: '?merchants=all' }],
  ['readJournal, 1,000 exchanges', 'readJournal', { query: '?limit=1000' }],
  ['readJournal, one operation', 'readJournal', { query: '?operation=captureOrder&limit=1000' }],
  ['followEvents, from the beginning', 'followEvents', { query: '?after=0' }],
  ['listCallbacks, all', 'listCallbacks', { query: '?limit=200' }],
  [
    'createSession, a body of a megabyte',
    'createSession',
    { body: { ...bodyOf('createSession'), unknown: 'z'.repeat(1_000_000) } },
  ],
  ['createSession, 40,000 empty lines', 'createSession', { body: `{"order_lines":[${'{},'.repeat(40_000)}{}]}` }],
  [
    'createSession, 5,000 nested',
    'createSession',
    { body: `{"order_lines":${'['.repeat(5_000)}${']'.repeat(5_000)}}` },
  ],
  [
    'chooseScenario, a pattern that goes back',
    'chooseScenario',
    {
      body: {
        inline: {
          title: 'A pattern',
          evidence: 'inferred',
          outcomes: [
            {
              on: 'createSession',
              when: { merchant_reference1: { $match: '^(?:a|a?)+$' } },
              error: 'MERCHANT_INACTIVE',
            },
          ],
        },
      },
    },
  ],
  [
    'createSession, matched by it',
    'createSession',
    { body: { ...bodyOf('createSession'), merchant_reference1: `${'a'.repeat(27)}!` } },
  ],
  ['endScenario', 'endScenario', {}],
  ['advanceClock, with callbacks due', 'advanceClock', { body: { by: 'PT20M' } }],
];

/** A scenario that ships. */
const SHIPPED = 'declines/charge-failed';

/** Requests of operations whose examples in the contracts name records that do not exist. */
const PLAIN = {
  chooseScenario: { body: { name: SHIPPED } },
  playScenario: { body: { name: SHIPPED } },
  readScenarioText: { query: `?name=${SHIPPED}` },
  setClock: { body: { now: '2040-01-01T00:00:00Z' } },
};

/** Those that end what the others need, or take long by nature: they come last. */
const LAST = ['advanceClock', 'setClock', 'clearJournal', 'resetMerchant'];

function callsOf(operations) {
  const names = [...operations.keys()].filter((name) => !LAST.includes(name));
  const plain = (name) => [name, name, PLAIN[name] ?? {}];
  return [...names.map(plain), ...heavy, ...LAST.map(plain)];
}

/** Measures the longest turn while an operation is called. Returns that of the quickest of the tries that it took. */
async function measure({ standIn, shop, ready }, name, given) {
  const call = async () => {
    const ids = await ready(name);
    await standIn.watch();
    const answer = await shop.call(name, { ids, ...given });
    return { ...(await standIn.watched()), answer };
  };
  const first = await call();
  if (first.took > HOPELESS) return first;
  const tries = [];
  do tries.push(await call());
  while (tries.at(-1).took > TURN && tries.length < TRIES);
  return tries.sort((a, b) => a.took - b.took)[0];
}

/** Measures every operation, in a stand-in that has much to keep. */
export async function turns({ documents, operations, minutes }) {
  const part = Math.min(1, minutes / FULL);
  const [merchants, orders] = [MERCHANTS * part, ORDERS * part].map(Math.round);
  const receiver = await startReceiver();
  const standIn = await startStandIn({ memory: 2 ** 30 });
  const agent = connections(4);
  try {
    const steps = ordering(documents, receiver.url);
    const crowded = await load(standIn.url, [sentBy(steps[0], merchants)], merchants, LONGEST);
    const ordered = await load(standIn.url, steps, orders * steps.length, LONGEST);
    const shop = new Shop({ agent, url: standIn.url, operations }, SHOP);
    const calls = callsOf(operations);
    let ids;
    /** Buys anew for what changes something; what only reads may read the same again. */
    const ready = async (name) => {
      if (ids === undefined || operations.get(name).method !== 'GET') ids = await shop.buy();
      return ids;
    };
    const long = [];
    let longest = { took: 0, wall: 0, cpu: 0 };
    for (const [label, name, given] of calls) {
      const { answer, ...turn } = await measure({ standIn, shop, ready }, name, given);
      if (turn.took > longest.took) longest = turn;
      const how = answer.error?.code ?? answer.status;
      if (turn.took > TURN) {
        long.push(`${label}: ${turn.wall.toFixed(0)} ms, ${turn.cpu.toFixed(0)} ms of CPU time (${how})`);
      }
    }
    return [
      greatest('merchants with a journal', crowded.answered, ''),
      greatest('orders of one merchant', Math.floor(ordered.answered / steps.length), ''),
      greatest('calls measured', calls.length, ''),
      counted('callbacks sent', receiver.count()),
      greatest(`longest turn of a call, best of ${TRIES}`, longest.took, 'ms', TURN),
      greatest('its CPU time', longest.cpu, 'ms'),
      none(`calls with a turn over ${TURN} ms in each of ${TRIES} tries`, long),
    ];
  } finally {
    await agent.destroy();
    await standIn.stop();
    await receiver.stop();
  }
}
