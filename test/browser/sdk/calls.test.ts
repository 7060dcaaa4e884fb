import { readArguments, readEitherOrder } from '../../../src/browser/sdk/arguments.js';
import { refuseBaseUrl } from '../../../src/browser/sdk/base-url.js';
import {
  categoriesOf,
  checkCategories,
  checkInstance,
  checkInstanceGiven,
  checkPreferred,
  instanceOf,
  nameOf,
} from '../../../src/browser/sdk/checks.js';
import { copyData, mergeData } from '../../../src/browser/sdk/data.js';
import { errorOf } from '../../../src/browser/sdk/errors.js';
import { checkEvent, Events } from '../../../src/browser/sdk/events.js';
import { readScript } from '../../../src/browser/sdk/script.js';
import { readClaims, textClaim } from '../../../src/browser/sdk/token.js';
import t from '../../tap.js';

const callback = () => {};
const options = { payment_method_category: 'klarna' };
const data = { billing_address: { city: 'Stockholm' } };

t.test('a function is the callback wherever it stands; options and data stand before it', async (t) => {
  t.strictSame(readArguments([callback]), { options: {}, data: undefined, callback });
  t.strictSame(readArguments([options, callback]), { options, data: undefined, callback });
  t.strictSame(readArguments([options, data, callback]), { options, data, callback });
  t.strictSame(readArguments([options, null, callback]), { options, data: null, callback });
  for (const none of [undefined, null, 'text', 7]) {
    t.strictSame(readArguments([none, data, callback]), { options: {}, data, callback }, `${none} is no options`);
  }
  const given = readArguments([options, data]);
  t.strictSame([given.options, given.data], [options, data]);
  t.equal(given.callback({ show_form: true }), undefined, 'a missing callback does nothing');
  t.equal(readArguments([]).data, undefined);
});

t.test('the older order is known by what the second object has', async (t) => {
  const telling = ['payment_method_category', 'instance_id'];
  t.strictSame(readEitherOrder([data, options, callback], telling), { options, data, callback });
  t.strictSame(readEitherOrder([options, data, callback], telling), { options, data, callback });
  const instance = { instance_id: 'one' };
  t.strictSame(readEitherOrder([data, instance, callback], telling), { options: instance, data, callback });
  t.strictSame(
    readEitherOrder([data, instance, callback], ['payment_method_category']),
    { options: data, data: instance, callback },
    'an instance tells nothing to reauthorize and finalize',
  );
  const empty = { payment_method_category: '' };
  t.strictSame(readEitherOrder([data, empty, callback], telling).options, empty, 'an empty category is one');
  t.strictSame(readEitherOrder([data, callback], telling), { options: data, data: undefined, callback });
  t.strictSame(readEitherOrder([{}, null, callback], telling), { options: {}, data: null, callback });
});

t.test('data is copied as JSON carries it', async (t) => {
  const given = { order_amount: 7, order_lines: [{ name: 'Bag', toString() {} }], nothing: undefined };
  t.strictSame(copyData(given), { order_amount: 7, order_lines: [{ name: 'Bag' }] });
  for (const none of [undefined, null, {}, [], 'text', 7, { only: undefined }]) t.equal(copyData(none), undefined);
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  t.throws(() => copyData(circle), TypeError);
  t.throws(() => copyData({ amount: 1n }), TypeError);
});

t.test('data is merged at every level, lists as a whole', async (t) => {
  const below = { a: { b: 1, c: { d: 2 } }, list: [1, 2], kept: 3 };
  const above = { a: { c: { e: 4 }, b: null }, list: [5], new: { f: 6 } };
  t.strictSame(mergeData(below, above), {
    a: { b: null, c: { d: 2, e: 4 } },
    list: [5],
    kept: 3,
    new: { f: 6 },
  });
  t.strictSame(below, { a: { b: 1, c: { d: 2 } }, list: [1, 2], kept: 3 }, 'neither is changed');
  t.strictSame([mergeData(undefined, above), mergeData(below, undefined)], [above, below]);
  t.equal(mergeData(undefined, undefined), undefined);
  const hostile = JSON.parse('{"__proto__": {"polluted": true}}');
  mergeData(hostile, hostile);
  t.notOk('polluted' in {});
});

const jwt = (claims: string) => `head.${Buffer.from(claims).toString('base64url')}.signature`;

