// Clients that are slow, idle or mean, beside one who only wants to buy, and whose waiting is measured.
import { execFileSync } from 'node:child_process';
import { locate } from '../../bench/contracts.js';
import { purchase } from '../../bench/purchase.js';
import { median } from '../../bench/rounds.js';
import { bystand } from '../bystander.js';
import { crowd } from '../crowd.js';
import { counted, greatest, none } from '../figures.js';
import { within } from '../in-time.js';
import { PATIENCE } from '../judge.js';
import { drip, endlessBody, openMany } from '../open-many.js';
import { open, statusesIn } from '../raw.js';
import { basic, connections, send } from '../send.js';

/** How often a second the bystander asks. */
const RATE = 50;

/** The most that half of the bystander's answers may take, in milliseconds; a machine that does other things takes its part. */
const BYSTANDER = 100;

/** The same beside those who ask for work that has to be done. */
const AMONG_BUSY = 500;
const IDLERS = new Set(['nobody', 'idle connections', 'dripping bodies']);

const IDLE = 2_000;
const DRIPPING = 500;

/** Number of open files that idle connections must leave to everything else in the process. */
const OTHER_FILES = 1_000;

/** Returns how many connections may stand idle: as many as wanted, where a process may have so many files open. */
function idle() {
  const files = Number(execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }));
  return Number.isNaN(files) ? IDLE : Math.max(100, Math.min(IDLE, files - OTHER_FILES));
}

const READERS = 60;
const FOLLOWERS = 20;
const PIPELINES = 5;
const PIPELINED = 100;

/** The most bodies of a megabyte in a round. */
const BODIES = 4_096;

/** Names under which they come. */
const NAMES = 400;

const MEGABYTE = 1_000_000;

const read = (path, username) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${basic(username)}\r\n\r\n`;

/** A body of a megabyte: one that is refused or, every other time, one that is taken. */
function largeBody(turn) {
  const body = structuredClone(purchase[0].body);
  if (turn % 2 === 0) body.order_amount = -1;
  // Lines are kept; a field that nobody knows is not, but the journal has it.
  const line = {
    name: 'x'.repeat(200),
    quantity: 1,
    unit_price: 0,
    total_amount: 0,
    product_url: `https://boots.example.com/${'y'.repeat(900)}`,
  };
  const text = JSON.stringify(line);
  const lines = Math.floor((MEGABYTE - 2_000) / (text.length + 1));
  const few = turn % 3 === 0;
  if (!few) body.unknown = 'z'.repeat(MEGABYTE - 2_000);
  else body.order_lines = [...body.order_lines, ...Array(Math.min(lines, 990)).fill(line)];
  return JSON.stringify(body);
}

/** The acts: each begins something and returns how it is ended, with figures of its own if it has some. */
const acts = {
  nobody: async () => ({ end: () => [] }),

  'idle connections': async ({ standIn }) => {
    const { sockets, close } = await openMany(idle(), standIn.url, () => undefined);
    return {
      end() {
        close();
        return [greatest('idle connections at once', sockets.length, '')];
      },
    };
  },

  'dripping bodies': async ({ standIn }) => {
    const { sockets, close } = await openMany(DRIPPING, standIn.url, endlessBody);
    const stop = drip(sockets);
    return {
      end() {
        stop();
        close();
      },
    };
  },

  'journal readers who do not read': async ({ standIn, agent }) => {
    await fillJournal(standIn.url, agent, 4);
    const { close } = await openMany(
      READERS,
      standIn.url,
      () => read('/sandbox/v1/journal?limit=1000', 'reader').repeat(3),
      {
        reading: false,
      },
    );
    return { end: close };
  },

  'followers who do not read': async ({ standIn, agent }) => {
    const { close } = await openMany(FOLLOWERS, standIn.url, () => read('/sandbox/v1/events?after=0', 'reader'), {
      reading: false,
    });
    const filling = fillJournal(standIn.url, agent, 1);
    return {
      async end() {
        await filling;
        close();
      },
    };
  },

  'bodies of a megabyte': async ({ standIn, seconds }) => {
    const agent = connections(8);
    const statuses = new Map();
    const until = performance.now() + seconds * 1_000;
    const sending = crowd({ workers: 8, until, most: BODIES }, async (worker, turn) => {
      const answer = await send(agent, standIn.url, {
        method: 'POST',
        path: '/payments/v1/sessions',
        headers: { 'content-type': 'application/json', authorization: basic(`large-${(worker * 50 + turn) % NAMES}`) },
        body: largeBody(turn),
      });
      const how = answer.error?.code ?? answer.status;
      statuses.set(how, (statuses.get(how) ?? 0) + 1);
    });
    return {
      async end() {
        const sent = await sending;
        await agent.close();
        const wrong = [...statuses].filter(([how]) => !(how < 500));
        return [counted('bodies of a megabyte', sent), none('of which were not answered', wrong.map(String))];
      },
    };
  },

  pipelining: async ({ standIn }) => {
    const mixed = [];
    const runs = Array.from({ length: PIPELINES }, () =>
      pipeline(standIn.url).then((wrong) => wrong && mixed.push(wrong)),
    );
    return {
      async end() {
        await Promise.all(runs);
        return [none('pipelined answers out of order or lost', mixed)];
      },
    };
  },
};

