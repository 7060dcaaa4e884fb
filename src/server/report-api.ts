import type { components } from '../contract/generated/sandbox.js';
import { answer, badValue, type Decision } from '../klarna/decision.js';
import type { ShopJournal } from '../shop/judge.js';
import type { Handlers } from './call.js';
import { shownAttempt } from './callbacks-api.js';
import type { World, Worlds } from './worlds.js';

/** What judges: loaded with the first report, as most servers give none. */
const judging = async () => ({
  ...(await import('../shop/judge.js')),
  ...(await import('../scenario/problem.js')),
});

/** What is known of a merchant's shop, oldest first. */
function journalOf({ journal, callbacks }: World): ShopJournal {
  const { exchanges, dropped } = journal.list();
  const { attempts, dropped: droppedCallbacks } = callbacks.list();
  return {
    exchanges: exchanges.reverse(),
    callbacks: attempts.map(shownAttempt).reverse(),
    dropped,
    droppedCallbacks,
  };
}

/** The ids of the checks that a list with commas names, or the refusal of the first that there is none of. */
async function readOff(list: string): Promise<string[] | Decision> {
  const { checks, findCheck, didYouMean } = await judging();
  const names = list.split(',').map((name) => name.trim());
  const ids: string[] = [];
  for (const name of names.filter((name) => name !== '')) {
    const check = findCheck(name);
    if (!check) {
      const known = checks.flatMap(({ id }) => [id, id.replace(/^.*\//, '')]);
      const text = `off: given ${name}, which is no check${didYouMean(name, known)}; docs/practices.md lists them`;
      return badValue([{ rule: 'shape', field: 'off', text }]);
    }
    ids.push(check.id);
  }
  return ids;
}

/**
 * The part of the control API that judges the shop, when it is asked.
 * @param open whether any credentials work: then each merchant may see the others' journals
 */
export function reportApi(worlds: Worlds, open: boolean): Handlers {
  return {
    async readReport({ world, merchant, query }) {
      const { off = '', merchants } = query as { off?: string; merchants?: 'all' };
      if (merchants && !open) {
        const text = 'merchants: given all, which a sandbox with a merchants file does not allow; ask as each of them';
        return badValue([{ rule: 'shape', field: 'merchants', text }]);
      }
      const ids = await readOff(off);
      if (!Array.isArray(ids)) return ids;
      const { judgeShop } = await judging();
      const journals = merchants
        ? worlds
            .all()
            .filter(({ journal }) => journal.length > 0)
            .map((each) => ({ ...journalOf(each), merchant: each.merchant }))
        : [journalOf(world)];
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
