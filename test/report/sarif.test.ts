import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { makeReport } from '../../src/replay/report.js';
import type { ScenarioResult } from '../../src/replay/result.js';
import { renderSarif } from '../../src/report/sarif.js';
import { readScenario } from '../../src/scenario/read.js';
import type { Step } from '../../src/scenario/scenario.js';
import { version } from '../../src/version.js';
import t from '../tap.js';
import { clean, exchange, found, nasty, sample } from './sample.js';

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
        locations: { physicalLocation: any; logicalLocations?: any }[];
        occurrenceCount?: number;
        webRequest?: unknown;
        webResponse?: unknown;
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
    help: { text: /^Without a key.* Evidence: spec, Klarna OpenAPI documents\.$/ },
    defaultConfiguration: { level: 'warning' },
    properties: { 'problem.severity': 'warning', evidence: 'spec', source: 'Klarna OpenAPI documents' },
  });
  t.strictSame(rules[3], {
    id: 'practice/refund-without-key',
    shortDescription: { text: 'A refund carries a key.' },
    fullDescription: { text: 'A refund carries a key.' },
    help: { text: 'A refund carries a key.' },
    defaultConfiguration: { level: 'warning' },
    properties: { tags: ['klarna', 'practice'], 'problem.severity': 'warning' },
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
  const { fingerprint } = found();
  t.strictSame(results[1]?.partialFingerprints, {
    primaryLocationLineHash: `${fingerprint}:1`,
    'mockKlarna/v1': fingerprint,
  });
});

/** Returns the file and the line of each result. */
const linesOf = (text: string) =>
  (JSON.parse(text) as Sarif).runs[0].results.map(({ locations: [location] }) => [
    location?.physicalLocation.artifactLocation.uri,
    location?.physicalLocation.region.startLine,
  ]);

t.test(
  'a result stands at its place in a file, or else where the source of the shop calls the operation',
  async (t) => {
    const [{ results }] = read().runs;
    t.strictSame(results[0]?.locations, [
      {
        physicalLocation: { artifactLocation: { uri: 'tests/a%20b.har' }, region: { startLine: 7 } },
        logicalLocations: [
          { name: 'createSession', fullyQualifiedName: 'createSession tests/a b.har:7 case 1', kind: 'function' },
        ],
      },
    ]);
    t.strictSame(results[1]?.locations, [
      {
        physicalLocation: { artifactLocation: { uri: 'README.md' }, region: { startLine: 1 } },
        logicalLocations: [
          { name: 'createSession', fullyQualifiedName: 'createSession exchange 3 of boots', kind: 'function' },
        ],
      },
    ]);
    t.equal(results.length, 5);
    const findings = [
      found({ where: { file: '/a/b#c.har' } }),
      found({ where: { file: 'C:\\a\\b.har' } }),
      found({ where: { case: 'orders/one' }, operation: undefined }),
      found({ where: {}, operation: undefined }),
    ];
    const text = renderSarif(clean({ findings }), ({ operation, where: { file } }) =>
      file === undefined ? { file: `src/${operation}.js`, line: 12 } : { file, line: 1 },
    );
    t.strictSame(linesOf(text), [
      ['src/undefined.js', 12],
      ['src/undefined.js', 12],
      ['file:///a/b%23c.har', 1],
      ['file:///C:/a/b.har', 1],
    ]);
    const places = (JSON.parse(text) as Sarif).runs[0].results.map(({ locations }) => locations[0]?.logicalLocations);
    t.equal(places[0], undefined, 'nothing is known of it');
    t.strictSame(places[1], [{ fullyQualifiedName: 'orders/one' }]);
  },
);

