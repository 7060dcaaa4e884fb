import { spawnSync } from 'node:child_process';
import pLimit from 'p-limit';
import t from '../tap.js';
import { blocks, isCommands, isLeftOut, prepare, sound } from './held.js';
import { pages } from './pages.js';
import { paste } from './shell.js';

const twoAtATime = pLimit(2);

/** Pastes the commands of a page; those of the repository's own pages in a checkout, others in a shop. */
async function pastePage(page: string) {
  const { url, seen, checkout, shop, home } = await prepare(page);
  const cwd = /^docs\/(?:guides|reference)\//.test(page) ? shop : checkout;
  const own = blocks.filter((block) => block.page === page && isCommands(block) && !isLeftOut(block));
  return { seen, ran: await paste(own, { url, cwd, home }) };
}

const withCommands = pages.filter((page) =>
  blocks.some((block) => block.page === page && isCommands(block) && !isLeftOut(block)),
);
const pasted = new Map(withCommands.map((page) => [page, twoAtATime(() => pastePage(page))]));

t.test('commands run as they stand', async (t) => {
  for (const [page, result] of pasted) {
    const { seen, ran } = await result;
    for (const block of blocks.filter((block) => block.page === page)) {
      const { line, note } = block;
      const refused = note?.kind === 'answers' && !seen.includes(note.status) && `no answer was ${note.status}`;
      sound(t, block, line === ran.failed?.line ? ran.failed.said : refused);
    }
    if (ran.failed?.line === 0) t.fail(`${page}: ${ran.failed.said}`);
  }
});

t.test('what is not run can be read by bash', async (t) => {
  for (const block of blocks.filter((block) => ['sh', 'bash'].includes(block.language) && isLeftOut(block))) {
    const { status, stderr } = spawnSync('bash', ['-n', '-c', block.text], { encoding: 'utf8' });
    sound(t, block, status !== 0 && stderr);
  }
});

t.test('the curl lines on mixed payments end in orders paid by what was tokenized', async (t) => {
  const page = 'docs/guides/mixed-payments.md';
  const ran = (await pasted.get(page))?.ran;
  const printed = [...(ran?.printed.values() ?? [])].map((text) =>
    text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line)),
  );
  const told = printed.filter((answers) => answers.some(({ payment_method_type: type }) => type));
  const short = told.map((answers) => [
    ...answers.flatMap(({ payment_method_type: type }) => type ?? []),
    ...answers.flatMap(({ authorized_payment_method: method }) => method?.type ?? []),
  ]);
  t.strictSame(short, [
    ['PAY_BY_CARD', 'slice_it_by_card', 'pay_by_card'],
    ['DIRECT_DEBIT', 'fixed_sum_credit', 'direct_debit'],
    ['INVOICE', 'invoice', 'invoice'],
  ]);
  const [shown] = blocks.filter((block) => block.page === page && block.language === 'json');
  const charge = told[0]?.at(-1) as object;
  t.strictSame(Object.keys(JSON.parse(shown?.text ?? '{}')), Object.keys(charge), 'the last line is as printed');
  const charged = printed.at(-1)?.map(({ order_id: id }) => id)[1];
  t.matchLists(printed.at(-1)?.at(-1), { items: [{ order_id: charged }] }, 'the order is the other merchant’s');
});