/** Fills the journal of the merchant whom readers ask for, with some ten megabytes. */
async function fillJournal(url, agent, workers) {
  const body = JSON.stringify({ ...purchase[0].body, unknown: 'j'.repeat(12_000) });
  const headers = { 'content-type': 'application/json', authorization: basic('reader') };
  const fill = { workers, until: performance.now() + 4_000, most: 800 };
  await crowd(fill, () =>
    send(agent, url, { method: 'POST', path: '/payments/v1/sessions', headers, body }).then(() => {}),
  );
}

/** Sends many requests at once on one connection. Returns what is wrong with their answers. */
function pipeline(url) {
  const wanted = Array.from({ length: PIPELINED }, (_, at) => (at % 2 === 0 ? 200 : 404));
  const requests = wanted.map((status) =>
    read(status === 200 ? '/sandbox/v1/health' : '/payments/v1/sessions/nobody', 'pipe'),
  );
  return new Promise((resolve) => {
    const socket = open(url);
    let text = '';
    const finish = () => {
      clearTimeout(guard);
      socket.destroy();
      const statuses = statusesIn(text);
      const same = statuses.length === wanted.length && statuses.every((status, at) => status === wanted[at]);
      resolve(same ? undefined : `${statuses.length} of ${wanted.length} answers came: ${[...new Set(statuses)]}`);
    };
    const guard = setTimeout(finish, PATIENCE);
    socket.setEncoding('latin1').on('data', (part) => {
      text += part;
      if (statusesIn(text).length >= wanted.length) finish();
    });
    socket.on('close', finish);
    socket.write(requests.join(''));
  });
}

/** Waits until a stand-in answers again. Returns what went wrong if it does not. */
async function settle(agent, url, name) {
  const { error } = await send(agent, url, { method: 'GET', path: '/sandbox/v1/health' });
  return error ? [`after ${name}: ${error.code}`] : [];
}

/** Measures the bystander beside each act. */
export async function slow({ standIn, agent, documents, seconds }) {
  const step = locate(purchase[0], documents);
  const share = seconds / Object.keys(acts).length;
  const figures = [];
  const stood = [];
  for (const [name, begin] of Object.entries(acts)) {
    const act = await begin({ standIn, agent, seconds: share });
    let times;
    try {
      times = await within(bystand(standIn.url, step, RATE, share), share * 1_000 + PATIENCE);
    } catch (error) {
      figures.push(none('requests of the bystander that went wrong', [`beside ${name}: ${error.cause ?? error}`]));
    }
    const own = (await act.end()) ?? [];
    stood.push(...(await settle(agent, standIn.url, name)));
    if (times) {
      figures.push(
        greatest(
          `bystander beside ${name}: half within`,
          median(times),
          'ms',
          IDLERS.has(name) ? BYSTANDER : AMONG_BUSY,
        ),
        greatest(`bystander beside ${name}: slowest`, Math.max(...times), 'ms', PATIENCE),
      );
    }
    figures.push(...own);
  }
  return [...figures, none('times that the stand-in stood still afterwards', stood)];
}
