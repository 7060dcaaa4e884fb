import { practices } from '../../src/shop/practices.js';
import { startSandbox } from '../contract/sandbox.js';
import t from '../tap.js';
import { twins } from './scripts.js';
import { blemishes, receiver, reportOf, shopOf } from './shop.js';

/** How often the practice is found, by its id and the place of the careless script that does it more than once. */
const repeated: Record<string, number> = { 'practice/recurring-without-subscription 1': 3 };

t.test('every practice has twins', async (t) => {
  t.same(Object.keys(twins).sort(), practices.map(({ id }) => id).sort());
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
      const one = { severity, message: /; .*/, where: { exchange: id.includes('callback') ? undefined : Number } };
      t.matchLists(found, Array(repeated[`${id} ${index}`] ?? 1).fill(one), `${id}, script ${index}`);
      t.notMatch(found.map(({ message }) => message).join(), /undefined|\[object/, `${id} speaks plainly`);
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
    t.same(blemishes(report), [], `${id}: the careful twin is clean`);
    t.notOk(
      report.findings.some(({ check }) => check === id),
      `${id} finds nothing in its careful twin`,
    );
  }
});
