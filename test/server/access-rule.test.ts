import { accessFault, isOwnHost } from '../../src/server/access-rule.js';
import t from '../tap.js';

/** Host headers that name this program, and those that a foreign page could bring. */
const own = [
  '127.0.0.1:5527',
  '127.0.0.1',
  '127.0.0.1.',
  '192.168.3.4',
  '203.0.113.9:80',
  '[::1]:5527',
  '[::1]',
  '[2001:db8::1]',
  '[::ffff:127.0.0.1]:5527',
  'localhost:5527',
  'localhost:',
  'LOCALHOST',
  'localhost.',
  'localhost.:5527',
  'mock-klarna:5527',
  'klarna.shop.localhost',
  'klarna.test:80',
  'host.docker.internal',
  'printer.local',
  'mock-klarna.shop.svc',
  'mock-klarna.shop.svc.cluster.local:5527',
  'allowed.example.com:1',
  'ALLOWED.example.com.',
];
const foreign = [
  'evil.example.com',
  'evil.example.com.',
  'evil.example.com:5527',
  'localhost.evil.com',
  'test.com',
  'notallowed.example.com',
  'x.allowed.example.com',
  'allowed.example.com.evil.com',
  '127.0.0.1.evil.com',
  '127.0.0.1.nip.io:5527',
  'evil.contest',
  'evil.internal.com',
  'me@evil.com',
  '0x7f.1',
  '127.1',
  '[::1].evil.com',
  'xn--klarna.com',
];

t.test('hosts that name this program, and others', (t) => {
  for (const host of own) t.equal(isOwnHost(host, ['Allowed.example.com']), true, host);
  for (const host of foreign) t.equal(isOwnHost(host, ['allowed.example.com']), false, host);
  t.end();
});

t.test('origins of this program’s pages, and others', (t) => {
  const allowed = ['Allowed.example.com'];
  const judge = (host: string | undefined, origin: string | undefined, forwarded?: string) =>
    accessFault({ host, origin, forwarded }, allowed, 'sandbox')?.code;
  const same: [string | undefined, string | undefined, string?][] = [
    ['localhost:5527', undefined],
    [undefined, undefined],
    ['localhost:5527', 'http://localhost:5527'],
    ['localhost:5527', 'https://localhost:5527'],
    ['[::1]:5527', 'http://[::1]:5527'],
    ['klarna.test', 'http://klarna.test'],
    ['klarna.test', 'https://klarna.test:443'],
    ['10.0.0.7', 'https://klarna.test:8443', 'klarna.test:8443'],
    ['allowed.example.com', 'https://allowed.example.com'],
    ['127.0.0.1:5527', 'https://allowed.example.com:8443'],
  ];
  for (const [host, origin, forwarded] of same)
    t.equal(judge(host, origin, forwarded), undefined, `${origin} to ${host}`);
  const others: [string | undefined, string][] = [
    ['localhost:5527', 'null'],
    ['localhost:5527', ''],
    ['localhost:5527', 'http://localhost:3000'],
    ['localhost:5527', 'http://localhost'],
    ['localhost:5527', 'http://127.0.0.1:5527'],
    ['127.0.0.1:5527', 'http://[::1]:5527'],
    ['localhost:5527', 'http://localhost.evil.com:5527'],
    ['localhost:5527', 'http://evil.example.com'],
    ['localhost:5527', 'http://evil.example.com:5527'],
    ['localhost:5527', 'ftp://localhost:5527'],
    ['localhost:5527', 'file://'],
    ['localhost:5527', 'chrome-extension://abcdef'],
    ['localhost:5527', 'http://localhost:5527, http://evil.example.com'],
    ['localhost:5527', 'localhost:5527'],
    ['localhost:5527', 'http://x.allowed.example.com'],
    [undefined, 'http://localhost:5527'],
  ];
  for (const [host, origin] of others) t.equal(judge(host, origin), 'FORBIDDEN_ORIGIN', `${origin} to ${host}`);
  for (const host of foreign) t.equal(judge(host, `http://${host}`), 'MISDIRECTED_REQUEST', `its own, ${host}`);
  t.end();
});

t.test('messages say what was given and what allows it', (t) => {
  t.strictSame(accessFault({ host: 'evil.example.com:5529', origin: undefined }, [], 'recorder'), {
    status: 421,
    code: 'MISDIRECTED_REQUEST',
    text: 'Host: given evil.example.com:5529, which is no name of this recorder; allow it with --allow-host evil.example.com',
  });
  t.match(accessFault({ host: 'localhost', origin: 'null' }, [], 'sandbox'), {
    status: 403,
    text: 'Origin: given null, whose pages may not use this sandbox; send the request from outside a browser',
  });
  t.end();
});
