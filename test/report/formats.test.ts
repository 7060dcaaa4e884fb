import assert from 'node:assert/strict';
import type { CoveredApi } from '../../src/report/coverage.js';
import type { Finding, HarnessReport } from '../../src/report/finding.js';
import type { Format } from '../../src/report/format-names.js';
import { formats } from '../../src/report/formats.js';
import { renderAnnotations } from '../../src/report/github.js';
import { renderText } from '../../src/report/terminal.js';
import { printable } from '../../src/report/text.js';
import { version } from '../../src/version.js';
import t from '../tap.js';
import { clean, found, nasty, sample } from './sample.js';

const render = (format: Format, report: HarnessReport = sample()) => formats[format](report);

const baseline = {
  known: [found()],
  fixed: [{ fingerprint: 'f', check: 'practice/x', message: `it was ${nasty}` }],
};

t.test(
  'every format gives the same bytes whatever the order of the findings, and works for an empty report',
  async (t) => {
    const { findings } = sample();
    const turned = sample({ findings: [...findings].reverse() });
    for (const [name, format] of [...Object.entries(formats), ['text', renderText] as const]) {
      t.equal(format(sample()), format(turned), name);
      t.match(format(clean()), /\n$/, name);
      t.notMatch(format(sample({ baseline })), /undefined|\[object/, name);
    }
  },
);

t.test('text: findings in two lines, then what was not judged, then the sum', async (t) => {
  const text = renderText(sample({ baseline, unjudged: [{ what: 'a.har:3', why: 'no JSON\u001b' }] }));
  t.match(
    text,
    [
      'violation  contract/unknown-field  createSession  exchange 3 of boots',
      '           order_lnes: Klarna reads no such field; did you mean order_lines?',
      'note       contract/unknown-field  createSession',
      '           $.request.body.locale: sv_SE is deprecated',
      'warning    practice/charge-without-key  createCustomerTokenOrder  exchange 12 of boots',
    ].join('\n'),
  );
  const fixed = `fixed      practice/x  it was ${printable(nasty)}`;
  t.ok(
    text.endsWith(
      `not judged a.har:3: no JSON\\u{1b}\n${fixed}\nShop (sandbox, merchant boots): ` +
        '2 violations, 1 warning, 2 notes; 1 known, 1 fixed; 34 judged, 1 not judged; Klarna Payments 66 % covered, Klarna Order Management 0 % covered\n' +
        'never called: 2 operations of Klarna Order Management\n' +
        `never used: Klarna Customer Token ${printable(nasty)}\n`,
    ),
    text,
  );
  t.equal(renderText(clean()), 'Contract cases (a sandbox of its own): no findings; 2 judged\n');
  t.notMatch(renderText(sample()), '\u001b');
  const { coverage } = sample();
  assert.ok(coverage);
  const apis = coverage.apis.filter(({ called }) => called.length > 0);
  t.notMatch(renderText(sample({ coverage: { ...coverage, apis } })), 'never used');
});

t.test('json: all of it', async (t) => {
  const report = sample({ findings: [found()] });
  t.strictSame(JSON.parse(render('json', report)), JSON.parse(JSON.stringify({ mock_klarna: version, ...report })));
});

t.test('junit: a test case for each check; notes are no failures, and what was not judged is skipped', async (t) => {
  const xml = render('junit');
  t.match(xml, '<testsuites name="mock-klarna report" tests="5" failures="2" errors="0" skipped="1" time="0.000">');
  t.match(xml, '<testsuite name="practice" tests="2" failures="1" errors="0" skipped="0" time="0.000">');
  t.match(
    xml,
    '<testcase classname="contract" name="unknown-field" file="tests/a b.har" line="7" time="0.000"><failure message="',
  );
  t.match(xml, '>violation  createSession  tests/a b.har:7 case 1\n  field &lt;script&gt;');
  t.match(xml, '<testcase classname="practice" name="refund-without-key" time="0.000"/>');
  t.match(
    xml,
    '<testcase classname="report" name="recording" time="0.000"/>',
    'an id without a kind, with nothing but a note',
  );
  t.match(
    xml,
    '<testcase classname="not judged" name="exchange 5 of boots" time="0.000"><skipped message="its body was cut ',
  );
  t.notMatch(xml, '<script>');
  t.notMatch(xml, '\u001b');
  t.match(render('junit', clean()), '<testsuites name="mock-klarna verify" tests="0" failures="0"');
});

t.test('annotations: one line a finding, at its place in a file where it has one', async (t) => {
  const lines = renderAnnotations(sample(), (file) => `repo/${file}`);
  t.matchLists(lines, [
    /^::error file=repo\/tests\/a b\.har,line=7,title=contract\/unknown-field createSession::field <script>/,
    /^::error title=contract\/unknown-field createSession exchange 3 of boots::order_lnes: /,
    /^::notice title=contract\/unknown-field createSession::\$\.request\.body\.locale: sv_SE is deprecated$/,
    /^::warning title=practice\/charge-without-key createCustomerTokenOrder exchange 12 of boots::/,
    /^::notice file=repo\/x,line=1,title=recording::no name$/,
  ]);
  t.equal(lines.length, 5);
  t.match(renderAnnotations(sample())[4], '::notice file=x,line=1,');
});

t.test('findings that say the same of different places are told once, with the places', async (t) => {
  const at = (exchange: number) => found({ where: { exchange } });
  const [a, b] = [3, 7].map((line) => found({ where: { file: 'a.har', line } }));
  const many = [...Array.from({ length: 24 }, (_, index) => at(index + 1)), found({ where: {} })];
  const report = clean({ findings: [...many, found({ got: 7, where: { exchange: 99 } })] });
  const head = 'violation  contract/unknown-field  createSession  ';
  const says = '           order_lnes: Klarna reads no such field; did you mean order_lines?\n';
  t.equal(
    renderText(report),
    `${head}exchange 1, exchange 2, exchange 3 and 21 more\n${says}${head}exchange 99\n${says}` +
      'Contract cases (a sandbox of its own): 26 violations; 2 judged\n',
  );
  t.match(render('md', report), '| Severity | Check | Operation | Where | What |');
  t.match(render('md', report), '| exchange 1, exchange 2, exchange 3, exchange 4, exchange 5 and 19 more |');
  t.match(render('html', report), 'exchange 20 and 4 more · $.request.body.order_lnes</p>');
  t.strictSame(
    renderAnnotations(clean({ findings: [at(1), a as Finding, at(2), b as Finding] })).map((line) =>
      line.replace(/::order.*/, ''),
    ),
    [
      '::error file=a.har,line=3,title=contract/unknown-field createSession',
      '::error file=a.har,line=7,title=contract/unknown-field createSession',
      '::error title=contract/unknown-field createSession exchange 1, exchange 2'.replace(',', '%2C'),
    ],
    'each line of a file has its own',
  );
});

t.test('markdown: tables whose cells are text', async (t) => {
  const text = render('md', sample({ baseline }));
  t.match(
    text,
    /^## Shop: 2 violations, 1 warning, 2 notes; 1 known, 1 fixed; 34 judged, 1 not judged; Klarna Payments 66 % covered, Klarna Order Management 0 % covered\n/,
  );
  t.match(text, '| violation | contract/unknown-field | createSession | exchange 3 of boots | order\\_lnes: Klarna');
  t.match(text, '| createSession | 2 of 3 | no answer |');
  t.match(text, '| captureOrder | 0 of 1 | 201 AUTHORIZED -&gt; CAPTURED &lt;script&gt;');
  t.match(text, '| refundOrder | never called |  |');
  t.match(text, '### Coverage: Klarna Payments 66 % covered\n');
  t.match(text, '### Coverage: Klarna Order Management 0 % covered\n');
  t.match(text, 'Never used: Klarna Customer Token &lt;script&gt;');
  t.notMatch(text, 'readCustomerToken');
  t.match(
    text,
    '### Fixed since the baseline\n\n| Check | What |\n| --- | --- |\n| practice/x | it was &lt;script&gt;',
  );
  t.match(text, '\\]\\]&gt; \\*z\\*');
  t.match(text, '&#39;x&#39; \\| \\`y\\`', 'an apostrophe stays one');
  t.match(text, '### Not judged\n\n| What | Why |\n| --- | --- |\n| exchange 5 of boots |');
  t.notMatch(text, '<script>');
  t.equal(render('md', clean()), '## Contract cases: no findings; 2 judged\n\na sandbox of its own\n');
});

t.test('html: the APIs that were never used stand in a list', async (t) => {
  const report = sample({ baseline });
  const [api] = report.coverage?.apis ?? [];
  report.coverage?.apis.push({ ...(api as CoveredApi), name: 'Another API', called: [] });
  t.match(render('html', report), /<p>Never used: Klarna Customer Token &lt;script&gt;[^,]*, Another API\.<\/p>/);
  const used = sample({ baseline });
  const { coverage } = used;
  if (coverage) used.coverage = { ...coverage, apis: coverage.apis.filter(({ called }) => called.length > 0) };
  t.notMatch(render('html', used), 'Never used', 'and none where each was used');
});

t.test('html: one file that loads nothing, and runs nothing but its own script', async (t) => {
  const page = render('html', sample({ baseline }));
  t.match(page, /^<!doctype html>[\s\S]*<\/html>\n$/);
  t.match(page, "default-src 'none'");
  t.equal(page.split('<script').length, 2);
  t.notMatch(page, /https?:|url\(|<link|<img/);
  t.match(page, 'prefers-color-scheme:dark');
  t.match(page, '@media print');
  t.match(page, '<title>Shop: 2 violations, 1 warning, 2 notes</title>');
  const inOrder = [
    '<h2 class="violation">Violations</h2>',
    '<div id="contract/unknown-field" data-group="contract/unknown-field unknown field">\n<h3>unknown field</h3>',
    '<p class="about">note · createSession · $.request.body.locale</p>',
    '<h2 class="warning">Warnings</h2>',
    '<p class="about">practice/charge-without-key · evidence: spec · Klarna OpenAPI documents</p>\n<p>Without a key',
    '<h2 class="note">Notes</h2>',
    '<h2>Coverage</h2>',
    '<h3>Klarna Payments 66 % covered</h3>',
    '<h3>Klarna Order Management 0 % covered</h3>',
    '<p>Never used: Klarna Customer Token &lt;script&gt;',
    '<h2>Not judged: 1</h2>',
    '<h2>Fixed since the baseline: 1</h2>',
    '<h2>Nothing found by 1 check</h2>',
  ].map((part) => page.indexOf(part));
  t.ok(inOrder.every((at) => at > 0));
  t.strictSame(
    inOrder,
    [...inOrder].sort((a, b) => a - b),
  );
  const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  t.equal(links.length, 5);
  for (const id of links) t.match(page, `id="${id}"`);
});

t.test('html: what was expected and why it is believed, where a finding knows', async (t) => {
  const check = { id: 'contract/x', severity: 'violation' as const, title: 'x', evidence: 'docs' as const };
  const page = render(
    'html',
    clean({
      checks: [check],
      findings: [
        found({ check: 'contract/x', evidence: 'spec', source: 'a page', expected: { a: '\u202e' }, got: null }),
        found({ check: 'contract/x', evidence: 'docs', got: 7, where: { line: 1 } }),
        found({ check: 'contract/x', evidence: 'reported', where: { line: 2 } }),
      ],
    }),
  );
  t.match(page, 'exchange 3 of boots · $.request.body.order_lnes · evidence: spec, a page</p>');
  t.match(page, '<p>expected <code>{&quot;a&quot;:&quot;\\u{202e}&quot;}</code>, got <code>null</code></p>');
  t.match(page, '<p class="about">createSession · $.request.body.order_lnes</p>', 'the same evidence is not repeated');
  t.match(page, '<p>got <code>7</code></p>');
  t.match(page, ' · evidence: reported</p>', 'without a source there is none');
});

t.test('html: coverage says what is met, what is not, what does not count and why, and what leads there', async (t) => {
  const page = render('html');
  t.match(page, '<p>2 of 3 answers of the operations that were called are met.</p>');
  t.match(page, '<p>0 of 1 answers of the operations that were called are met.</p>');
  t.notMatch(page, 'readCustomerToken');
  t.match(page, '<th scope="rowgroup" colspan="4">createSession: 2 of 3</th>');
  t.match(page, '<tr><td>200</td><td class="state passed">met × 4</td><td></td><td></td></tr>');
  t.match(page, '<tr><td>400 BAD_VALUE</td><td class="state passed">met</td><td>line-total</td><td></td></tr>');
  t.match(
    page,
    '<tr><td>no answer</td><td class="state skipped">does not count × 2</td>' +
      '<td>an injected fault does not prove the ordinary path</td><td>faults/connection-reset</td></tr>',
  );
  t.match(page, '</td><td class="state soft">not met</td><td></td><td>orders/captured</td></tr>');
  t.match(page, '<li><code>refundOrder</code> <span class="soft">by refunds/whole</span></li>');
  t.match(page, '<li><code>releaseRemainingAuthorization</code></li>');
  const none = render('html', clean({ coverage: { apis: [], cells: [], others: [], unused: [] } }));
  t.match(none, '<h2>Coverage: 0 % covered</h2>');
  t.notMatch(none, /<table|<ul>\n<\/ul>\n<\/section>/);
});
