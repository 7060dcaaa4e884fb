import type { Exchange } from '../../exchange/exchange.js';
import { LateExchange } from '../../exchange/raw-exchange.js';
import { inSlices, stepByStep } from '../../exchange/slices.js';
import { answer, badValue, type Decision } from '../../klarna/decision.js';
import type { ShopJournal } from '../../shop/judge.js';
import type { Off } from '../../shop/off.js';
import { textSize } from '../../store/sizes.js';
import type { Handlers } from '../call.js';
import { Listing } from '../listing.js';
import { shownAttempt } from '../world/callbacks.js';
import type { World, Worlds } from '../world/worlds.js';

/** Loads the code that judges shops, at the first report: most servers make none. */
const judging = async () => ({ ...(await import('../../shop/judge.js')), ...(await import('../../shop/off.js')) });

/** The most bytes of bodies that are read of one journal: a report holds all of a merchant's exchanges at once. */
const ROOM = 32 * 1024 * 1024;

/** Number of entries that are asked of the journal at once. */
const AT_ONCE = 100;

/** Bytes counted for an exchange beside its bodies. */
const OVERHEAD = 1_024;

/** Returns the exchanges and callbacks of a merchant, oldest first; of a very long journal the latest exchanges. */
async function journalOf({ journal, callbacks }: World): Promise<ShopJournal> {
  const exchanges: Exchange[] = [];
  let { dropped } = await journal.counts();
  let size = 0;
  reading: for await (const entries of journal.pages({}, AT_ONCE)) {
    for (const entry of entries) {
      dropped = entry.number - 1;
      size += OVERHEAD + textSize(entry.requestBody) + textSize(entry.responseBody);
      if (size > ROOM) {
        dropped++;
        break reading;
      }
      exchanges.push(new LateExchange(entry));
    }
  }
  const { items: attempts, dropped: droppedCallbacks } = callbacks.list();
  return {
    exchanges: exchanges.reverse(),
    callbacks: attempts.map(shownAttempt).reverse(),
    dropped,
    droppedCallbacks,
  };
}

/** Makes a function that does one work after the other, in the order in which they were asked for. */
function oneAfterTheOther(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
}

/** Reads the checks to turn off from a list with commas; or refuses the first word that names no check. */
async function readList(list: string): Promise<Off[] | Decision> {
  const { findCheck, noSuchCheck, readOff, ALL_CHECKS } = await judging();
  const read: Off[] = [];
  for (const { check: name, merchants } of readOff(list)) {
    const all = name === ALL_CHECKS && merchants !== undefined;
    const id = all ? ALL_CHECKS : findCheck(name)?.id;
    if (id === undefined) return refusal(`given ${name}, ${noSuchCheck(name)}`);
    if (merchants === '')
      return refusal(`given ${name}@, which names no merchant; expected ${name}@NAME, * standing for any characters`);
    read.push({ check: id, ...(merchants !== undefined && { merchants }) });
  }
  return read;
}

const refusal = (why: string): Decision => badValue([{ rule: 'shape', field: 'off', text: `off: ${why}` }]);

/** Handlers of the control API for the report on the shop. */
export function reportApi(worlds: Worlds): Handlers<'readReport'> {
  const inTurn = oneAfterTheOther();
  return {
    async readReport({ world, merchant, everyone, query }) {
      const { off = '', merchants } = query;
      if (merchants && !everyone) {
        const text = 'merchants: given all, which a sandbox with a merchants file does not allow; ask as each of them';
        return badValue([{ rule: 'shape', field: 'merchants', text }]);
      }
      const read = await readList(off);
      if (!Array.isArray(read)) return read;
      const { ShopJudge, isLike } = await judging();
      const judge = new ShopJudge(read.filter((entry) => entry.merchants === undefined).map(({ check }) => check));
      const offFor = (name: string) =>
        read.flatMap(({ check, merchants }) => (merchants !== undefined && isLike(name, merchants) ? [check] : []));
      const pause = inSlices();
      // Each holds all exchanges of a merchant: at the same time they would fill the memory.
      const verdict = await inTurn(async () => {
        for (const each of merchants ? worlds.all() : [world]) {
          const { merchant: name } = each;
          const journal = await journalOf(each);
          if (merchants && journal.exchanges.length === 0) continue;
          const named = merchants ? { merchant: name } : { named: true };
          await stepByStep(judge.take({ ...journal, off: offFor(name), ...named }), pause);
        }
        return stepByStep(judge.verdict(), pause);
      });
      const title = merchants ? 'What the shops did' : `What ${merchant} did`;
      return answer(200, new Listing({ tool: 'report', title, target: 'sandbox', ...verdict }));
    },
  };
}
