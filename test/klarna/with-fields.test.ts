import fc from 'fast-check';
import { withFields } from '../../src/klarna/with-fields.js';
import { holds } from '../property.js';
import t from '../tap.js';

t.test('withFields', (t) => {
  t.test('makes what a literal of two spreads does, in the same order, and leaves the object as it is', (t) => {
    const fields = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', '1'), fc.option(fc.integer(), { nil: undefined }));
    const listed = (value: object) => JSON.stringify(Object.entries(value));
    holds(
      t,
      fc.property(fields, fields, (base, more) => {
        const before = listed(base);
        return listed(withFields(base, more)) === listed({ ...base, ...more }) && listed(base) === before;
      }),
    );
    t.end();
  });

  t.end();
});
