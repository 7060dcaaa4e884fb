import { apis, documentOf, type OpenApi } from '../../../src/contract/operations.js';
import { inWords } from '../../../src/server/pages/in-words.js';
import t from '../../tap.js';

const page = '/grades';

/** Returns what is told of one part of a contract. */
function told(part: object, grades: string | null = page) {
  const document = { paths: { '/a': { get: part } } } as unknown as OpenApi;
  return (inWords(document, grades ?? undefined).paths['/a'] as { get: { description?: string } }).get;
}

const evidence = (grade: string, source: string, note?: string) =>
  told({ 'x-evidence': { grade, source, ...(note !== undefined && { note }) } }).description;

t.test('evidence is told in words, with links to the grade and to what the source names', async (t) => {
  t.equal(
    evidence('recorded', 'Playground recordings of 2021 in nebulab/klarna_proxy (a list)'),
    'Evidence: [recorded](/grades#recorded) – Playground recordings of 2021 in [nebulab/klarna\\_proxy](https://github.com/nebulab/klarna_proxy) (a list).',
  );
  t.equal(
    evidence('reported', 'a-b/c-d#109, #132 and e-f/gh', 'Only the #status is reported.'),
    'Evidence: [reported](/grades#reported) – [a-b/c-d#109](https://github.com/a-b/c-d/issues/109), [#132](https://github.com/a-b/c-d/issues/132) and [e-f/gh](https://github.com/e-f/gh). Only the #status is reported.',
  );
  t.equal(
    evidence('spec', "Klarna's OpenAPI document for Payments", 'See ow-ner/repo#7'),
    "Evidence: [spec](/grades#spec) – [Klarna's OpenAPI document](https://docs.klarna.com/api/) for Payments. See [ow-ner/repo#7](https://github.com/ow-ner/repo/issues/7).",
  );
  for (const [source, linked] of [
    ['Klarna guides on orders', '[Klarna guides](https://docs.klarna.com/) on orders'],
    ['Klarna: authentication', '[Klarna](https://docs.klarna.com/): authentication'],
    [
      "It follows from Klarna's table of error codes",
      "It follows from [Klarna's table of error codes](https://docs.klarna.com/)",
    ],
    ['our choice; #4 [of *them*]', 'our choice; #4 \\[of \\*them\\*\\]'],
    ['https://example.test/a/b and %7B/%7D', 'https://example.test/a/b and %7B/%7D'],
  ]) {
    t.equal(evidence('docs', source as string), `Evidence: [docs](/grades#docs) – ${linked}.`);
  }
});

t.test('so are limits on calls and what the journal keeps, after the description that is there', async (t) => {
  t.equal(
    told({
      description: 'A call.',
      'x-rate-limit': { live: 200, playground: 50 },
      'x-journal': false,
      'x-evidence': { grade: 'inferred', source: 'ours' },
    }).description,
    "A call.\n\nKlarna's limit: 200 calls a second, 50 in the playground.\n\nThe journal does not keep these calls.\n\nEvidence: [inferred](/grades#inferred) – ours.",
  );
  const plain = { description: 'A call.', 'x-evidence': { grade: 'inferred', source: 'ours' } };
  t.strictSame(told(plain, null), plain, 'without a page of grades no evidence is told');
  const data = { examples: [{ 'x-evidence': { grade: 'docs', source: 'data' } }], 'x-wire': [{ 'x-journal': false }] };
  t.strictSame(told(data), data, 'data stay as they are');
});

t.test('every evidence of the contracts is told, and its links lead to repositories that are known', async (t) => {
  const repositories = new Set<string>();
  for (const api of apis) {
    const document = documentOf(api);
    const before = JSON.stringify(document);
    const text = JSON.stringify(inWords(document, page));
    t.equal(JSON.stringify(document), before, 'the contract stays as it is');
    const count = (of: string, what: RegExp) => of.match(what)?.length ?? 0;
    t.equal(count(text, /Evidence: \[/g), count(text, /"x-evidence":/g), api);
    for (const [, repository] of text.matchAll(/\(https:\/\/github\.com\/([^)]+?)(?:\/issues\/\d+)?\)/g)) {
      repositories.add(repository as string);
    }
  }
  t.strictSame([...repositories].sort(), [
    'krokedil/klarna-checkout-for-woocommerce',
    'krokedil/klarna-payments-for-woocommerce',
    'nebulab/klarna_proxy',
    'solidusio-contrib/solidus_klarna_payments',
  ]);
});
