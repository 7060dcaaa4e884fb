import type { components } from '../../contract/generated/sandbox.js';
import { answer, badValue, type Decision } from '../../klarna/decision.js';
import type { ShopJournal } from '../../shop/judge.js';
import type { Off } from '../../shop/off.js';
import type { Handlers } from '../call.js';
import { shownAttempt } from '../world/callbacks.js';
import type { World, Worlds } from '../world/worlds.js';

/** Loads the code that judges shops, at the first report: most servers make none. */
const judging = async () => ({ ...(await import('../../shop/judge.js')), ...(await import('../../shop/off.js')) });

/** Returns the exchanges and callbacks of a merchant, oldest first. */
async function journalOf({ journal, callbacks }: World): Promise<ShopJournal> {
  const { items: exchanges, dropped } = await journal.list();
  const { items: attempts, dropped: droppedCallbacks } = callbacks.list();
  return {
    exchanges: exchanges.reverse(),
    callbacks: attempts.map(shownAttempt).reverse(),
    dropped,
    droppedCallbacks,
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
  return {
    async readReport({ world, merchant, everyone, query }) {
      const { off = '', merchants } = query;
      if (merchants && !everyone) {
        const text = 'merchants: given all, which a sandbox with a merchants file does not allow; ask as each of them';
        return badValue([{ rule: 'shape', field: 'merchants', text }]);
      }
      const read = await readList(off);
      if (!Array.isArray(read)) return read;
      const { judgeShop, isLike } = await judging();
      const offFor = (name: string) =>
        read.flatMap(({ check, merchants }) => (merchants !== undefined && isLike(name, merchants) ? [check] : []));
      const judged = async (each: World, named?: true) => ({
        ...(await journalOf(each)),
        off: offFor(each.merchant),
        ...(named ? { named } : { merchant: each.merchant }),
      });
      const all = merchants ? await Promise.all(worlds.all().map((each) => judged(each))) : [await judged(world, true)];
      const journals = all.filter(({ exchanges }) => !merchants || exchanges.length > 0);
      const ids = read.filter((entry) => entry.merchants === undefined).map(({ check }) => check);
      const report: components['schemas']['report'] = {
        tool: 'report',
        title: merchants ? 'What the shops did' : `What ${merchant} did`,
        target: 'sandbox',
        ...judgeShop(journals, ids),
      };
      return answer(200, report);
    },
  };
}
