import { operationNamed } from '../../src/contract/operations.js';
import { withFault } from '../../src/server/script.js';
import { perform } from '../../src/store/eventually.js';
import t from '../tap.js';

const asked = { correlationId: 'a', operation: operationNamed('readOrder') };
const because = { rule: 'scenario-fault', text: 'delayed' } as const;

for (const commit of [false, true]) {
  t.test(
    `a delay ${commit ? 'after' : 'before'} the commit is waited for once, on its side of the answer`,
    async (t) => {
      const happened: unknown[] = [];
      const wall = {
        later(ms: number, run: () => void) {
          happened.push(ms);
          run();
          return () => undefined;
        },
      };
      // biome-ignore lint/correctness/useYield: it waits for nothing.
      const answer = function* () {
        happened.push('answered');
        return { status: 200, headers: {} };
      };
      await perform(withFault({ kind: 'delay', commit, delay: 2_000 }, because, asked, wall, answer));
      t.strictSame(happened, commit ? ['answered', 2_000] : [2_000, 'answered']);
    },
  );
}
