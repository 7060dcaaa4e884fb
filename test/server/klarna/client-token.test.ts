import fc from 'fast-check';
import { claimsOf } from '../../../src/klarna/payments/client-token.js';
import { clientTokenSigner } from '../../../src/server/klarna/client-token.js';
import { version } from '../../../src/version.js';
import { holds } from '../../property.js';
import t from '../../tap.js';

t.test('a client token has the claims of its session, whatever merchant and amount', async (t) => {
  const clientTokenOf = clientTokenSigner('seed');
  const country = fc.constantFrom('SE', 'US', 'AU');
  const names = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }).filter((name) => name.isWellFormed()),
    fc.constantFrom('boots', '"session_id":"', '"order_amount":0', '","merchant_name":"', 'Åsa\\', 'é'.repeat(5_000)),
  );
  const amount = fc.option(fc.nat(), { nil: undefined });
  const base = fc.constantFrom('http://localhost:5527', 'https://klarna.test');
  const session = fc.record({
    id: fc.uuid(),
    merchant: names,
    client: fc
      .record({ base, language: fc.string({ unit: 'grapheme', maxLength: 2 }), country, amount })
      .map(({ amount, ...facts }) => (amount === undefined ? facts : { ...facts, amount })),
  });
  holds(
    t,
    fc.property(session, (given) => {
      const payload = String(clientTokenOf(given).split('.')[1]);
      const expected = JSON.stringify({ ...claimsOf(given), version: `v${version}` });
      if (Buffer.from(payload, 'base64url').toString() !== expected) throw new Error(`not ${expected}`);
    }),
  );
});

t.test(
  'a session has the same client token each time, after a restart too, and with another seed another',
  async (t) => {
    const client = { base: 'http://localhost:5527', language: 'sv', country: 'SE', amount: 10_000 };
    const session = { id: '1b4e28ba-2fa1-41d2-883f-0016d3cca427', merchant: 'boots', client };
    for (const seed of [undefined, 'seed']) {
      const first = clientTokenSigner(seed);
      t.equal(first(session), first(session));
      t.equal(clientTokenSigner(seed)(session), first(session));
    }
    t.not(clientTokenSigner('seed')(session), clientTokenSigner('another')(session));
    const signer = clientTokenSigner('seed');
    for (let port = 1; port <= 600; port++)
      signer({ ...session, client: { ...client, base: `http://localhost:${port}` } });
    t.equal(signer(session), clientTokenSigner('seed')(session), 'also when many addresses came before');
  },
);
