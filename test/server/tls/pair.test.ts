import { X509Certificate } from 'node:crypto';
import { isUsable, makePair, PAIR_NAMES } from '../../../src/server/tls/pair.js';
import t from '../../tap.js';

const NOW = Date.UTC(2026, 0, 31, 12);
const DAY = 86_400_000;

t.test('a pair stands for this machine and Klarna’s hosts, for a year', async (t) => {
  const pair = await makePair(NOW);
  const [cert, ca] = [new X509Certificate(pair.cert), new X509Certificate(pair.ca)];
  for (const name of PAIR_NAMES) t.equal(cert.checkHost(name), name);
  for (const name of [
    'api.klarna.com',
    'api-na.playground.klarna.com',
    'x.klarnacdn.net',
    'js.klarna.com',
    'localhost',
  ]) {
    t.ok(PAIR_NAMES.includes(name), name);
  }
  for (const name of ['klarna.com', 'www.klarna.com', 'example.com']) t.equal(cert.checkHost(name), undefined, name);
  for (const address of ['127.0.0.1', '::1']) t.ok(cert.checkIP(address), address);
  t.ok(cert.checkIssued(ca) && cert.verify(ca.publicKey));
  t.strictSame([ca.ca, cert.ca], [true, false], 'what was signed signs nothing');
  t.not(cert.serialNumber, ca.serialNumber);
  t.equal(Date.parse(cert.validTo), NOW + 365 * DAY);
  t.ok(Date.parse(cert.validFrom) < NOW);
  t.match(pair.key, /^-----BEGIN PRIVATE KEY-----/);
});

t.test('a pair is used again while it fits together and has a week left', async (t) => {
  const [pair, other] = await Promise.all([makePair(NOW), makePair(NOW)]);
  t.equal(isUsable(pair, NOW), true);
  t.equal(isUsable(pair, NOW + 358 * DAY), true);
  t.equal(isUsable(pair, NOW + 358 * DAY + 1), false);
  t.equal(isUsable({ ...pair, key: other.key }, NOW), false);
  t.equal(isUsable({ ...pair, ca: other.ca }, NOW), false);
  t.equal(isUsable({ ...pair, cert: '' }, NOW), false);
  t.equal(isUsable({ ...pair, cert: pair.ca }, NOW), false);
});