t.test('the claims of a token are read from its second part', async (t) => {
  t.strictSame(readClaims(jwt('{"merchant_name":"Blå är 🟦?>","scheme":true}')), {
    merchant_name: 'Blå är 🟦?>',
    scheme: true,
  });
  const broken = [undefined, null, {}, 7, '', 'a', 'a.b', 'a.!.c', jwt('{'), jwt('[]'), jwt('null'), jwt('"text"')];
  for (const token of broken) t.equal(readClaims(token), undefined, JSON.stringify(token));
  t.strictSame([textClaim({ a: 'b' }, 'a'), textClaim({ a: 7 }, 'a'), textClaim({}, 'a')], ['b', undefined, undefined]);
});

t.test('a script tag tells its sandbox and its switches', async (t) => {
  const read = (url: string | undefined, attributes: Record<string, string> = {}) =>
    readScript(url, (name) => attributes[name] ?? null);
  const off = { strict: false, popup: false, fullscreen: false };
  t.strictSame(read('http://localhost:5527/kp/lib/v1/api.js?timestamp=7'), {
    url: 'http://localhost:5527/kp/lib/v1/api.js?timestamp=7',
    base: 'http://localhost:5527/kp',
    ...off,
  });
  t.equal(read('https://shop.test/sandbox/eu/kp/lib/v1/api.js').base, 'https://shop.test/sandbox/eu/kp');
  t.equal(read('https://shop.test/assets/klarna.js').base, 'https://shop.test/kp');
  t.strictSame(read(undefined), { url: undefined, base: undefined, ...off });
  for (const name of ['strict', 'popup', 'fullscreen'] as const) {
    const url = 'http://localhost/kp/lib/v1/api.js';
    const switches = ({ strict, popup, fullscreen }: typeof off) => ({ strict, popup, fullscreen });
    t.strictSame(switches(read(`${url}?${name}`)), { ...off, [name]: true });
    t.strictSame(switches(read(url, { [`data-${name}`]: '' })), { ...off, [name]: true });
    t.strictSame(switches(read(`${url}?${name}`, { [`data-${name}`]: 'false' })), off, 'the tag has the last word');
    t.strictSame(switches(read(`${url}?${name}=false`)), off);
  }
});

t.test('a base_url is taken from where the script came from, and from local names', async (t) => {
  const taken = (baseUrl: unknown, url?: string, strict = false) => refuseBaseUrl(baseUrl, { url, strict });
  const script = 'https://sandbox.shop.example/kp/lib/v1/api.js';
  t.equal(taken('https://sandbox.shop.example/kp', script), undefined);
  const local = ['localhost:5527', '127.0.0.1:5527', '[::1]:5527', '0.0.0.0', 'mock-klarna:5527', 'kp.test', 'a.svc'];
  for (const host of local) t.equal(taken(`http://${host}/kp`, script), undefined, host);

  t.match(taken(undefined), /no claim base_url/);
  t.match(taken('nowhere'), /no address of the web/);
  t.match(taken('ftp://localhost/'), /no address of the web/);
  for (const host of ['js.playground.klarna.com', 'x.klarnacdn.net', 'klarna.net']) {
    t.match(taken(`https://${host}/eu/kp`, script), /Klarna’s own/, host);
    t.match(taken(`https://${host}/eu/kp`), /Klarna’s own/, host);
    t.equal(taken(`https://${host}/kp`, 'https://x.klarnacdn.net/kp/lib/v1/api.js'), undefined, 'by a hosts file');
  }
  for (const host of ['notklarna.com', 'klarna.com.evil.example', 'shop.example']) {
    t.match(taken(`https://${host}/kp`, script), /neither where this script came from nor a local name/, host);
  }
});

t.test('a strict script takes the hosts that Klarna’s takes', async (t) => {
  const taken = (baseUrl: string) =>
    refuseBaseUrl(baseUrl, { url: 'http://localhost:5527/kp/lib/v1/api.js', strict: true });
  for (const host of ['localhost:5527', '0.0.0.0:5527', 'dev-proxy'])
    t.equal(taken(`http://${host}/kp`), undefined, host);
  for (const host of ['127.0.0.1:5527', 'mock-klarna', 'a.test'])
    t.match(taken(`http://${host}/kp`), /data-strict/, host);
});

