import { operations } from '../../src/contract/operations.js';
import { nearestOperation } from '../../src/scenario/nearest-operation.js';
import t from '../tap.js';

const all = [...operations.values()];
const nearest = (given: string) => nearestOperation(given, all)?.name;

t.test('the operation that a name stands for', async (t) => {
  for (const [given, name] of [
    ['createOder', 'createOrder'],
    ['chargeToken', 'createCustomerTokenOrder'],
    ['charge_token', 'createCustomerTokenOrder'],
    ['placeOrder', 'createOrder'],
    ['openSession', 'createSession'],
    ['fetchToken', 'readCustomerToken'],
    ['makeToken', 'createCustomerToken'],
    ['deleteToken', 'updateCustomerTokenStatus'],
    ['capture', 'captureOrder'],
    ['refund', 'refundOrder'],
    ['getCaptures', 'listCaptures'],
    ['shoes', undefined],
    ['wash the shoes', undefined],
    ['x'.repeat(101), undefined],
    ['', undefined],
  ] as const) {
    t.equal(nearest(given), name, given);
  }
  t.equal(nearestOperation('chargeToken', []), undefined);
});
