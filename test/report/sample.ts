import {
  type Finding,
  type FindingParts,
  finding,
  type HarnessReport,
  type SeenExchange,
} from '../../src/report/finding.js';

/** Text that breaks out of any format that does not watch for it. */
export const nasty = `<script>alert("1")</script> & 'x' | \`y\` ]]> *z* {0} [a](b) \u001b[31m\u202e`;

export const found = (parts: Partial<FindingParts> = {}): Finding =>
  finding({
    check: 'contract/unknown-field',
    severity: 'violation',
    operation: 'createSession',
    message: 'order_lnes: Klarna reads no such field; did you mean order_lines?',
    path: '$.request.body.order_lnes',
    where: { exchange: 3, merchant: 'boots' },
    ...parts,
  });

/** The exchange of the finding above. */
export const exchange = (parts: Partial<SeenExchange> = {}): SeenExchange => ({
  where: { exchange: 3, merchant: 'boots' },
  method: 'POST',
  path: '/payments/v1/sessions',
  request: { headers: { 'content-type': 'application/json' }, body: { order_lnes: [] } },
  status: 400,
  response: { headers: {}, body: { error_code: 'BAD_VALUE' } },
  ...parts,
});

/** A report with one of each. */
export const sample = (parts: Partial<HarnessReport> = {}): HarnessReport => ({
  tool: 'report',
  title: 'Shop',
  target: 'sandbox, merchant boots',
  findings: [
    found({
      check: 'practice/charge-without-key',
      severity: 'warning',
      operation: 'createCustomerTokenOrder',
      message: 'createCustomerTokenOrder was sent without Klarna-Idempotency-Key; send a new UUID with every intent',
      path: '$.request.headers.klarna-idempotency-key',
      where: { exchange: 12, merchant: 'boots' },
    }),
    found({
      message: `field ${nasty} is read by nobody`,
      path: undefined,
      expected: { a: nasty },
      got: [nasty],
      evidence: 'inferred',
      source: 'our choice',
      where: { file: 'tests/a b.har', line: 7, case: 'case 1' },
    }),
    found(),
    found({ severity: 'note', path: '$.request.body.locale', message: 'sv_SE is deprecated', where: {} }),
    found({
      check: 'recording',
      severity: 'note',
      operation: undefined,
      path: '$',
      message: 'no name',
      where: { file: 'x' },
    }),
  ],
  judged: 34,
  unjudged: [{ what: 'exchange 5 of boots', why: `its body was cut ${nasty}` }],
  checks: [
    {
      id: 'practice/charge-without-key',
      severity: 'warning',
      title: 'A charge of a customer token carries a Klarna-Idempotency-Key.',
      reason: 'Without a key the shopper pays twice when the answer is lost and the shop asks again.',
      evidence: 'spec',
      source: 'Klarna OpenAPI documents',
    },
    { id: 'practice/refund-without-key', severity: 'warning', title: 'A refund carries a key.' },
  ],
  coverage: {
    apis: [
      { name: 'Klarna Payments', called: ['createSession'], cells: 3, counting: 2, percent: 66 },
      { name: `Klarna Customer Token ${nasty}`, called: [], cells: 0, counting: 0, percent: 0 },
      { name: 'Klarna Order Management', called: ['captureOrder'], cells: 1, counting: 0, percent: 0 },
    ],
    others: [],
    cells: [
      { operation: 'createSession', status: 200, met: 4, counts: true },
      { operation: 'createSession', status: 400, code: 'BAD_VALUE', met: 1, counts: true, why: 'line-total' },
      {
        operation: 'createSession',
        status: 0,
        met: 2,
        counts: false,
        why: 'an injected fault does not prove the ordinary path',
        reach: 'faults/connection-reset',
      },
      {
        operation: 'captureOrder',
        status: 201,
        transition: 'AUTHORIZED -> CAPTURED',
        outcome: nasty,
        met: 0,
        counts: false,
        reach: 'orders/captured',
      },
    ],
    unused: [
      { operation: 'refundOrder', api: 'Klarna Order Management', reach: 'refunds/whole' },
      { operation: 'releaseRemainingAuthorization', api: 'Klarna Order Management' },
      { operation: 'readCustomerToken', api: `Klarna Customer Token ${nasty}` },
    ],
  },
  ...parts,
});

/** A report of a run that found nothing. */
export const clean = (parts: Partial<HarnessReport> = {}): HarnessReport => ({
  tool: 'verify',
  title: 'Contract cases',
  target: 'a sandbox of its own',
  findings: [],
  judged: 2,
  unjudged: [],
  ...parts,
});
