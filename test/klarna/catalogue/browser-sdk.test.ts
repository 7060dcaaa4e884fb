import { browserSdk, notInBrowserSdk } from '../../../src/klarna/catalogue/browser-sdk.js';
import t from '../../tap.js';

t.test('each behaviour of the browser script is a sentence with its source, and is said once', async (t) => {
  const all: [string, { says: string; source: string; evidence: string; settledBy?: string }][] =
    Object.entries(browserSdk);
  t.equal(new Set(all.map(([, { says }]) => says)).size, all.length);
  for (const [id, { says, source, evidence, settledBy }] of all) {
    t.match(id, /^[a-z]+(-[a-z0-9]+)+$/);
    t.match(says, /^[A-Za-z{(].*[.]$/, id);
    t.ok(source, id);
    t.match(evidence, /^(?:recorded|spec|docs|reported|inferred)$/, id);
    t.equal(settledBy === undefined, evidence !== 'inferred' || source === 'our choice', id);
  }
});

t.test('what is not there has a reason', async (t) => {
  t.ok(notInBrowserSdk.length > 0);
  for (const { what, why } of notInBrowserSdk) t.match(why, /^[A-Z].*\.$/, what);
});
