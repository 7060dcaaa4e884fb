import { readMatching, writePact } from '../../src/exchange/pact.js';
import { showExchange } from '../../src/exchange/raw-exchange.js';
import t from '../tap.js';
import { entry } from './sample.js';

const loose = { matchers: [{ match: 'type' }] };

t.test('rules of version 2 are those whose path begins with the body', (t) => {
  t.equal(readMatching({ '$.body.a': loose }).loosens('$.a'), true);
  t.equal(readMatching({ 'of.$.body.a': loose }).loosens('$.a'), false);
  t.equal(readMatching({ '$.bodywork.a': loose }).loosens('$.a'), false);
  t.end();
});

t.test('an exchange whose body is no JSON is not written, and a path without parameters has no rule', (t) => {
  const seen = (requestBody: string) =>
    writePact([showExchange(entry({ requestBody, responseBody: '{"error_code":"BAD_VALUE"}' }))], 'boots');
  t.equal(seen('no JSON'), undefined);
  const [{ request }] = JSON.parse(seen('{"a":1}') as string).interactions;
  t.strictSame(request.body, { a: 1 });
  t.strictSame(request.matchingRules, {});
  t.end();
});
