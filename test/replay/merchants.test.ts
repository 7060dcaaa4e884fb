import { mayBeCalledBack } from '../../src/replay/merchants.js';
import { readScenario } from '../../src/scenario/read.js';
import t from '../tap.js';

const head = 'title: Boots\nevidence: docs\n';

t.test(
  'callbacks may come where a request gives addresses for them, or a named merchant may have before',
  async (t) => {
    const may = (text: string) => mayBeCalledBack(readScenario(head + text, 'a.yaml'));
    const session = (body: string) => `steps: [{ createSession: { body: ${body} } }]`;
    t.equal(may(session('{ order_amount: 1 }')), false);
    t.equal(may('steps: [{ readHealth: }]'), false, 'no body');
    t.equal(may(session('{ merchant_urls: { notification: https://boots.example.com/ } }')), true);
    t.equal(may(session('\'{"merchant_urls":{}}\'')), true, 'a body as text');
    t.equal(may(`merchant: K1\n${session('{ order_amount: 1 }')}`), true);
  },
);
