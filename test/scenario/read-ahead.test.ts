import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { packageRoot } from '../../src/package-root.js';
import { listFiles } from '../../src/scenario/files.js';
import { readScenario } from '../../src/scenario/read.js';
import { readAhead } from '../../src/scenario/read-ahead.js';
import t from '../tap.js';

const root = fileURLToPath(packageRoot);

t.test('every file that ships was read ahead, and is what its reader makes of it', async (t) => {
  for (const folder of ['scenarios', 'contracts/cases']) {
    const files = listFiles(join(root, folder));
    t.ok(files.length > 100, folder);
    for (const file of files) {
      const content = readFileSync(file);
      const ahead = readAhead(content, file, 'a/name');
      const read = readScenario(content, file, 'a/name');
      // Quicker than an assertion of tap, which is for telling the difference.
      if (!isDeepStrictEqual(ahead?.scenario, read)) t.strictSame(ahead?.scenario, read, file);
      // The same keys in the same order: whoever writes one down writes the same.
      t.equal(JSON.stringify(ahead?.scenario), JSON.stringify(read), file);
      t.strictSame([ahead?.name, ahead?.alias], ['a/name', read.alias], file);
      t.equal(ahead?.scenario, ahead?.scenario, 'it is made once');
    }
  }
});

t.test('a file that was changed by one sign was not read ahead', async (t) => {
  const [file = ''] = listFiles(join(root, 'scenarios'));
  t.equal(readAhead(Buffer.concat([readFileSync(file), Buffer.from('\n')]), file, 'a'), undefined);
});