t.test('findings with one fingerprint and one line are one result, which counts them', async (t) => {
  const at = (exchange: number, line = 1) => found({ where: { exchange, file: 'a.har', line } });
  const [{ results }] = read(clean({ findings: [at(1), at(2), at(3, 9), at(4)] })).runs;
  const { fingerprint } = at(1);
  t.strictSame(
    results.map(({ occurrenceCount, partialFingerprints, properties, locations: [location] }) => [
      occurrenceCount,
      partialFingerprints.primaryLocationLineHash,
      properties.places,
      location?.physicalLocation.region.startLine,
    ]),
    [
      [3, `${fingerprint}:1`, 'a.har:1 exchange 1, a.har:1 exchange 2, a.har:1 exchange 4', 1],
      [undefined, `${fingerprint}:2`, undefined, 9],
    ],
  );
});

t.test('a result has the exchange that it is about as a request and a response of the web', async (t) => {
  const where = { exchange: 3, merchant: 'boots' };
  const [{ results }] = read(sample({ findings: [found()], exchanges: [exchange()] })).runs;
  t.strictSame(results[0]?.webRequest, {
    method: 'POST',
    target: '/payments/v1/sessions',
    headers: { 'content-type': 'application/json' },
    body: { text: '{"order_lnes":[]}' },
  });
  t.strictSame(results[0]?.webResponse, { statusCode: 400, headers: {}, body: { text: '{"error_code":"BAD_VALUE"}' } });
  const lost = { ...exchange(), request: { headers: {}, body: '{' }, status: 0, response: { headers: {} } };
  const [none] = read(sample({ findings: [found({ where })], exchanges: [lost] })).runs[0].results;
  t.match(none, { webRequest: { body: { text: '{' } }, webResponse: { noResponseReceived: true } });
});

/** The published schema of SARIF 2.1.0, which is written in a draft of JSON Schema that Ajv reads without its name. */
function isSarif() {
  const file = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const { id: _, $schema: __, ...schema } = JSON.parse(readFileSync(file, 'utf8'));
  return formats.default(new Ajv({ strict: false, unicodeRegExp: false, code: { optimize: false } })).compile(schema);
}

t.test('the published schema takes it', async (t) => {
  const validate = isSarif();
  const seen = [exchange(), exchange({ where: { file: 'x' }, status: 0, response: { headers: {} } })];
  const scenario = readScenario('title: A\nevidence: docs\nsteps: [{ readHealth: }]', 'a.yaml', 'a');
  const failed: ScenarioResult = {
    scenario,
    merchant: 'M',
    passed: false,
    steps: [{ step: scenario.steps[0] as Step, number: 1, mismatches: [], trouble: 'gone' }],
    warnings: [{ line: 2, message: 'nothing' }],
  };
  const reports = [
    sample({ exchanges: seen }),
    clean(),
    clean({ findings: [found(), found(), found({ where: {}, operation: undefined })] }),
    makeReport([failed], 1),
  ];
  for (const report of reports) {
    t.ok(validate(JSON.parse(renderSarif(report))), JSON.stringify(validate.errors));
  }
  t.notOk(validate({ version: '2.1.0', runs: [{}] }), 'it judges');
});

t.test("what GitHub's code scanning asks for beyond the schema is there", async (t) => {
  for (const { results, tool } of [read(), read(clean({ findings: [found({ where: {} })] }))].flatMap(
    ({ runs }) => runs,
  )) {
    for (const rule of tool.driver.rules) {
      for (const name of ['shortDescription', 'fullDescription', 'help']) {
        t.match((rule as Record<string, unknown>)[name], { text: /./ }, `${rule.id} ${name}`);
      }
    }
    for (const { locations, partialFingerprints, message } of results) {
      t.equal(locations.length, 1);
      const [{ physicalLocation }] = locations as [{ physicalLocation: any }];
      t.match(physicalLocation.artifactLocation.uri, /./);
      t.ok(Number.isInteger(physicalLocation.region.startLine) && physicalLocation.region.startLine > 0);
      t.match(partialFingerprints.primaryLocationLineHash, /^[0-9a-f]{16}:[1-9]\d*$/);
      t.match(message.text, /./);
    }
    const marks = results.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash);
    t.equal(new Set(marks).size, marks.length, 'no two alerts are taken for one');
  }
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
