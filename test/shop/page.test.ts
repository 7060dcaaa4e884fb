import { readFileSync } from 'node:fs';
import { operations } from '../../src/contract/operations.js';
import { cellsOf, keyOf } from '../../src/shop/coverage.js';
import { checks, findCheck } from '../../src/shop/judge.js';
import { reachable } from '../../src/shop/reach-table.js';
import t from '../tap.js';

t.test('the page that lists the checks is up to date', async (t) => {
  // Plain JavaScript, which has no types.
  const { practicesPage } = await import(new URL('../../scripts/practices/page.js', import.meta.url).href);
  const page = readFileSync(new URL('../../docs/reference/practices.md', import.meta.url), 'utf8');
  t.equal(page, practicesPage(checks), 'npm run practices-page');
});

t.test('checks are told apart by their ids, and speak in sentences', async (t) => {
  t.equal(new Set(checks.map(({ id }) => id.replace(/^.*\//, ''))).size, checks.length);
  for (const { id, title, reason } of checks) {
    t.match(id, /^(contract|practice)\/[a-z]+(-[a-z]+)*$/);
    t.ok(title.endsWith('.') && reason?.endsWith('.'), id);
    t.equal(findCheck(id)?.id, id);
    t.equal(findCheck(id.replace(/^.*\//, ''))?.id, id);
  }
  t.equal(findCheck('refuse'), undefined);
});

t.test('what the table of scenarios leads to exists', async (t) => {
  const cells = new Set([...operations.values()].flatMap((operation) => cellsOf(operation).map(keyOf)));
  t.strictSame(
    Object.keys(reachable).filter((key) => !cells.has(key)),
    [],
  );
  for (const name of new Set(Object.values(reachable))) {
    t.ok(readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url)), name);
  }
  t.match(reachable, { 'captureOrder 403 PAYMENT_METHOD_FAILED': 'captures/payment-method-failed' });
});
