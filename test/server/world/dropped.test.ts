import { DropTeller } from '../../../src/server/world/dropped.js';
import t from '../../tap.js';
import { fakeWall } from '../wall.js';

t.test('what was dropped is told every few seconds, in a line for each merchant', async (t) => {
  const { wall, pass, waits } = fakeWall();
  const lines: string[] = [];
  const teller = new DropTeller(256 * 1024 * 1024, wall, (line) => lines.push(line));
  for (let n = 0; n < 120; n++) teller.take('boots', 'record');
  for (let n = 0; n < 14; n++) teller.take('boots', 'exchange');
  teller.take('shoes', 'exchange');
  t.strictSame(lines, [], 'not for each');
  pass(5_000);
  t.strictSame(lines.splice(0), [
    'dropped the 120 oldest records and 14 exchanges of merchant boots, since 256 MB of memory are full; raise --memory',
    'dropped the oldest exchange of merchant shoes, since 256 MB of memory are full; raise --memory',
  ]);
  t.strictSame(waits(), [], 'nothing waits while nothing goes');
  teller.take('shoes', 'callback');
  teller.take('shoes', 'scenario');
  for (let n = 0; n < 11; n++) teller.take(`m${n}`, 'record');
  pass(5_000);
  t.match(lines[0], /^dropped the oldest waiting callback and 1 chosen scenario of merchant shoes,/);
  t.strictSame([lines.length, lines.at(-1)], [11, 'dropped the oldest of 2 more merchants as well']);
});
