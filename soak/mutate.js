// Makes wrong requests of right ones. Everything is drawn by the function `random`, so that a seed repeats it.

const pick = (random, list) => list[Math.floor(random() * list.length)];
const below = (random, count) => Math.floor(random() * count);

/** JSON that no program writes by itself, put in the place of a value once the rest is written. */
const WRITTEN = {
  '@number': '1e999',
  '@digits': '9'.repeat(400),
  '@negative zero': '-0',
  '@prototype': '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  '@twice': '{"type":"card","type":"none"}',
  '@half a pair': '"\\ud83d"',
  '@control': '"\\u0000\\u0007\\u001b[2J\\u007f"',
  '@deep list': '['.repeat(5_000) + ']'.repeat(5_000),
  '@deep object': `${'{"a":'.repeat(2_500)}1${'}'.repeat(2_500)}`,
  '@wide list': `[${'{},'.repeat(40_000)}{}]`,
  '@wide object': `{${Array.from({ length: 20_000 }, (_, at) => `"k${at}":${at}`).join(',')}}`,
  '@same items': `[${'1,'.repeat(20_000)}1]`,
};

/** Those that keep a stand-in busy; they are drawn less often. */
const HEAVY = Object.keys(WRITTEN).filter((name) => name.startsWith('@wide') || name === '@same items');
const LIGHT = Object.keys(WRITTEN).filter((name) => !HEAVY.includes(name));

const STRANGE = [
  null,
  true,
  false,
  0,
  1,
  -1,
  0.5,
  1e308,
  2 ** 31,
  2 ** 53,
  -(2 ** 53),
  '',
  ' ',
  '0',
  '1e3',
  'null',
  'SE',
  'EUR',
  '{{order_id}}',
  '{order.id}',
  '__proto__',
  'constructor',
  'toString',
  '../../../../etc/passwd',
  "' OR '1'='1",
  '<script>alert(1)</script>',
  '\r\nSet-Cookie: a=b',
  'ß'.repeat(300),
  '\u202Etxt.exe',
  '👩‍👩‍👧‍👧'.repeat(50),
  'a'.repeat(10_000),
  'http://127.0.0.1:1/nobody',
  'http://[::1',
  'javascript:alert(1)',
  '2026-02-31',
  '9999-12-31T23:59:59Z',
  '-000001-01-01T00:00:00Z',
  'PT0S',
  'P99999999Y',
  [],
  {},
  [[]],
  [null],
  { '': '' },
];

/** Returns a value that nobody expects. */
export function strange(random) {
  const drawn = random();
  if (drawn < 0.01) return pick(random, HEAVY);
  // A copy: what is drawn may be changed once more.
  return drawn < 0.15 ? pick(random, LIGHT) : structuredClone(pick(random, STRANGE));
}

/** Returns every place of a value: what holds it, and the key under which it does. */
function placesOf(value, holder, key) {
  const inner = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return [{ holder, key }, ...inner.flatMap((each) => placesOf(value[each], value, each))];
}

const changes = [
  (random, holder, key) => {
    holder[key] = strange(random);
  },
  (_random, holder, key) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  },
  (_random, holder, key) => {
    holder[key] = [holder[key]];
  },
  (_random, holder, key) => {
    const value = holder[key];
    // An object with a field toString cannot be converted.
    if (typeof value === 'object') holder[key] = null;
    else holder[key] = typeof value === 'number' ? String(value) : Number(value);
  },
  (random, holder, key) => {
    if (Array.isArray(holder)) holder.push(...Array(below(random, 1_200)).fill(holder[key]));
    else holder[`${key} `] = holder[key];
  },
  (random, holder) => {
    if (!Array.isArray(holder)) holder[String(pick(random, STRANGE))] = strange(random);
  },
  (_random, holder, key) => {
    if (typeof holder[key] === 'number') holder[key] = -holder[key];
    else if (typeof holder[key] === 'string') holder[key] = holder[key].toUpperCase();
  },
];

/** Writes a value as JSON in which one place, or some, are not as they should be. */
export function mutateJson(value, random) {
  const root = { value: structuredClone(value) };
  for (let left = 1 + below(random, 3); left > 0; left--) {
    const { holder, key } = pick(random, placesOf(root.value, root, 'value'));
    pick(random, changes)(random, holder, key);
  }
  const text = JSON.stringify(root.value) ?? '';
  return text.replace(/"(@[a-z ]+)"/g, (found, name) => WRITTEN[name] ?? found);
}

const spoils = [
  (text, at) => text.slice(0, at),
  (text, at) => text.slice(at),
  (text, at) => `${text.slice(0, at)},${text.slice(at)}`,
  (text, at) => `${text.slice(0, at)}\u0000${text.slice(at)}`,
  (text, at) => Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from([0xff, 0xc0]), Buffer.from(text.slice(at))]),
  (text) => `\ufeff${text}`,
  (text) => Buffer.from(text, 'utf16le'),
  (text) => `${text}${text}`,
  (text) => text.replaceAll('"', "'"),
  (text) => `/* ${text} */`,
  () => '',
  () => '   \n',
  () => '"',
  () => '[[[[[[[[',
  () => 'NaN',
];

