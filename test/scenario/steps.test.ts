import { readScenario } from '../../src/scenario/read.js';
import type { Step } from '../../src/scenario/scenario.js';
import { lineOf } from '../../src/scenario/steps.js';
import t from '../tap.js';

t.test('each part of an expectation has its line, and so has what is kept', async (t) => {
  const { steps } = readScenario(
    `title: Boots
steps:
  - title: A block
    createSession: { body: &boots { locale: sv-SE } }
    expect:
      status: 200
      headers:
        Content-Type: $string
        "X.Y": { $match: json }
      body:
        session_id: $uuid
        payment_method_categories:
          - identifier: pay_now
          - identifier: pay_later
            asset_urls: {
              descriptive: $url }
        "$$odd": 1
        over:
          $over: 1
    keep:
      a: $.body.session_id
      b: $.status
  - readSession: { path: { session_id: "\${a} \${b}" } }
    expect: { status: 200, body: { a: [1, 2] } }
    keep: { c: $.body }
  - { setClock: { body: "\${c}" }, expect: { status: 200 }, keep: { d: $.status } }
  - setClock: { body: "\${d}" }
  - readClock:
    expect:
      body: *boots
  - advance: PT1S
`,
    'boots.yaml',
  );
  const [block, flow, line, none, alias] = steps as [Step, Step, Step, Step, Step];
  for (const [path, expected] of [
    ['$', 5],
    ['$.status', 6],
    ['$.headers["content-type"]', 8],
    ['$.headers["x.y"]', 9],
    ['$.body', 10],
    ['$.body.session_id', 11],
    ['$.body.payment_method_categories.length', 12],
    ['$.body.payment_method_categories[0].identifier', 13],
    ['$.body.payment_method_categories[1]', 14],
    ['$.body.payment_method_categories[1].asset_urls.descriptive', 16],
    ['$.body["$odd"]', 17],
    ['$.body.over', 18],
    ['$.body.something["else"]', 10],
    ['no path [', 5],
  ] as const) {
    t.equal(lineOf(block, path), expected, path);
  }
  t.match(block.lines, { 'keep.a': 21, 'keep.b': 22 });
  t.strictSame(flow.lines, { $: 24, 'keep.c': 25 }, 'those that are the same as around are left out');
  t.equal(lineOf(flow, '$.body.a[1]'), 24);
  t.strictSame(line.lines, {});
  t.equal(lineOf(line, '$.status'), 26);
  t.equal(lineOf(none, '$.status'), 27, 'without an expectation the step has one');
  t.equal(lineOf(alias, '$.body'), 30);
  t.equal(lineOf(alias, '$.body.locale'), 4, 'where it is written');
  t.strictSame(steps.at(-1)?.lines, {});
});
