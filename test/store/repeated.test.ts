import fc from 'fast-check';
import type { RawHeaders } from '../../src/exchange/raw-exchange.js';
import { headersSize, Repeated } from '../../src/store/repeated.js';
import { exchange } from '../exchange/sample.js';
import { holds } from '../property.js';
import t from '../tap.js';

t.test('what requests for an operation have in common', async (t) => {
  t.test('is kept once', async (t) => {
    const repeated = new Repeated();
    const [first, second, third] = [
      exchange({ path: '/a/1', requestHeaders: { host: 'a', accept: '*/*' } }),
      exchange({ path: '/a/2', requestHeaders: { host: 'a', accept: '*/*' } }),
      exchange({ path: '/a/2', requestHeaders: { host: 'b', accept: '*/*' } }),
    ];
    const sizes = [first, second, third].map((each) => repeated.share(each));
    t.equal(second.requestHeaders, first.requestHeaders);
    t.not(third.requestHeaders, first.requestHeaders);
    t.strictSame(sizes, [14, 14, 14]);
    const other = exchange({ operation: 'readSession', requestHeaders: { host: 'b', accept: '*/*' } });
    repeated.share(other);
    t.not(other.requestHeaders, third.requestHeaders, 'other operations are compared among themselves');
  });

  t.test('changes nothing that is told of them', async (t) => {
    const value = fc.constantFrom<RawHeaders[string]>('a', 'b', 7, undefined, ['a']);
    const headers = fc
      .uniqueArray(fc.tuple(fc.constantFrom('host', 'accept', 'cookie', '1'), value), { selector: ([name]) => name })
      .map((fields): RawHeaders => Object.fromEntries(fields));
    const request = fc.record({ path: fc.constantFrom('/', '/a', '/b'), requestHeaders: headers });
    holds(
      t,
      fc.property(fc.array(request, { maxLength: 6 }), (requests) => {
        const repeated = new Repeated();
        for (const given of requests) {
          const shared = exchange(structuredClone(given));
          const size = repeated.share(shared);
          if (size !== headersSize(given.requestHeaders)) return false;
          if (JSON.stringify(shared) !== JSON.stringify(exchange(given))) return false;
        }
        return true;
      }),
    );
  });
});
