import { differingFields } from '../../../src/klarna/payments/matching.js';
import type { Address, OrderLine, OrderRequest, SessionData } from '../../../src/klarna/records.js';
import t from '../../tap.js';
import { accepted, badValue, line, orderOf, purchase, refuses, World, wordsOf } from '../world.js';

const home: Address = {
  given_name: 'Elsa',
  family_name: 'Lind',
  email: 'elsa.lind@example.com',
  street_address: 'Skogsgatan 7',
  postal_code: '411 18',
  city: 'Göteborg',
  country: 'SE',
};
const work: Address = { ...home, street_address: 'Hamngatan 1', organization_name: 'Lind & Dotter AB' };

const differing = (authorized: SessionData, ordered: Partial<OrderRequest>) =>
  differingFields(purchase(authorized), orderOf(ordered));

const differingLine = (authorized: Partial<OrderLine>, ordered: Partial<OrderLine>) =>
  differing({ order_lines: [line(authorized)] }, { order_lines: [line(ordered)] });

t.test('the same purchase matches', async (t) => {
  t.strictSame(differing({}, {}), []);
  t.strictSame(differing({ billing_address: home, shipping_address: work }, {}), [], 'the order names no address');
  t.strictSame(differing({}, { billing_address: home, shipping_address: work }), [], 'the session named none');
  const both = { billing_address: home, shipping_address: work };
  t.strictSame(differing(both, structuredClone(both)), []);
  t.strictSame(differing({ merchant_reference1: 'A' }, { merchant_reference1: 'B', locale: 'en-SE' }), []);
});

t.test('a line counts as what Klarna takes for granted where a field is absent', async (t) => {
  const plain: OrderLine = { name: 'Laces', quantity: 1, unit_price: 0, total_amount: 0 };
  const said = { type: 'physical', quantity_unit: '', total_discount_amount: 0, tax_rate: 0, total_tax_amount: 0 };
  const full: OrderLine = { ...plain, ...said };
  t.strictSame(differing({ order_lines: [plain] }, { order_lines: [full] }), []);
  t.strictSame(differing({ order_lines: [full] }, { order_lines: [plain] }), []);
  const others = { type: 'digital', quantity_unit: 'pair', total_discount_amount: 1, tax_rate: 1, total_tax_amount: 1 };
  for (const [field, value] of Object.entries(others)) {
    const other = [{ ...plain, [field]: value }];
    t.strictSame(differing({ order_lines: [plain] }, { order_lines: other }), [`order_lines[0].${field}`]);
    t.strictSame(differing({ order_lines: other }, { order_lines: [plain] }), [`order_lines[0].${field}`]);
  }
});

t.test('what differs is named in order: addresses, amount, lines, tax, currency, country', async (t) => {
  t.strictSame(
    differing(
      {
        billing_address: home,
        shipping_address: work,
        order_lines: [line(), line({ name: 'Laces', reference: 'L-1' })],
        order_amount: 15_000,
        order_tax_amount: 4000,
      },
      {
        billing_address: { given_name: 'Elsa', title: 'Ms', ...home, city: 'Stockholm' },
        shipping_address: { ...work, organization_name: 'Lind AB' },
        order_lines: [line({ quantity: 3 }), line({ name: 'Wax', reference: 'W-1' })],
        order_amount: 15_001,
        order_tax_amount: 4001,
        purchase_currency: 'EUR',
        purchase_country: 'NO',
      },
    ),
    [
      'billing_address.title',
      'billing_address.city',
      'shipping_address.organization_name',
      'order_amount',
      'order_lines[0].quantity',
      'order_lines[1].name',
      'order_lines[1].reference',
      'order_tax_amount',
      'purchase_currency',
      'purchase_country',
    ],
  );
  const taxed = { ...line(), type: 'physical', total_discount_amount: 5 };
  t.strictSame(
    differingLine(line(), { ...taxed, name: 'Shoes', quantity: 1, total_tax_amount: 1999 }),
    ['name', 'quantity', 'total_tax_amount', 'total_discount_amount'].map((field) => `order_lines[0].${field}`),
    'fields of a line in their order, also where one is absent',
  );
});

t.test('an address field that only one side has differs', async (t) => {
  t.strictSame(differing({ billing_address: home }, { billing_address: { ...home, phone: '+46701740650' } }), [
    'billing_address.phone',
  ]);
  const { email, ...silent } = home;
  t.strictSame(differing({ billing_address: home }, { billing_address: silent }), ['billing_address.email']);
});

