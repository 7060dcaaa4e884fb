import fc from 'fast-check';
import { checkAttachment, readAttachment, unknownPackages } from '../../src/klarna/attachments.js';
import { holds } from '../property.js';
import t from '../tap.js';

const emd = (body: string) => ({ body, content_type: 'application/vnd.klarna.internal.emd-v2+json' });
const texts = (packages: unknown) => checkAttachment(emd(JSON.stringify(packages))).map(({ text }) => text);
const registered = (account_registration_date: unknown) => ({ customer_account_info: [{ account_registration_date }] });

t.test('an attachment is JSON text of an object', async (t) => {
  t.strictSame(checkAttachment(undefined), []);
  for (const body of ['{}', ' {"event": []} ', '{"voucher":null}']) t.strictSame(checkAttachment(emd(body)), [], body);
  for (const [body, given] of [
    ['', 'text that is no JSON'],
    ['customer_account_info: 7', 'text that is no JSON'],
    ['[]', 'a list as JSON text'],
    ['null', 'a null as JSON text'],
    ['"{}"', 'a string as JSON text'],
    ['7', 'a number as JSON text'],
  ] as const) {
    const [violation, ...more] = checkAttachment(emd(body));
    t.strictSame(more, []);
    t.equal(violation?.rule, 'attachment');
    t.equal(violation?.field, 'attachment.attachment', 'the field as Klarna names it');
    const expected = `an object of extra merchant data${given === 'text that is no JSON' ? ' as JSON text' : ''}`;
    t.equal(violation?.text, `attachment.body: given ${given}, expected ${expected}`);
  }
});

t.test('a package that Klarna publishes is a list of objects', async (t) => {
  t.strictSame(texts({ in_store_payment: [{ store_info: { merchant_store_id: 'GBG-1' } }] }), []);
  t.strictSame(texts({ event: { event_name: 'Regatta' } }), [
    'attachment.body: given an object as event, expected a list of objects',
  ]);
  t.strictSame(texts({ voucher: [{}, ['Ferry']] }), [
    'attachment.body: given a list as voucher[1], expected an object',
  ]);
});

t.test('each package that Klarna publishes is judged, and no other', async (t) => {
  const published = [
    'air_reservation_details',
    'bus_reservation_details',
    'car_rental_reservation_details',
    'customer_account_info',
    'customer_tokens',
    'event',
    'ferry_reservation_details',
    'hotel_reservation_details',
    'in_store_payment',
    'marketplace_seller_info',
    'marketplace_winner_info',
    'other_delivery_address',
    'payment_history_full',
    'payment_history_simple',
    'subscription',
    'train_reservation_details',
    'trip_reservation_details',
    'voucher',
  ];
  const names = [...published, 'events', 'customer_token', 'payment_history', 'Voucher'];
  t.strictSame(
    names.filter((name) => texts({ [name]: 7 }).length > 0),
    published,
  );
  t.strictSame(unknownPackages(Object.fromEntries(names.map((name) => [name, []]))), names.slice(published.length));
});

t.test('each field of a date or a time is read as one, and no other', async (t) => {
  const dated = [
    'account_last_modified',
    'account_registration_date',
    'birth_date',
    'date_of_first_paid_purchase',
    'date_of_last_paid_purchase',
    'departure_date',
    'end_time',
    'start_time',
  ];
  const fields = [...dated, 'time', 'date', 'end_times', 'event_name'];
  const refused = fields.filter((field) => texts({ event: [{ [field]: 'soon' }] }).length > 0);
  t.strictSame(refused, dated);
});

