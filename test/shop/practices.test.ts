import type { Finding } from '../../src/report/finding.js';
import { practices } from '../../src/shop/practices.js';
import { startSandbox } from '../contract/sandbox.js';
import t from '../tap.js';
import { twins } from './scripts.js';
import { blemishes, idsOf, lostPaths, receiver, reportOf, shopOf } from './shop.js';
import { type Told, told } from './told.js';

/** What else is found in careless scripts, by the id of the practice and the place of the script. */
const beside: Record<string, string[]> = {
  'practice/mixed-lines 2': ['practice/authorization-left-open'],
  'practice/attachment 2': ['practice/mixed-token-unread'],
  'practice/recurring-without-subscription 1': ['practice/mixed-token-unread'],
  'practice/recurring-without-subscription 2': ['practice/mixed-token-unread'],
  'practice/mixed-token-unread 2': ['practice/failure-not-retried'],
  'practice/charge-without-key 0': ['practice/mixed-token-unread'],
  'practice/key-for-two-intents 0': ['practice/recurring-without-subscription', 'practice/mixed-token-unread'],
  'practice/retried-without-key 0': ['practice/capture-without-key'],
  'practice/retried-without-key 1': ['practice/mixed-token-unread'],
  'practice/retried-without-key 2': ['practice/refund-without-key'],
  'practice/refusal-retried 0': ['contract/refused'],
};

/** A finding as the table has it. */
const asTold = ({ where: { exchange }, path, expected, got, message }: Finding): Told => ({
  ...(exchange !== undefined && { exchange }),
  ...(path !== undefined && { path }),
  ...(expected !== undefined && { expected }),
  ...(got !== undefined && { got }),
  message: message.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID').replace(/127\.0\.0\.1:\d+/, 'HOST'),
});

t.test('every practice has twins', async (t) => {
  t.strictSame(Object.keys(twins).sort(), practices.map(({ id }) => id).sort());
});

t.test('the careless shop is caught, its careful twin is left alone', async (t) => {
  const sandbox = await startSandbox(t, { seed: 'twins' });
  const url = { taken: await receiver(t, 204), refused: await receiver(t, 500) };
  for (const { id, severity } of practices) {
    const { careless, careful, also = [] } = twins[id] as NonNullable<(typeof twins)[string]>;
    for (const [index, script] of [careless, ...also].entries()) {
      const merchant = `${id} careless ${index}`;
      const call = sandbox.as(merchant);
      await script(shopOf(call), { ...url, merchant });
      const { findings } = await reportOf(call);
      const found = findings.filter(({ check }) => check === id);
      const others = findings.filter(({ check }) => check !== id);
      t.strictSame(found.map(asTold), told[id]?.[index], `${id}, script ${index}`);
      t.strictSame(
        found.map((one) => one.severity),
        found.map(() => severity),
      );
      t.strictSame(idsOf(others), beside[`${id} ${index}`] ?? [], `${id}, script ${index}: nothing else`);
      t.strictSame(await lostPaths(call, findings), [], `${id}, script ${index}: paths lead to what they name`);
      const off = await reportOf(call, { off: id });
      t.notOk(
        off.findings.some(({ check }) => check === id),
        `${id} can be turned off`,
      );
    }
    const merchant = `${id} careful`;
    const call = sandbox.as(merchant);
    await careful(shopOf(call), { ...url, merchant });
    const report = await reportOf(call);
    t.ok(report.judged > 0, id);
    t.strictSame(blemishes(report), [], `${id}: the careful twin is clean`);
    t.notOk(
      report.findings.some(({ check }) => check === id),
      `${id} finds nothing in its careful twin`,
    );
  }
});
