import { renderSarif } from '../../src/report/sarif.js';
import { version } from '../../src/version.js';
import t from '../tap.js';
import { clean, found, nasty, sample } from './sample.js';

/** What the published schema demands of the parts that we write, and what code scanning reads. */
interface Sarif {
  $schema: string;
  version: string;
  runs: [
    {
      tool: { driver: { name: string; semanticVersion: string; rules: { id: string; [more: string]: unknown }[] } };
      invocations: { executionSuccessful: boolean; toolExecutionNotifications: unknown[] }[];
      results: {
        ruleId: string;
        ruleIndex: number;
        level: string;
        message: { text: string };
        locations: { physicalLocation?: any; logicalLocations?: any }[];
        partialFingerprints: Record<string, string>;
        properties: Record<string, unknown>;
      }[];
      properties: Record<string, unknown>;
    },
  ];
}

const read = (report = sample()): Sarif => JSON.parse(renderSarif(report));

t.test('a log of version 2.1.0 with one run', async (t) => {
  const log = read();
  t.equal(log.version, '2.1.0');
  t.match(log.$schema, /^https:.*sarif-schema-2\.1\.0\.json$/);
  t.strictSame(Object.keys(log), ['$schema', 'version', 'runs']);
  const [run] = log.runs;
  t.match(run, {
    tool: { driver: { name: 'mock-klarna', semanticVersion: version } },
    automationDetails: { id: 'mock-klarna/report/', description: { text: 'Shop' } },
    columnKind: 'utf16CodeUnits',
    properties: {
      target: 'sandbox, merchant boots',
      judged: 34,
      notJudged: 1,
      coveragePercent: { 'Klarna Payments': 66, 'Klarna Order Management': 0 },
    },
  });
  t.matchLists(run.invocations, [
    {
      executionSuccessful: true,
      toolExecutionNotifications: [
        { level: 'warning', message: { text: /^not judged: exchange 5 of boots: its body was cut / } },
      ],
    },
  ]);
});

t.test('checks are rules, and each result points to its own', async (t) => {
  const [{ tool, results }] = read().runs;
  const { rules } = tool.driver;
  t.equal(new Set(rules.map(({ id }) => id)).size, rules.length, 'ids are unique');
  t.match(rules[1], {
    id: 'practice/charge-without-key',
    shortDescription: { text: 'A charge of a customer token carries a Klarna-Idempotency-Key.' },
    fullDescription: { text: /^Without a key/ },
    help: { text: /^Without a key/ },
    defaultConfiguration: { level: 'warning' },
    properties: { evidence: 'spec', source: 'Klarna OpenAPI documents' },
  });
  t.strictSame(rules[3], {
    id: 'practice/refund-without-key',
    shortDescription: { text: 'A refund carries a key.' },
    defaultConfiguration: { level: 'warning' },
  });
  t.equal(results.length, 5);
  for (const { ruleId, ruleIndex, level, message } of results) {
    t.equal(rules[ruleIndex]?.id, ruleId);
    t.match(level, /^(error|warning|note)$/);
    t.type(message.text, 'string');
  }
  t.strictSame(
    results.map(({ level }) => level),
    ['error', 'error', 'note', 'warning', 'note'],
  );
  t.strictSame(results[0]?.properties, {
    case: 'case 1',
    expected: { a: nasty },
    got: [nasty],
    evidence: 'inferred',
    source: 'our choice',
  });
  t.strictSame(results[1]?.properties, { exchange: 3, merchant: 'boots', path: '$.request.body.order_lnes' });
  t.strictSame(results[1]?.partialFingerprints, { 'mockKlarna/v1': found().fingerprint });
});

t.test('a result stands at its place in a file, or else at the operation', async (t) => {
  const [{ results }] = read().runs;
  t.strictSame(results[0]?.locations, [
    { physicalLocation: { artifactLocation: { uri: 'tests/a%20b.har' }, region: { startLine: 7 } } },
  ]);
  t.strictSame(results[1]?.locations, [
    {
      logicalLocations: [
        { name: 'createSession', fullyQualifiedName: 'createSession exchange 3 of boots', kind: 'function' },
      ],
    },
  ]);
  t.strictSame(results[4]?.locations, [{ physicalLocation: { artifactLocation: { uri: 'x' } } }]);
  const findings = [
    found({ where: { file: '/a/b#c.har' } }),
    found({ where: { file: 'C:\\a\\b.har' } }),
    found({ where: { case: 'orders/one' }, operation: undefined }),
    found({ where: {}, operation: undefined }),
  ];
  const places = read(clean({ findings })).runs[0].results.map(({ locations }) => locations[0]);
  t.strictSame(places, [
    {},
    { logicalLocations: [{ fullyQualifiedName: 'orders/one' }] },
    { physicalLocation: { artifactLocation: { uri: 'file:///a/b%23c.har' } } },
    { physicalLocation: { artifactLocation: { uri: 'file:///C:/a/b.har' } } },
  ]);
});

t.test('a message is plain text: no placeholder and no link in it', async (t) => {
  const [{ results }] = read().runs;
  t.match(results[0]?.message.text, '{{0}} \\[a](b)');
  t.match(read(clean({ findings: [found({ message: 'a[0] (b)' })] })).runs[0].results[0]?.message.text, 'a[0] (b)');
  t.match(nasty, '{0} [a](b)');
});

t.test('nothing found is an empty list of results', async (t) => {
  const [run] = read(clean()).runs;
  t.strictSame(run.results, []);
  t.strictSame(run.tool.driver.rules, []);
  t.notOk('coveragePercent' in run.properties);
});
