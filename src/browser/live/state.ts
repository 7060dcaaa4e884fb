import { batch, computed, signal } from '@preact/signals';
import { type ApiError, makeApi } from './api.js';
import type { StreamEvent } from './follow.js';
import { type Connection, follow } from './follow.js';
import { Journal, KEPT } from './journal.js';
import { NO_RECORDS, purchasesOf, type Records } from './purchases.js';
import { type Route, readRoute, writeRoute } from './route.js';
import type { Search } from './search.js';
import type { CallbackAttempt, ChosenScenario, DueCallback, EventData, OrderParts, Refusal, Rule } from './types.js';

/** The merchant that the page looks at, and the others that there are. */
export const merchant = signal('');
export const merchants = signal<readonly { merchant: string; exchanges: number }[]>([]);

export const route = signal<Route>({ view: 'journal' });
export const connection = signal<Connection>('connecting');
/** True while the merchant's password, or the admin token, has not been given. */
export const locked = signal(false);
/** The latest trouble, in words; empty for none. */
export const trouble = signal('');

/** The exchanges. It changes in place: whoever draws it reads the revision first. */
export const journal = new Journal();
export const revision = signal(0);
/** The journal as it is to be drawn; it changes with each revision. */
export const shownJournal = computed(() => ({ journal, revision: revision.value }));
/** True once the exchanges that there were at the start have been read. */
export const settled = signal(false);
/** Number of exchanges that the sandbox no longer keeps and the page never saw. */
export const missed = signal(0);
export const search = signal<Search>({ text: '' });

export const records = signal<Records>(NO_RECORDS);
export const purchases = computed(() => purchasesOf(records.value));
export const parts = signal<readonly OrderParts[]>([]);
export const attempts = signal<readonly CallbackAttempt[]>([]);
export const due = signal<readonly DueCallback[]>([]);
/** Requests whose credentials are nobody's, newest first, until the person has seen them. */
export const refusals = signal<readonly Refusal[]>([]);
export const scenario = signal<ChosenScenario>({});
export const rules = signal<ReadonlyMap<string, Rule>>(new Map());

/** The merchant's clock: what it showed, and when that was on the page's own. */
export const clock = signal<{ now: number; read: number; runs: boolean } | undefined>(undefined);

export const api = makeApi(
  () => merchant.value,
  (error) => {
    if (error.code !== 'PAGE_LOCKED') return;
    locked.value = true;
    following.abort();
  },
);

/** Does what a person asked for; what goes wrong is shown. */
export async function act(work: () => Promise<unknown>): Promise<void> {
  trouble.value = '';
  try {
    await work();
  } catch (error) {
    trouble.value = (error as ApiError).message;
  }
}

/** Makes a function that does some work soon, and once for all calls meanwhile. */
function soon(ms: number, work: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      work();
    }, ms);
  };
}

/** Milliseconds between two looks at the lists, however often they change. */
const LOOK_EVERY = 300;

/** Draws the journal anew, at most twenty times a second however much happens. */
const drawJournal = soon(50, () => {
  revision.value++;
});

/** Reads on beyond the first page of a list, up to this many pages. */
const PAGES = 5;

async function readAll<T>(path: string): Promise<T[]> {
  const items: T[] = [];
  let after = '';
  for (let page = 0; page < PAGES; page++) {
    const list = await api.call<{ items: T[]; next?: string | number }>('GET', `${path}?limit=100${after}`);
    items.push(...list.items);
    if (list.next === undefined) break;
    after = `&after=${encodeURIComponent(list.next)}`;
  }
  return items;
}

const readRecords = soon(
  LOOK_EVERY,
  () =>
    void silently(async () => {
      const [sessions, authorizations, tokens, orders, hosted] = await Promise.all([
        readAll<Records['sessions'][number]>('/sessions'),
        readAll<Records['authorizations'][number]>('/authorizations'),
        readAll<Records['tokens'][number]>('/customer-tokens'),
        readAll<Records['orders'][number]>('/orders'),
        readAll<Records['hosted'][number]>('/hosted-sessions'),
      ]);
      records.value = { sessions, authorizations, tokens, orders, hosted };
    }),
);

const readDue = soon(
  LOOK_EVERY,
  () =>
    void silently(async () => {
      due.value = await readAll<DueCallback>('/due');
    }),
);

const readMerchants = soon(
  2_000,
  () =>
    void silently(async () => {
      merchants.value = await readAll('/merchants');
    }),
);

/** Does work that nobody asked for: the stream shows by itself when the sandbox is away. */
async function silently(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch {
    // The next event tries again.
  }
}

/** Reads captures and refunds of orders. */
export async function readParts(orders: readonly string[]): Promise<void> {
  await silently(async () => {
    const read = await Promise.all(
      orders.map((id) => api.call<OrderParts>('GET', `/orders/${encodeURIComponent(id)}/parts`)),
    );
    parts.value = read;
  });
}

function showClock(now: string, runs = clock.value?.runs ?? false): void {
  clock.value = { now: Date.parse(now), read: performance.now(), runs };
}

