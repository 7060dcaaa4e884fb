import { createHash } from 'node:crypto';
import { renderAnnotation } from '../../src/report/github.js';
import { renderPage } from '../../src/report/html.js';
import { renderSuites } from '../../src/report/junit.js';
import { cell, fenced } from '../../src/report/markdown.js';
import { escapeMarkup, markup } from '../../src/report/markup.js';
import { cut, printable, shorten } from '../../src/report/text.js';
import t from '../tap.js';

t.test('in a cell of Markdown nothing is a sign of Markdown or HTML, and white space is one space', (t) => {
  for (const [text, expected] of [
    ['a\n\n  b\t\r\nc', 'a b c'],
    ['| \\ ` * _ [ ] ~ #', '\\| \\\\ \\` \\* \\_ \\[ \\] \\~ \\#'],
    ['**', '\\*\\*'],
    ['<b>&"\'', '&lt;b&gt;&amp;&quot;&#39;'],
    ['(a)-b+c!d.', '(a)-b+c!d.'],
  ] as const) {
    t.equal(cell(text), expected);
  }
  t.end();
});

t.test('the fence of a block is longer than any in it', (t) => {
  t.equal(fenced('a'), '```text\na\n```');
  t.equal(fenced('a ``` b ` c'), '````text\na ``` b ` c\n````');
  t.equal(fenced('`````\n``'), '``````text\n`````\n``\n``````');
  t.end();
});

t.test('markup is escaped unless it is markup, and holds what XML can hold', (t) => {
  const bold = markup`<b>${'<'}</b>`;
  t.equal(
    markup`${bold}|${undefined}|${false}|${0}|${['a', [bold, '&']]}|${''}`.text,
    '<b>&lt;</b>|||0|a<b>&lt;</b>&amp;|',
  );
  t.equal(`${bold}`, '<b>&lt;</b>');
  for (const [text, expected] of [
    ['\t\n\r ~', '\t\n\r ~'],
    ['\b\v\f\u{1f}', '\u{fffd}'.repeat(4)],
    ['\u{d7ff}\u{e000}\u{fffd}\u{10000}\u{10ffff}', '\u{d7ff}\u{e000}\u{fffd}\u{10000}\u{10ffff}'],
    ['\ud800 \udfff \ufffe \uffff', '\u{fffd} \u{fffd} \u{fffd} \u{fffd}'],
  ] as const) {
    t.equal(escapeMarkup(text), expected);
  }
  t.end();
});

t.test('an annotation is one line, whatever is in it', (t) => {
  const [title, message] = ['a,b:c%d\n', 'a,b:c%d\r\n'];
  t.equal(
    renderAnnotation({ level: 'notice', file: 'x,y:z', line: 3, column: 7, title, message }),
    '::notice file=x%2Cy%3Az,line=3,col=7,title=a%2Cb%3Ac%25d%0A::a,b:c%25d%0D%0A',
  );
  t.equal(renderAnnotation({ title: 'T', message: 'M' }), '::error title=T::M');
  t.end();
});

t.test('suites of JUnit are counted each and together', (t) => {
  const failure = { message: '<m>', text: 'a & b' };
  const suites = [
    {
      name: 'one',
      cases: [
        { name: 'fine', seconds: 1.25 },
        { name: 'noted', file: 'a.yaml', line: 4, output: 'said' },
        { name: 'bad', file: 'b.yaml', failure, output: 'said', seconds: 0.0004 },
        { name: 'left', line: 9, skipped: '' },
      ],
    },
    { name: '"two"', cases: [{ name: 'bad', failure }] },
  ];
  t.equal(
    renderSuites('all', suites),
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="all" tests="5" failures="2" errors="0" skipped="1" time="1.250">
  <testsuite name="one" tests="4" failures="1" errors="0" skipped="1" time="1.250">
    <testcase classname="one" name="fine" time="1.250"/>
    <testcase classname="one" name="noted" file="a.yaml" line="4" time="0.000"><system-out>said</system-out></testcase>
    <testcase classname="one" name="bad" file="b.yaml" time="0.000"><failure message="&lt;m&gt;">a &amp; b</failure><system-out>said</system-out></testcase>
    <testcase classname="one" name="left" line="9" time="0.000"><skipped message=""/></testcase>
  </testsuite>
  <testsuite name="&quot;two&quot;" tests="1" failures="1" errors="0" skipped="0" time="0.000">
    <testcase classname="&quot;two&quot;" name="bad" time="0.000"><failure message="&lt;m&gt;">a &amp; b</failure></testcase>
  </testsuite>
</testsuites>
`,
  );
  t.end();
});

t.test('a page loads nothing, and runs nothing but its own script', (t) => {
  const page = renderPage({ title: 'A & B', style: markup`p{}`, body: markup`<p>x</p>\n` });
  const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? [];
  const name = createHash('sha256').update(script).digest('base64');
  t.match(
    page,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline';script-src 'sha256-${name}';base-uri 'none';form-action 'none'">`,
  );
  t.match(page, '<title>A &amp; B</title>\n<style>p{}</style>\n</head>\n<body>\n<p>x</p>\n<script>(() => {\n');
  t.match(page, /\}\)\(\);\n<\/script>\n<\/body>\n<\/html>\n$/);
  t.equal(page.split('<script').length, 2);
  t.end();
});

t.test('values are cut to a length, long texts inside them before the whole', (t) => {
  const [at, over] = ['x'.repeat(80), 'y'.repeat(81)];
  t.equal(shorten({ at }, 200), `{"at":"${at}"}`);
  t.equal(shorten([over], 200), `["${'y'.repeat(40)}…(81 characters)"]`);
  t.equal(shorten('abcd', 6), '"abcd"');
  t.equal(shorten('abcd', 5), '"abcd…');
  t.equal(cut('abcd', 4), 'abcd');
  t.equal(cut('abcde', 4), 'abc…');
  t.end();
});

t.test('on a terminal every character shows that could move, hide or turn text', (t) => {
  t.equal(
    printable('a\u{1b}[31m\n\u{202e}\u{2028}\u{2029}\u{ad}\ud800'),
    'a\\u{1b}[31m\\u{a}\\u{202e}\\u{2028}\\u{2029}\\u{ad}\\u{d800}',
  );
  t.equal(printable('å é – 日本 😀\u{a0}'), 'å é – 日本 😀\u{a0}');
  t.end();
});