t.test('dates and times are those of ISO 8601', async (t) => {
  for (const date of [
    '2026-11-24',
    '2026-11-24T15:00',
    '2026-11-24T15:00:09Z',
    '2026-11-24T15:00:09.123+01:00',
    '2026-11-24T15:00:09,5',
    '2026-11-24T15:00-0530',
    '2026-11-24T15:00+01',
    '2026-01-01T00:00-23:59',
    '2026-12-31T19:59:00Z',
    '2024-02-29T23:59:60Z',
    null,
  ]) {
    t.strictSame(texts(registered(date)), [], String(date));
  }
  for (const date of [
    '',
    '24.11.2026',
    '2026/11/24',
    '2026-11-24 15:00',
    '2026-11-31',
    '2025-02-29',
    '2026-00-10',
    '2026-13-01',
    '2026-01-00',
    '2026-01-32',
    '2026-11-24T',
    '2026-11-24T15',
    '2026-11-24T24:30',
    '2026-11-24T23:60',
    '2026-11-24T23:59:61',
    '2026-11-24T23:59:09.',
    '2026-11-24T15:00+24:00',
    '2026-11-24T15:00+01:60',
    ' 2026-11-24',
    '2026-11-24 ',
    '2026-11-24T15:00:09 CET',
    1795532400,
    true,
  ]) {
    t.strictSame(
      texts(registered(date)),
      [
        `attachment.body: given ${JSON.stringify(date)} as customer_account_info[0].account_registration_date, expected a date or time of ISO 8601, such as 2026-11-24T15:00:00Z`,
      ],
      String(date),
    );
  }
});

t.test('a date is looked for wherever it stands, and only in what Klarna publishes', async (t) => {
  const seller = (login: string) => ({
    marketplace_seller_info: [{ account_last_modified: { email: '2026-01-02', login } }],
  });
  t.strictSame(texts(seller('2026-01-02T03:04')), []);
  t.match(
    texts(seller('yesterday'))[0],
    /given "yesterday" as marketplace_seller_info\[0\].account_last_modified.login,/,
  );
  const trip = (departure_date: string) => ({
    ferry_reservation_details: [{ itinerary: [{ departure_date: '2026-06-01T08:00Z' }, { departure_date }] }],
  });
  t.strictSame(texts(trip('2026-06-08T18:30Z')), []);
  t.match(texts(trip('8 June'))[0], /given "8 June" as ferry_reservation_details\[0\].itinerary\[1\].departure_date,/);
  t.strictSame(texts({ purchase_history_full: [{ date_of_last_paid_purchase: 'never' }], Subscription: 7 }), []);
});

t.test('of several dates that are none the first is told', async (t) => {
  const trips = [{ itinerary: [{ departure_date: '2026-06-01' }, { departure_date: 'one' }] }, { end_time: 'two' }];
  t.match(texts({ ferry_reservation_details: trips })[0], /^attachment\.body: given "one" as ferry_/);
  t.match(texts({ event: [{ start_time: 'one', end_time: 'two' }] })[0], /^attachment\.body: given "one" as event/);
});

t.test('a birthday that is none is not repeated', async (t) => {
  for (const [birth_date, at] of [
    ['14.5.1987', ''],
    [['14.5.1987'], '[0]'],
    [{ local: '14.5.1987' }, '.local'],
  ] as const) {
    t.strictSame(texts({ trip_reservation_details: [{ trip_passengers: [{ birth_date }] }] }), [
      `attachment.body: given another form as trip_reservation_details[0].trip_passengers[0].birth_date${at}, expected a date or time of ISO 8601, such as 2026-11-24T15:00:00Z`,
    ]);
  }
});

t.test('packages that Klarna does not publish are told', async (t) => {
  const document = readAttachment(emd('{"Subscription":[],"event":[],"x":1}'));
  t.strictSame(unknownPackages(document as Record<string, unknown>), ['Subscription', 'x']);
});

t.test('nothing makes it fail, however deep', async (t) => {
  const depth = 100_000;
  const deep = `{"event":[{"start_time":${'['.repeat(depth)}${']'.repeat(depth)}}]}`;
  t.strictSame(checkAttachment(emd(deep)), []);
  holds(
    t,
    fc.property(fc.oneof(fc.json(), fc.string()), (body) => {
      return [body, `{"event":[${body}]}`].every((one) => checkAttachment(emd(one)).length <= 1);
    }),
  );
});