t.test('categories are texts of a list, or the objects that a session answers', async (t) => {
  const check = (given: object, strict = false) =>
    checkCategories(categoriesOf(given as Record<string, unknown>, strict));
  const words = ['card', 'direct_bank_transfer', 'direct_debit', 'klarna', 'pay_in_parts', 'pay_later', 'pay_now'];
  for (const word of [...words, 'pay_over_time']) {
    t.equal(check({ payment_method_category: word }, true), undefined, word);
    t.equal(check({ payment_method_categories: [word] }, true), undefined, word);
  }
  for (const none of [undefined, null, '']) t.equal(check({ payment_method_category: none }), undefined);
  t.match(check({ payment_method_category: 'PAY_LATER' }), { given: 'PAY_LATER' });
  t.match(check({ payment_method_category: 7 }), { given: '7' });
  t.match(check({ payment_method_categories: ['klarna', 'invoice', 'gold'] }), { given: 'invoice' });
  t.match(check({ payment_method_categories: 'gold' }), { given: 'gold' });
  const objects = { payment_method_categories: [{ identifier: 'klarna', name: 'Pay with Klarna' }] };
  t.equal(check(objects), undefined);
  t.match(check(objects, true), { name: 'PaymentMethodCategoryNotSupportedError', given: '[object Object]' });
  t.strictSame(categoriesOf(objects, false), { categories: ['klarna'] });
  t.strictSame(categoriesOf({}, false), {});
});

t.test('instances have ids of letters, digits, underscores and hyphens', async (t) => {
  for (const id of ['a', 'A-1_b', 7]) t.equal(checkInstance(instanceOf({ instance_id: id })), undefined);
  for (const id of ['a b', 'ä', 'a.b', '#a']) t.match(checkInstance(id), { name: 'InvalidInstanceIDError' });
  for (const none of [undefined, null, '']) t.equal(instanceOf({ instance_id: none }), undefined);
  t.match(checkInstanceGiven({ categories: ['klarna'] }, undefined), { name: 'InstanceIDNotProvidedError' });
  t.equal(checkInstanceGiven({ categories: ['klarna'] }, 'one'), undefined);
  t.equal(checkInstanceGiven({ category: 'klarna' }, undefined), undefined);
});

t.test('preferred payment methods are of a list', async (t) => {
  const all = ['base_account', 'deferred_interest', 'direct_bank_transfer', 'direct_debit', 'fixed_amount', 'invoice'];
  for (const method of [...all, 'b2b_invoice', 'pix', '', undefined, null]) {
    t.equal(checkPreferred({ preferred_payment_method: method }), undefined, String(method));
  }
  t.match(checkPreferred({ preferred_payment_method: 'cash' }), { given: 'cash' });
});

t.test('frames are named by instance, category, or what there is instead', async (t) => {
  const named = { category: 'pay_over_time' };
  t.equal(nameOf('My_One', named, 'PAYMENTS'), 'my-one');
  t.equal(nameOf(undefined, named, 'PAYMENTS'), 'pay-over-time');
  t.equal(nameOf(undefined, {}, 'PAYMENTS'), 'payments');
});

t.test('errors have Klarna’s names and messages', async (t) => {
  const text = (name: Parameters<typeof errorOf>[0]['name'], given?: string) =>
    String(errorOf({ name, ...(given === undefined ? {} : { given }), advice: '' }));
  t.equal(
    text('InvalidClientTokenError'),
    'InvalidClientTokenError: The client token is invalid. Make sure it has not been tampered with in any way.',
  );
  t.equal(text('EventNotSupportedError', 'click'), 'EventNotSupportedError: This event name is not supported: click');
  t.ok(errorOf({ name: 'TypeError', advice: '' }) instanceof TypeError);
  t.notOk(errorOf({ name: 'EventNotSupportedError', advice: '' }) instanceof TypeError);
});

t.test('handlers of events come and go', async (t) => {
  const events = new Events();
  const heard: unknown[] = [];
  const one = (detail?: number) => heard.push(['one', detail]);
  const two = (detail?: number) => heard.push(['two', detail]);
  const emit = async () => {
    heard.length = 0;
    events.emit('heightChanged', 7);
    events.emit('fullscreenOverlayShown');
    await Promise.resolve();
    return [...heard];
  };
  for (const each of [one, one, two]) events.on('heightChanged', each);
  events.on('fullscreenOverlayShown', one);
  events.on('heightChanged', 'no function');
  t.strictSame(await emit(), [
    ['one', 7],
    ['two', 7],
    ['one', undefined],
  ]);
  events.off('heightChanged', one);
  t.strictSame(await emit(), [
    ['two', 7],
    ['one', undefined],
  ]);
  events.off('heightChanged', undefined);
  events.off('no event', undefined);
  events.off('no event', one);
  t.strictSame(await emit(), [['one', undefined]]);

  const names = ['heightChanged', 'fullscreenOverlayShown', 'fullscreenOverlayHidden'];
  for (const name of names) t.equal(checkEvent(name), undefined);
  t.match(checkEvent('heightchanged'), { name: 'EventNotSupportedError', given: 'heightchanged' });
});
