import { readCallbackHosts } from '../../../src/server/world/callback-hosts.js';
import t from '../../tap.js';

/** Tells which of some URLs may be called. */
const called = (hosts: string[], urls: string[]) => {
  const mayCall = readCallbackHosts(hosts);
  return urls.filter((url) => mayCall(new URL(url)));
};

t.test('hosts that callbacks may be sent to', async (t) => {
  for (const [given, may, mayNot] of [
    [
      'shop.test',
      ['http://shop.test/', 'https://shop.test/', 'http://SHOP.test:8080/', 'http://shop.test./'],
      ['http://a.shop.test/', 'http://shop.test.example/', 'http://shop.example/', 'http://xshop.test/'],
    ],
    ['Shop.Test.', ['http://shop.test/'], ['http://test/']],
    ['shop_1', ['http://shop_1/'], ['http://shop_2/']],
    ['bücher.test', ['http://xn--bcher-kva.test/', 'http://bücher.test/'], ['http://bucher.test/']],
    [
      'shop.test:8443',
      ['https://shop.test:8443/', 'http://shop.test:8443/'],
      ['https://shop.test/', 'http://shop.test:844/'],
    ],
    ['shop.test:80', ['http://shop.test/', 'https://shop.test:80/'], ['https://shop.test/']],
    ['shop.test:443', ['https://shop.test/', 'http://shop.test:443/'], ['http://shop.test/']],
    [
      '*.shop.test',
      ['http://a.shop.test/', 'http://a.b.shop.test:81/', 'http://a.shop.test./'],
      ['http://shop.test/', 'http://ashop.test/', 'http://a.shop.test.example/'],
    ],
    ['*.shop.test:81', ['http://a.shop.test:81/'], ['http://a.shop.test/']],
    ['192.0.2.7', ['http://192.0.2.7/', 'http://0xc0.0.2.7:1/'], ['http://192.0.2.8/', 'http://192.0.2.7.test/']],
    ['192.0.2.7:81', ['http://192.0.2.7:81/'], ['http://192.0.2.7/']],
    ['2001:db8::1', ['http://[2001:DB8::1]:81/'], ['http://[2001:db8::2]/']],
    ['[2001:db8:0::1]', ['http://[2001:db8::1]/'], ['http://[2001:db8::2]/']],
    ['[2001:db8::1]:81', ['http://[2001:db8::1]:81/'], ['http://[2001:db8::1]/']],
    [
      '192.0.2.0/24',
      ['http://192.0.2.0/', 'http://192.0.2.255:81/', 'http://[::ffff:192.0.2.1]/'],
      ['http://192.0.3.0/', 'http://shop.test/', 'http://[2001:db8::1]/', 'http://192.0.2.1.test/'],
    ],
    ['10.1.2.3/8', ['http://10.255.0.1/'], ['http://11.0.0.1/']],
    ['0.0.0.0/0', ['http://192.0.2.1/'], ['http://shop.test/']],
    ['2001:db8::/32', ['http://[2001:db8:ffff::1]/'], ['http://[2001:db9::1]/', 'http://192.0.2.1/']],
  ] as [string, string[], string[]][]) {
    t.strictSame(called([given], [...may, ...mayNot]), may, given);
  }
  const several = ['http://a.test/', 'http://b.test/', 'http://c.test/'];
  t.strictSame(called(['a.test', ' c.test '], several), ['http://a.test/', 'http://c.test/']);
  t.strictSame(called([], several), []);
});

t.test('what is none is refused, with what was probably meant', async (t) => {
  for (const [given, hint] of [
    ['https://shop.test:8443/hooks', '; did you mean shop.test:8443?'],
    ['http://[::2]/', '; did you mean [::2]?'],
    ['.shop.test', '; did you mean *.shop.test?'],
    ['*shop.test', '; did you mean *.shop.test?'],
    ['*', ''],
    ['*.', ''],
    ['', ''],
    ['a.*.test', ''],
    ['*.192.0.2.1', ''],
    ['192.0.2.0/33', ''],
    ['2001:db8::/129', ''],
    ['shop.test/24', ''],
    ['shop.test:0', ''],
    ['shop.test:65536', ''],
    ['shop.test:', ''],
    ['shop.test:x', ''],
    ['shop.test/hooks', ''],
    ['user@shop.test', ''],
    ['shop test', ''],
    ['shop.test#x', ''],
    ['192.0.2.256', ''],
  ] as const) {
    const expected = `given ${JSON.stringify(given)}, expected a host (shop.test, 192.0.2.7), a host and port (shop.test:8443), the names below a domain (*.shop.test) or a network (192.0.2.0/24)${hint}`;
    t.throws(() => readCallbackHosts(['shop.test', given]), { name: 'TypeError', message: expected }, given);
  }
});
