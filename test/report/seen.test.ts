import { formats } from '../../src/report/formats.js';
import { exchangeLines, SeenExchanges, seenAt, seenFinder, seenIn } from '../../src/report/seen.js';
import { withoutKnown } from '../../src/report/verdict.js';
import t from '../tap.js';
import { clean, exchange, found, nasty } from './sample.js';

const of = (number: number, body: unknown = number) =>
  exchange({ where: { exchange: number }, request: { headers: {}, body } });

t.test('an exchange is shown without the framing, the host and its port', async (t) => {
  const seen = seenAt(
    { exchange: 7 },
    {
      method: 'POST',
      path: '/payments/v1/sessions',
      request: { headers: { Host: '127.0.0.1:40123', 'Content-Length': '2', accept: '*/*' }, body: {} },
      status: 201,
      response: { headers: { Date: 'today', Location: 'http://127.0.0.1:40123/x' }, body: { at: '127.0.0.1:40123' } },
    },
    'a sandbox',
  );
  t.strictSame(seen, {
    where: { exchange: 7 },
    side: 'a sandbox',
    method: 'POST',
    path: '/payments/v1/sessions',
    request: { headers: { accept: '*/*' }, body: {} },
    status: 201,
    response: { headers: { Location: 'http://klarna.test/x' }, body: { at: 'klarna.test' } },
  });
  const { response } = seenAt({}, { ...seen, request: { headers: { host: 'api.klarna.com' } } });
  t.strictSame(response, seen.response, 'a host without a port is the same in every run');
  const odd = seenAt({}, { ...seen, request: { headers: { host: '",:1' } } });
  t.strictSame(odd.response, seen.response);
  t.notOk('side' in odd);
});

t.test('each exchange is kept once, and of findings that say the same those of the first three', async (t) => {
  const seen = new SeenExchanges();
  const made: number[] = [];
  const add = (number: number, message?: string) =>
    seen.add(found({ where: { exchange: number }, ...(message && { message }) }), () => {
      made.push(number);
      return [of(number)];
    });
  for (const number of [1, 1, 2, 3, 4]) add(number);
  t.strictSame(made, [1, 2], 'the third was of the first exchange again');
  add(4, 'another');
  add(1, 'another');
  t.strictSame(made, [1, 2, 4]);
  t.strictSame(seen.list(), [of(1), of(2), of(4)]);
  const more = new SeenExchanges([of(1)]);
  more.add(found({ where: { exchange: 1 } }), () => t.fail('it is kept already') as never);
  t.strictSame(more.list(), [of(1)]);
});

t.test('exchanges are kept while there is room for them', async (t) => {
  const seen = new SeenExchanges();
  for (const number of [1, 2, 3, 4, 5]) {
    seen.add(found({ where: { exchange: number }, message: `m${number}` }), () => [of(number, 'x'.repeat(1_500_000))]);
  }
  t.equal(seen.list().length, 3, 'the third goes beyond 4 MB, and is the last');
});

t.test('the exchanges of a finding are those of its place', async (t) => {
  const places = [
    { exchange: 1 },
    { exchange: 1, merchant: 'boots' },
    { exchange: 1, file: 'a.har' },
    { file: 'a.yaml', line: 3, case: 'a', step: 1 },
    { file: 'a.yaml', line: 3, case: 'a', step: 2 },
    { file: 'a.yaml', line: 4, case: 'a', step: 2 },
    { file: 'a.yaml', line: 4, case: 'b', step: 2 },
  ];
  const exchanges = places.map((where) => exchange({ where }));
  const find = seenFinder(exchanges);
  for (const [index, where] of places.entries()) t.strictSame(find(found({ where })), [exchanges[index]]);
  t.strictSame(find(found({ where: {} })), []);
  t.strictSame(seenFinder()(found()), []);
  t.strictSame(seenIn(exchanges, [found({ where: { exchange: 1 } }), found({ where: {} })]), [exchanges[0]]);
});

t.test('what a baseline knows takes its exchange along', async (t) => {
  const [one, other] = [found({ where: { exchange: 1 } }), found({ where: { exchange: 2 }, check: 'contract/other' })];
  const report = clean({ findings: [one, other], exchanges: [of(1), of(2)] });
  const known = [{ fingerprint: one.fingerprint, check: one.check, message: one.message }];
  t.strictSame(withoutKnown(report, known).exchanges, [of(2)]);
  t.notOk('exchanges' in withoutKnown(clean(), known));
});

t.test('the page has the exchange behind each finding, folded; JUnit has it in two lines', async (t) => {
  const sent = exchange({ response: { headers: { 'Content-Type': 'application/json' }, body: { error: nasty } } });
  const lost = exchange({ where: { exchange: 4 }, side: 'Klarna', status: 0, response: { headers: {} } });
  const findings = [found(), found({ where: { exchange: 4 }, path: undefined })];
  const page = formats.html(clean({ findings, exchanges: [sent, lost] }));
  t.match(
    page,
    `<details><summary>exchange 3 of boots <code>POST /payments/v1/sessions  400</code></summary>
<pre>POST /payments/v1/sessions
content-type: application/json
{
  &quot;order_lnes&quot;: []
}</pre>
<pre>400
Content-Type: application/json
{
  &quot;error&quot;: &quot;&lt;script&gt;`,
  );
  t.match(page, '<summary>exchange 4, Klarna <code>POST /payments/v1/sessions  no answer</code></summary>');
  t.match(page, '<pre>no answer</pre>');
  const cut = { headers: {}, body: '{"a', cut: true as const };
  t.match(
    formats.html(clean({ findings, exchanges: [{ ...sent, request: cut }] })),
    '&quot;{\\&quot;a&quot;\n… (too long to be kept)</pre>',
  );
  const xml = formats.junit(clean({ findings, exchanges: [sent, lost] }));
  t.match(xml, '\n  POST /payments/v1/sessions {&quot;order_lnes&quot;:[]}\n  answered 400 {&quot;error&quot;');
  t.match(xml, '\\u{202e}');
  t.match(xml, '\n  Klarna: no answer\n');
  t.strictSame(exchangeLines(exchange({ request: { headers: {} }, response: { headers: {} } })), [
    'POST /payments/v1/sessions',
    'answered 400',
  ]);
});

t.test('of many findings the report has the exchanges of few', async (t) => {
  const seen = new SeenExchanges();
  const findings = Array.from({ length: 10_000 }, (_, index) => found({ where: { exchange: index + 1 } }));
  for (const [index, each] of findings.entries()) seen.add(each, () => [of(index + 1)]);
  const page = formats.html(clean({ findings, exchanges: seen.list() }));
  t.equal(page.split('<details>').length, 4);
  t.ok(page.length < 20_000, `${page.length}`);
});
