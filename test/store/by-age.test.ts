import fc from 'fast-check';
import { type Aged, ByAge } from '../../src/store/by-age.js';
import { holds } from '../property.js';
import t from '../tap.js';

interface Item extends Aged<Item> {
  name: string;
}

/** Returns the names, walked from both ends. */
function walked(list: ByAge<Item>): [string, string] {
  let [forth, back] = ['', ''];
  for (let item = list.oldest; item; item = item.newer) forth += item.name;
  for (let item = list.newest; item; item = item.older) back = item.name + back;
  return [forth, back];
}

t.test('items are found by age from both ends, whatever came and went', async (t) => {
  const act = fc.tuple(fc.constantFrom('add', 'remove'), fc.nat(5).map(String));
  holds(
    t,
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const list = new ByAge<Item>();
      const items = new Map<string, Item>();
      for (const [what, name] of acts) {
        const known = items.get(name);
        if (what === 'add' && !known) {
          const item = { name, older: undefined, newer: undefined };
          list.add(item);
          items.set(name, item);
        } else if (what === 'remove' && known) {
          list.remove(known);
          items.delete(name);
          if (known.older || known.newer) return false;
        }
        const names = [...items.keys()].join('');
        if (walked(list).some((each) => each !== names)) return false;
      }
      return true;
    }),
    { numRuns: 300 },
  );
});