t.test('an empty field is not an absent one', async (t) => {
  const nothing = { title: undefined, region: null as unknown as string };
  t.strictSame(differing({ billing_address: home }, { billing_address: { ...home, ...nothing } }), []);
  t.strictSame(differing({ billing_address: { ...home, ...nothing } }, { billing_address: home }), []);
  const empty = { ...home, organization_name: '' };
  t.strictSame(differing({ billing_address: empty }, { billing_address: home }), ['billing_address.organization_name']);
  t.strictSame(differing({ billing_address: home }, { billing_address: empty }), ['billing_address.organization_name']);
  t.strictSame(differing({ billing_address: empty }, { billing_address: { ...empty } }), []);
  t.strictSame(differing({ billing_address: { ...home, country: '' } }, { billing_address: home }), [
    'billing_address.country',
  ]);
  t.strictSame(differingLine({ image_url: '' }, {}), ['order_lines[0].image_url'], 'in lines as well');
  t.strictSame(differingLine({ quantity_unit: '' }, {}), [], 'but for what is empty where it is absent');
  t.strictSame(
    differing(
      { billing_address: { ...home, street_address2: '3 tr' } },
      { billing_address: { ...home, street_address2: '' } },
    ),
    ['billing_address.street_address2'],
  );
});

t.test('a country is the same in either case, other text is not', async (t) => {
  t.strictSame(differing({ billing_address: home }, { billing_address: { ...home, country: 'se' } }), []);
  t.strictSame(differing({ billing_address: { ...home, country: 'se' } }, { billing_address: home }), []);
  t.strictSame(differing({ billing_address: home }, { billing_address: { ...home, country: 'NO' } }), [
    'billing_address.country',
  ]);
  t.strictSame(differing({ billing_address: home }, { billing_address: { ...home, city: 'GÖTEBORG' } }), [
    'billing_address.city',
  ]);
});

t.test('an order without a shipping address ships to the billing address', async (t) => {
  t.strictSame(differing({ shipping_address: home }, { billing_address: home }), []);
  t.strictSame(differing({ shipping_address: work }, { billing_address: home }), [
    'shipping_address.street_address',
    'shipping_address.organization_name',
  ]);
  t.strictSame(differing({ shipping_address: work }, { billing_address: home, shipping_address: work }), []);
  t.strictSame(differing({ billing_address: home }, { billing_address: home, shipping_address: work }), []);
});

t.test('nested objects of a line are compared field by field', async (t) => {
  const subscription = { name: 'Boot care', interval: 'MONTH', interval_count: 1 } as const;
  const product_identifiers = { brand: 'Fjällsko', size: '42' };
  const at = 'order_lines[0]';
  t.strictSame(
    differingLine({ subscription, product_identifiers }, { subscription: { ...subscription }, product_identifiers }),
    [],
  );
  t.strictSame(
    differingLine(
      { subscription, product_identifiers },
      { subscription: { ...subscription, interval: 'YEAR' }, product_identifiers: { brand: 'Fjällsko', size: '43' } },
    ),
    [`${at}.subscription.interval`, `${at}.product_identifiers.size`],
  );
  const all = [`${at}.subscription.name`, `${at}.subscription.interval`, `${at}.subscription.interval_count`];
  t.strictSame(differingLine({ subscription }, {}), all, 'the order left it out');
  t.strictSame(differingLine({}, { subscription }), all, 'the order added it');
  t.strictSame(differingLine({}, { product_identifiers: {} }), [], 'an empty object says nothing');
  t.strictSame(differingLine({}, { product_identifiers: null as unknown as object }), []);
});

t.test('another number of lines has a message of its own', async (t) => {
  t.strictSame(differing({ order_lines: [line(), line()] }, { order_lines: [line()] }), [
    'Incorrect number of items in the cart. Expected: 2, Actual: 1',
  ]);
  t.strictSame(differing({ order_lines: [line()] }, { order_lines: [line({ name: 'Wax' }), line(), line()] }), [
    'Incorrect number of items in the cart. Expected: 1, Actual: 3',
  ]);
  const fewer = { order_lines: [line()], order_amount: 10_000, order_tax_amount: 2000, purchase_currency: 'NOK' };
  t.strictSame(
    differing({ order_lines: [line(), line()], order_amount: 20_000, order_tax_amount: 4000 }, fewer),
    ['order_amount', 'Incorrect number of items in the cart. Expected: 2, Actual: 1', 'purchase_currency'],
    'the amount goes before it, and the tax that goes with them is not named',
  );
  t.strictSame(differing({ order_lines: undefined }, { order_lines: [line(), line()] }), [], 'none were authorized');
});

t.test('amount, tax and currency differ only where both sides say them', async (t) => {
  t.strictSame(differing({ order_amount: undefined }, { order_amount: 1 }), []);
  t.strictSame(differing({ order_amount: 10_001 }, {}), ['order_amount']);
  t.strictSame(differing({ order_tax_amount: undefined }, { order_tax_amount: 1999 }), []);
  t.strictSame(differing({ order_tax_amount: 2000 }, { order_tax_amount: undefined }), []);
  t.strictSame(differing({ order_tax_amount: 2000 }, { order_tax_amount: 1999 }), ['order_tax_amount']);
  t.strictSame(differing({ purchase_currency: undefined }, {}), []);
  t.strictSame(differing({ purchase_currency: 'sek' }, {}), []);
  t.strictSame(differing({}, { purchase_currency: 'sek' }), []);
  t.strictSame(differing({}, { purchase_currency: 'NOK' }), ['purchase_currency']);
});