/** Reads the clock twice, since only that shows whether it runs. */
async function readClock(): Promise<void> {
  const read = async () => (await api.call<{ now: string }>('GET', '/clock')).now;
  const first = await read();
  await new Promise((resolve) => setTimeout(resolve, 30));
  const second = await read();
  showClock(second, first !== second);
}

function take({ event, data }: StreamEvent): void {
  batch(() => takeAs[event as keyof EventData]?.(data as never));
}

const takeAs: { [Name in keyof EventData]: (data: EventData[Name]) => void } = {
  exchange(exchange) {
    journal.add(exchange);
    drawJournal();
    readMerchants();
  },
  clock({ now }) {
    showClock(now);
    // Records that expired by it are in the lists.
    readRecords();
    readDue();
  },
  callback(attempt) {
    attempts.value = [attempt, ...attempts.value].slice(0, 500);
    readDue();
  },
  scenario(chosen) {
    scenario.value = chosen;
  },
  refusal(refusal) {
    refusals.value = [refusal, ...refusals.value].slice(0, 100);
  },
  records() {
    readRecords();
    readDue();
  },
  cleared({ what }) {
    journal.clear();
    missed.value = 0;
    drawJournal();
    if (what === 'everything') void readWorld();
  },
  dropped({ dropped }) {
    missed.value += dropped;
  },
  end() {},
};

/** Reads what the stream does not begin with. */
async function readWorld(): Promise<void> {
  await silently(async () => {
    const [list, chosen, refused] = await Promise.all([
      readAll<CallbackAttempt>('/callbacks'),
      api.call<ChosenScenario>('GET', '/scenario'),
      api.call<{ items: Refusal[] }>('GET', '/refusals'),
      readClock(),
    ]);
    batch(() => {
      attempts.value = list;
      refusals.value = refused.items;
      scenario.value = chosen;
    });
    readRecords();
    readDue();
    readMerchants();
    if (rules.value.size === 0) {
      const { items } = await api.call<{ items: Rule[] }>('GET', '/rules');
      rules.value = new Map(items.map((rule) => [rule.id, rule]));
    }
  });
}

let following = new AbortController();

/** Looks at a merchant from its first exchange on, in the place of the one before. */
export function lookAt(name: string): void {
  following.abort();
  following = new AbortController();
  const { signal } = following;
  batch(() => {
    merchant.value = name;
    locked.value = false;
    trouble.value = '';
    settled.value = false;
    missed.value = 0;
    journal.clear();
    records.value = NO_RECORDS;
    parts.value = [];
    attempts.value = [];
    due.value = [];
    refusals.value = [];
    scenario.value = {};
    clock.value = undefined;
    revision.value++;
  });
  remember(name);
  void follow({
    signal,
    open: async (after, aborted) => api.events(after === 0 ? await beforeKept() : after, aborted),
    onEvent: take,
    onConnection(now) {
      connection.value = now;
      if (now !== 'live') return;
      void readWorld();
      settle();
    },
  });
}

/** Returns the number of the exchange before those that the page keeps: of a long journal only the latest are read. */
async function beforeKept(): Promise<number> {
  const { items } = await api.call<{ items: { number: number }[] }>('GET', '/journal?limit=1');
  const before = Math.max(0, (items[0]?.number ?? 0) - KEPT);
  if (before > 0) missed.value = before;
  return before;
}

const settle = soon(400, () => {
  settled.value = true;
});

const REMEMBERED = 'mock-klarna-merchant';

function remember(name: string): void {
  const url = new URL(location.href);
  url.searchParams.set('merchant', name);
  history.replaceState(history.state, '', url);
  try {
    localStorage.setItem(REMEMBERED, name);
  } catch {
    // A browser that keeps nothing has the address still.
  }
}

function remembered(): string | undefined {
  const named = new URL(location.href).searchParams.get('merchant');
  if (named) return named;
  try {
    return localStorage.getItem(REMEMBERED) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Begins: with the merchant of the address, else the one looked at last, else the one that called last. */
export async function begin(): Promise<void> {
  const onRoute = () => {
    route.value = readRoute(location.hash);
  };
  addEventListener('hashchange', onRoute);
  onRoute();
  const known = remembered();
  merchant.value = known ?? 'shop';
  try {
    merchants.value = await readAll('/merchants');
  } catch {
    // A locked page asks for the password, and a stopped sandbox shows by the stream.
  }
  const [latest] = merchants.value;
  lookAt(known ?? latest?.merchant ?? 'shop');
}

/** Opens a view, or something in it. */
export function open(to: Route): void {
  location.hash = writeRoute(to);
}

/** Looks for exchanges. */
export function searchFor(next: Search): void {
  journal.search(next);
  batch(() => {
    search.value = next;
    revision.value++;
  });
}

/** Gives the merchant's password or the admin token, and looks again. */
export async function unlock(password: string): Promise<void> {
  await api.call('POST', '/unlock', { merchant: merchant.value, password });
  lookAt(merchant.value);
}

/** The time on the merchant's clock, in milliseconds since 1970. */
export const clockNow = (): number => {
  const shown = clock.value;
  return shown ? shown.now + (shown.runs ? performance.now() - shown.read : 0) : Date.now();
};
