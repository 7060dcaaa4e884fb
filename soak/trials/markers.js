// Two merchants who do the same at once, with marks that may never meet: in no answer, list, journal, event or callback.
import { request as httpRequest } from 'node:http';
import { randomOf } from '../../scripts/test/random.js';
import { crowd } from '../crowd.js';
import { counted, greatest, none } from '../figures.js';
import { faultFigure, faultOf } from '../judge.js';
import { markedBody, meeting } from '../marked.js';
import { startReceiver } from '../receiver.js';
import { basic } from '../send.js';
import { Shop } from '../shop.js';

/** Number of purchases of each merchant under way at once. */
const WORKERS = 3;

/** The most purchases in a round. */
const MOST = 3_000;

/** Operations that tell of all merchants where there is no merchants file, and those that would end the trial. */
const LEFT_OUT = new Set([
  'listMerchants',
  'followEvents',
  'resetMerchant',
  'clearJournal',
  'setClock',
  'shareCustomerToken',
  'playScenario',
]);

/** Follows the events of a shop; `seen` gets them as they come. Returns how it is stopped. */
function follow({ world, username }, seen) {
  const request = httpRequest(`${world.url}/sandbox/v1/events?after=0`, {
    headers: { authorization: basic(username) },
  });
  request.on('response', (response) =>
    response
      .setEncoding('utf8')
      .on('data', seen)
      .on('error', () => {}),
  );
  request.on('error', () => {});
  request.end();
  return () => request.destroy();
}

/** Makes the sides: a shop, its mark, and the mark of the other. */
function makeSides(world, seed, look) {
  const random = randomOf(`${seed} markers`);
  const marks = ['left', 'right'].map((side) => `${side}x${Math.floor(random() * 2 ** 32).toString(36)}`);
  return marks.map((mark, at) => {
    const other = marks[1 - at];
    // The user name has no mark, since lists of merchants tell it.
    const shop = new Shop(world, at === 0 ? 'port' : 'starboard', (answer, { name }) => look(answer, { name, other }));
    return { shop, mark, other, ids: [] };
  });
}

/** Lets marked merchants buy, read everything, and ask for what is the other's. */
export async function markers({ standIn, agent, operations, seed, seconds }) {
  const met = [];
  const taken = [];
  const faults = [];
  const meet = (where, text, mark) => {
    const around = meeting(text, mark);
    if (around !== undefined) met.push(`${where}: …${around}…`);
  };
  let answers = 0;
  const look = (answer, { name, other }) => {
    answers++;
    const fault = faultOf(answer);
    if (fault) faults.push({ fault, example: `${name}: ${answer.error?.code ?? answer.status}` });
    if (!answer.error) meet(`answer of ${name}`, JSON.stringify(answer.headers) + answer.text, other);
  };
  const sides = makeSides({ agent, url: standIn.url, operations }, seed, look);
  const receiver = await startReceiver(({ path, text }) => {
    for (const { mark, other } of sides) if (path.includes(mark)) meet(`callback ${path}`, path + text, other);
  });
  const stops = sides.map(({ shop, other }) => follow(shop, (text) => meet('event', text, other)));
  const until = performance.now() + seconds * 700;
  const purchases = await crowd({ workers: WORKERS * 2, until, most: MOST }, async (worker) => {
    const { shop, mark, ids } = sides[worker % 2];
    ids.push(await shop.buy((name, body) => markedBody(name, body, mark, receiver.url)));
    if (ids.length > 5) ids.shift();
    await shop.call('advanceClock', { body: { by: 'PT3M' } });
  });
  await readOwn(sides);
  await readOther(sides, taken);
  for (const stop of stops) stop();
  await receiver.stop();
  return [
    counted('purchases', purchases),
    counted('answers looked through', answers),
    counted('callbacks looked through', receiver.count()),
    greatest('operations asked for what is the other’s', otherOperations(operations).length, ''),
    none('marks that met', met),
    none('calls that did something with what is the other’s', taken),
    faultFigure(faults),
  ];
}

/** Reads every list of both, which the shops look through by themselves. */
async function readOwn(sides) {
  for (const { shop, ids } of sides) {
    for (const { name, method, path } of shop.world.operations.values()) {
      if (method !== 'GET' || LEFT_OUT.has(name)) continue;
      const query = path.startsWith('/sandbox/v1/') && !path.includes('{') ? queryFor(name) : '';
      await shop.call(name, { ids: ids.at(-1), query });
    }
  }
}

function queryFor(name) {
  if (name === 'readScenarioText') return '?name=declines/charge-failed';
  return /^list(?:Sess|Auth|Cust|Orders|Host)|^readJournal$/.test(name) ? '?limit=100' : '';
}

const otherOperations = (operations) =>
  [...operations.values()].filter(
    ({ name, path, opened }) => opened === 'credentials' && path.includes('{') && !LEFT_OUT.has(name),
  );

/** Lets each shop ask for what is the other's; nothing of it may succeed. */
async function readOther(sides, taken) {
  for (const [at, { shop }] of sides.entries()) {
    const ids = sides[1 - at].ids.at(-1);
    for (const { name, method } of otherOperations(shop.world.operations)) {
      const { status } = await shop.call(name, { ids });
      if (status < 300) taken.push(`${name} (${method}) by ${shop.username}: ${status}`);
    }
  }
}
