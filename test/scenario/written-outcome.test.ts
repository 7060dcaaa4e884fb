import { writeOutcome } from '../../src/scenario/outcomes.js';
import { readScenario } from '../../src/scenario/read.js';
import t from '../tap.js';

t.test('an outcome is written as a file says it', async (t) => {
  const said = [
    { error: 'INVALID_OPERATION' },
    { fraud: { status: 'REJECTED' } },
    { fraud: { status: 'PENDING', then: 'ACCEPTED', after: 'PT5M' } },
    { fault: { commit: true, reset: true } },
    { fault: { status: 503 } },
    { fault: { delay: 'PT2.5S' } },
    { fault: { commit: true, truncate: true, delay: 'PT60S' } },
  ];
  const outcomes = said.map((what, index) => ({ on: 'createOrder', calls: index + 1, ...what }));
  const file = { title: 'Boots', evidence: 'inferred', outcomes };
  t.strictSame(readScenario(JSON.stringify(file), 'boots.json').outcomes.map(writeOutcome), said);
  const limited = { ...file, outcomes: [{ on: 'createOrder', fault: { 429: true, delay: 'PT1M0.001S' } }] };
  t.strictSame(readScenario(JSON.stringify(limited), 'boots.json').outcomes.map(writeOutcome), [
    { fault: { status: 429, delay: 'PT60.001S' } },
  ]);
});