t.test(
  'the purchase country differs, unless a billing address that the order is the first to name says it',
  async (t) => {
    t.strictSame(differing({ purchase_country: undefined }, { purchase_country: 'NO' }), []);
    t.strictSame(differing({}, { purchase_country: 'se' }), []);
    t.strictSame(differing({}, { purchase_country: 'NO' }), ['purchase_country']);
    t.strictSame(differing({}, { purchase_country: 'NO', billing_address: home }), []);
    t.strictSame(differing({ billing_address: {} }, { purchase_country: 'NO', billing_address: home }), []);
    const abroad = { ...home, country: 'FI' };
    t.strictSame(differing({}, { purchase_country: 'NO', billing_address: abroad }), ['purchase_country']);
    t.strictSame(differing({}, { billing_address: abroad }), []);
    t.strictSame(differing({ billing_address: home }, { purchase_country: 'NO', billing_address: home }), [
      'purchase_country',
    ]);
  },
);

t.test('an address that the order is the first to name is judged, since nobody could correct it', async (t) => {
  const german = { purchase_country: 'DE', purchase_currency: 'EUR', locale: 'de-DE' };
  const kiel: Address = { given_name: 'Lena', postal_code: '24103', city: 'Kiel', country: 'DE' };
  const wrong: Address = { ...kiel, postal_code: 'ABC' };
  const world = new World();
  const order = (addresses: Partial<OrderRequest>, authorized: SessionData = {}) =>
    world.createOrder(
      world.authorization(purchase({ ...german, ...authorized })).id,
      orderOf({ ...german, ...addresses }),
    );
  const says = (name: string) => `${name}.postal_code: given "ABC", expected the form of DE, such as 10178`;
  const both = badValue(
    'billing_address.postal_code, shipping_address.postal_code',
    'person-postal-code',
    `${says('billing_address')}; ${says('shipping_address')}`,
  );
  refuses(t, order({ billing_address: wrong, shipping_address: wrong }), both, 'both');
  refuses(t, order({ billing_address: wrong }), both, 'a billing address that also stands for shipping');
  const billing = badValue('billing_address.postal_code', 'person-postal-code', says('billing_address'));
  refuses(t, order({ billing_address: wrong, shipping_address: kiel }), billing);
  const shipping = badValue('shipping_address.postal_code', 'person-postal-code', says('shipping_address'));
  refuses(t, order({ billing_address: kiel, shipping_address: wrong }), shipping);
  refuses(t, order({ shipping_address: wrong }, { billing_address: kiel }), shipping);
  refuses(t, order({ billing_address: wrong }, { billing_address: {} }), both, 'an empty address says nothing');
  refuses(t, order({ billing_address: wrong }, { shipping_address: kiel }), billing);
  t.equal(wordsOf(order({ billing_address: wrong }, { billing_address: kiel }))[0], 409, 'what was authorized differs');
  accepted(order({ billing_address: kiel }));
  // Recorded: an American order with 12345678.
  accepted(order({ billing_address: { ...kiel, phone: '12' } }));
  const { id } = world.authorization(purchase(german));
  refuses(t, world.createOrder(id, orderOf({ ...german, billing_address: wrong })), both);
  accepted(world.createOrder(id, orderOf({ ...german, billing_address: kiel })));
});

t.test('an order that does not match is a conflict, which sticks to the authorization', async (t) => {
  const world = new World();
  const authorized = world.authorization(purchase({ billing_address: home, shipping_address: work }));
  const other = orderOf({ billing_address: { ...home, city: 'Malmö' }, shipping_address: { ...work, city: 'Malmö' } });
  const refused = world.createOrder(authorized.id, other);
  const messages = ['Not matching fields: [billing_address.city, shipping_address.city]'];
  const text =
    'the order differs from authorization authorization-1 in billing_address.city, shipping_address.city; authorize again';
  t.strictSame(wordsOf(refused), [409, 'BAD_VALUE', messages, 'order-matches', text]);
  t.strictSame(refused.changes, [
    {
      put: {
        ...authorized,
        refused: { error: 'NOT_MATCHING', messages, because: { rule: 'order-matches', text } },
      },
    },
  ]);
  t.strictSame(refused.effects, []);

  const right = orderOf({ billing_address: home, shipping_address: work });
  const again = `authorization authorization-1 was refused before: ${text}`;
  refuses(t, world.createOrder(authorized.id, right), [409, 'BAD_VALUE', messages, 'refusal-sticks', again]);
  t.strictSame(world.all('order'), []);

  world.authorize(authorized.session);
  t.equal('refusal' in world.createOrder('authorization-2', right), false, 'a new authorization is free of it');
});