/** Spoils a text: what comes is no JSON, or other bytes. */
export const mutateText = (text, random) => pick(random, spoils)(text, below(random, text.length + 1));

const credentials = (random) => {
  const texts = [
    undefined,
    '',
    'Basic',
    'Basic !!!',
    'Basic Og==',
    'Bearer a.b.c',
    'bearer eyJhbGciOiJub25lIn0.eyJzZXNzaW9uX2lkIjp7fX0.',
    'Basic klarna_test_api_abc',
    `Basic ${'QUJD'.repeat(1_500)}`,
    // Few names, so that a long soak does not count merchants in place of memory.
    `Basic ${btoa(`stranger-${below(random, 50)}:secret`)}`,
    `Basic ${btoa('stranger:invalid')}`,
    `Basic ${Buffer.from('köp:\u0000').toString('base64')}`,
    `Basic ${Buffer.from([0xff, 0xfe, 0x3a, 0x00]).toString('base64')}`,
    `Basic ${btoa('__proto__:x')}`,
  ];
  return pick(random, texts);
};

const HEADERS = [
  [
    'content-type',
    [undefined, 'text/plain', 'application/json; charset=utf-16', 'APPLICATION/JSON', 'a/b;=', 'multipart/form-data'],
  ],
  ['accept', ['text/html', '*/*;q=nothing', 'application/xml']],
  ['accept-encoding', ['gzip', 'identity;q=0, *;q=0']],
  ['content-encoding', ['gzip', 'br', 'x-none']],
  ['klarna-idempotency-key', ['', 'a', 'x'.repeat(5_000), '__proto__', '7d21f6b8-90ce-4a35-8b47-c2e05d9a1f36']],
  ['mock-klarna-off', ['*', 'refused', 'no/such,', '@']],
  ['mock-klarna-harness', ['soak', '']],
  ['mock-klarna-clock', ['tell', '']],
  ['mock-klarna-scenario', ['nobody/knows-it', '../../etc/passwd', '', 'x'.repeat(2_000)]],
  ['mock-klarna-merchant', ['shop', '%', '%00']],
  ['host', ['evil.example.com', 'localhost', '[::1]:1', 'a'.repeat(300), '127.0.0.1:99999']],
  ['origin', ['null', 'https://evil.example.com', 'http://localhost', 'nonsense']],
  ['x-forwarded-proto', ['https', 'javascript', 'http,https']],
  ['x-forwarded-host', ['evil.example.com', '"><script>', 'a, b']],
  ['x-forwarded-for', ['1.2.3.4', '::1', 'unknown']],
  ['last-event-id', ['-1', '1e99', 'x']],
  ['if-none-match', ['*', 'W/"1"']],
  ['range', ['bytes=0-1', 'bytes=9-1']],
  ['cookie', ['mock-klarna-key=1', '__proto__=1; a', ';;;=;']],
];

/** Puts another header in the place of one, or adds one. */
export function mutateHeaders(headers, random) {
  const [name, values] = random() < 0.25 ? ['authorization', [credentials(random)]] : pick(random, HEADERS);
  const value = pick(random, values);
  const { [name]: _, ...others } = headers;
  return value === undefined ? others : { ...others, [name]: value };
}

const SEGMENTS = [
  '',
  '%00',
  '%2e%2e',
  '%2F',
  '%',
  '%zz',
  '%ff',
  '{}',
  '*',
  ':id',
  '__proto__',
  '%F0%9F%91%A9',
  'a'.repeat(3_000),
];
const QUERIES = [
  '?',
  '?limit=-1',
  '?limit=1e9',
  '?limit=1&limit=2',
  '?limit[]=1&__proto__[a]=1',
  '?after=%00',
  '?after=__proto__',
  '?operation=%ff',
  '?status=99999999999999999999',
  '?on=push&on=push',
  '?off=*@*,@,%25',
  '?merchants=all',
  `?${'a=1&'.repeat(2_000)}`,
  '?name=../../package.json',
];

/** Returns another path or query. */
export function mutatePath(path, random) {
  const parts = path.split('/');
  const at = 1 + below(random, Math.max(1, parts.length - 1));
  const drawn = random();
  if (drawn < 0.4) return path.split('?')[0] + pick(random, QUERIES);
  if (drawn < 0.8) return parts.with(Math.min(at, parts.length - 1), pick(random, SEGMENTS)).join('/') || '/';
  return pick(random, [
    `${path}/`,
    `/${path}`,
    path.toUpperCase(),
    path.replaceAll('/', '//'),
    `${path}/../..`,
    path.slice(0, -1) || '/',
  ]);
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND'];

/** Makes a wrong request of a right one: its body, its headers, its path or its method, or some of them. */
export function mutate(request, value, random) {
  const drawn = random();
  let { body } = request;
  if (value !== undefined && drawn < 0.65) body = mutateJson(value, random);
  else if (body !== undefined && drawn < 0.75) body = mutateText(body, random);
  const spoiled = { ...request, body };
  if (drawn > 0.75 || random() < 0.1) spoiled.headers = mutateHeaders(request.headers, random);
  if (drawn > 0.85 || random() < 0.05) spoiled.path = mutatePath(request.path, random);
  if (random() < 0.03) spoiled.method = pick(random, METHODS);
  return spoiled;
}
