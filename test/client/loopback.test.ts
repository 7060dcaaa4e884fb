import type { NetworkInterfaceInfo } from 'node:os';
import { isLoopback, urlForOthers, urlOf } from '../../src/client/loopback.js';
import t from '../tap.js';

const ipv4 = (address: string, internal = false) => ({ address, family: 'IPv4', internal }) as NetworkInterfaceInfo;
const ipv6 = (address: string, scopeid = 0, internal = false) =>
  ({ address, family: 'IPv6', internal, scopeid }) as NetworkInterfaceInfo;
const listening = (address: string) => ({ address, family: address.includes(':') ? 'IPv6' : 'IPv4', port: 5527 });

t.test('this machine, by name and by address', (t) => {
  for (const host of [
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
    'localhost',
    'LOCALHOST',
    'a.localhost',
  ]) {
    t.equal(isLoopback(host), true, host);
  }
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'localhost.test', 'shop.test', '', '0', '127.1']) {
    t.equal(isLoopback(host), false, host);
  }
  t.end();
});

t.test('this machine reaches "any address" by loopback', (t) => {
  for (const any of ['0.0.0.0', '::']) t.equal(urlOf(listening(any)), 'http://127.0.0.1:5527');
  t.equal(urlOf(listening('10.0.0.1')), 'http://10.0.0.1:5527');
  t.equal(urlOf(listening('2001:db8::1')), 'http://[2001:db8::1]:5527');
  t.end();
});

t.test('others reach "any address" by the first that leads outside', (t) => {
  const lo = [ipv4('127.0.0.1', true), ipv6('::1', 0, true)];
  const both = { lo, eth0: [ipv6('fe80::1', 2), ipv6('2001:db8::7'), ipv4('172.17.0.2')], eth1: [ipv4('10.0.0.9')] };
  const newOnly = { lo, eth0: [ipv6('fe80::1', 2), ipv6('2001:db8::7')] };
  t.equal(urlForOthers(listening('0.0.0.0'), 'http', both), 'http://172.17.0.2:5527');
  t.equal(urlForOthers(listening('::'), 'http', both), 'http://172.17.0.2:5527');
  t.equal(urlForOthers(listening('::'), 'http', newOnly), 'http://[2001:db8::7]:5527');
  t.equal(urlForOthers(listening('0.0.0.0'), 'http', newOnly), 'http://127.0.0.1:5527', 'it does not listen by IPv6');
  t.equal(urlForOthers(listening('::'), 'http', { lo, down: undefined }), 'http://127.0.0.1:5527');
  t.equal(urlForOthers(listening('127.0.0.1'), 'http', both), 'http://127.0.0.1:5527', 'what is named stays');
  t.equal(urlForOthers(listening('::'), 'https', both), 'https://172.17.0.2:5527');
  t.equal(urlOf(listening('::1'), 'https'), 'https://[::1]:5527');
  t.end();
});
