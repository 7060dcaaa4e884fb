import assert from 'node:assert/strict';
import fc from 'fast-check';
import { markets as allMarkets } from '../../../src/klarna/catalogue/markets.js';
import { type Callback, unprocessable } from '../../../src/klarna/decision.js';
import { captureOrder } from '../../../src/klarna/orders/captures.js';
import {
  acknowledgeOrder,
  cancelOrder,
  extendAuthorizationTime,
  releaseRemainingAuthorization,
  updateAuthorization,
  updateCustomerDetails,
  updateMerchantReferences,
} from '../../../src/klarna/orders/changes.js';
import { dueDateOptions } from '../../../src/klarna/orders/due-dates.js';
import { decideFraud } from '../../../src/klarna/orders/fraud.js';
import { type OrderState, orderStateAt } from '../../../src/klarna/orders/life-cycle.js';
import { refundOrder } from '../../../src/klarna/orders/refunds.js';
import {
  addCaptureShippingInfo,
  addOrderShippingInfo,
  extendDueDate,
  readExtendDueDateOptions,
  triggerSendOut,
} from '../../../src/klarna/orders/shipments.js';
import { listCaptures, readCapture, readOrder, readRefund } from '../../../src/klarna/orders/view.js';
import { isMet, recordsOf } from '../../../src/klarna/preconditions.js';
import type { FraudVerdict, FundingSource, Order, PaymentOption, ShippingInfo } from '../../../src/klarna/records.js';
import { DAY, HOUR, MINUTE } from '../../../src/klarna/time.js';
import { holds } from '../../property.js';
import t from '../../tap.js';
import { accepted, BASE, bodyOf, line, MERCHANT, orderOf, purchase, refuses, START, uuidOf, World } from '../world.js';

const invoice = { payment_option: 'pay_later', funding_source: { type: 'none' } } as const;
const debit = { payment_option: 'pay_now', funding_source: { type: 'direct_debit' } } as const;

/** A world with one order of 100.00 in it. */
function withOrder(shopper: object = invoice, body = orderOf(), session = purchase()) {
  const world = new World();
  const { id } = world.order(body, session, shopper);
  let parts = 0;
  const next = () => uuidOf(1000 + parts++);
  return {
    world,
    id,
    state: (): OrderState => orderStateAt(world.get('order', id), world.now),
    capture: (captured_amount: number, more = {}) =>
      world.manage(captureOrder, id, { body: { captured_amount, ...more }, captureId: next(), base: BASE }),
    refund: (refunded_amount: number, more = {}) =>
      world.manage(refundOrder, id, { body: { refunded_amount, ...more }, refundId: next(), base: BASE }),
    read: () => bodyOf(world.manage(readOrder, id, {})),
  };
}

const headersOf = (decision: Parameters<typeof accepted>[0]) => accepted(decision).answer.headers ?? {};

t.test('an order', async (t) => {
  t.test('is read as completely as it was recorded', async (t) => {
    const { read, id } = withOrder();
    t.strictSame(read(), {
      order_id: id,
      status: 'AUTHORIZED',
      fraud_status: 'ACCEPTED',
      order_amount: 10000,
      original_order_amount: 10000,
      captured_amount: 0,
      refunded_amount: 0,
      remaining_authorized_amount: 10000,
      purchase_currency: 'SEK',
      locale: 'sv-SE',
      order_lines: [
        {
          reference: '',
          type: 'physical',
          quantity: 2,
          quantity_unit: '',
          name: 'Winter boots',
          total_amount: 10000,
          unit_price: 5000,
          total_discount_amount: 0,
          tax_rate: 2500,
          total_tax_amount: 2000,
        },
      ],
      merchant_reference1: undefined,
      merchant_reference2: undefined,
      merchant_data: undefined,
      klarna_reference: 'REF of order-1',
      customer: {
        date_of_birth: '1941-03-21',
        type: 'person',
        national_identification_number: 'SE194103219202',
      },
      billing_address: {
        given_name: 'Alice',
        family_name: 'Test',
        title: '',
        street_address: 'Södra Blasieholmshamnen 2',
        street_address2: '',
        postal_code: '11 148',
        city: 'Stockholm',
        region: '',
        country: 'SE',
        email: 'customer+se@klarna.com',
        phone: '+46701740615',
        organization_name: undefined,
        attention: undefined,
      },
      created_at: '2026-03-02T09:00:00.000Z',
      purchase_country: 'SE',
      expires_at: '2026-03-30T00:00:00.000Z',
      captures: [],
      refunds: [],
      initial_payment_method: { type: 'INVOICE', description: 'Pay later' },
      shipping_info: [],
    });
  });

  t.test('shows everything that a line and an address may say', async (t) => {
    const more = {
      reference: 'BOOT',
      merchant_data: 'left, right',
      product_url: 'https://shop.test/boot',
      image_url: 'https://shop.test/boot.png',
      product_identifiers: { brand: 'Nord' },
      subscription: { name: 'Boots', interval: 'YEAR', interval_count: 1 },
    } as const;
    const shipping_address = {
      street_address: 'Kajen 1',
      organization_name: 'Kajak AB',
      attention: 'Ada',
      title: 'Dr',
    };
    const body = orderOf({ order_lines: [line(more)], shipping_address, merchant_reference1: 'A', merchant_data: 'B' });
    const { read } = withOrder(invoice, body, purchase({ order_lines: [line(more)] }));
    t.match((read().order_lines as object[])[0], more);
    t.match(read().shipping_address, shipping_address);
    t.match(read(), { merchant_reference1: 'A', merchant_data: 'B' });
  });

  t.test('tells its own time, whenever it is read and however it is written', async (t) => {
    const lower = { purchase_country: 'se', purchase_currency: 'sek' };
    const { world, read } = withOrder(invoice, orderOf(lower), purchase({ customer: { type: 'organization' } }));
    world.now += DAY;
    t.match(read(), {
      created_at: '2026-03-02T09:00:00.000Z',
      expires_at: '2026-03-30T00:00:00.000Z',
      purchase_country: 'SE',
      purchase_currency: 'SEK',
      customer: { type: 'organization', date_of_birth: '1941-03-21' },
    });
  });

  t.test('says how it was paid for, by option and source', async (t) => {
    const cells: [PaymentOption, FundingSource['type'], string, string, number?][] = [
      ['pay_now', 'card', 'PAY_BY_CARD', 'Pay by card'],
      ['pay_now', 'direct_debit', 'DIRECT_DEBIT', 'Direct debit'],
      ['pay_now', 'bank_transfer', 'BANK_TRANSFER', 'Bank transfer'],
      ['pay_later', 'none', 'INVOICE', 'Pay later'],
      ['pay_later', 'card', 'PAY_LATER_BY_CARD', 'Pay later by card'],
      ['pay_in_3', 'card', 'FIXED_AMOUNT_BY_CARD', 'Slice it (Fixed Payments by Card)', 3],
      ['pay_in_4', 'card', 'FIXED_AMOUNT_BY_CARD', 'Slice it (Fixed Payments by Card)', 4],
      ['pay_in_3', 'direct_debit', 'FIXED_AMOUNT', 'Slice it (Fixed Payments)', 3],
      ['pay_in_4', 'direct_debit', 'FIXED_AMOUNT', 'Slice it (Fixed Payments)', 4],
      ['financing', 'card', 'FIXED_SUM_CREDIT', 'Financing', 12],
      ['financing', 'direct_debit', 'FIXED_SUM_CREDIT', 'Financing', 12],
      ['financing', 'none', 'FIXED_SUM_CREDIT', 'Financing', 12],
    ];
    for (const [payment_option, source, type, description, number_of_installments] of cells) {
      const { read } = withOrder({ payment_option, funding_source: { type: source } });
      const expected = { type, description, ...(number_of_installments && { number_of_installments }) };
      t.strictSame(read().initial_payment_method, expected);
    }
  });

  t.test('of a customer token is read as well, also one that names no language and nobody', async (t) => {
    const world = new World();
    const { id } = world.token();
    const order = { ...world.orderOf(world.charge(id)), id: uuidOf(9) };
    world.put({ ...order, data: { ...order.data, customer: undefined, billing_address: undefined } });
    const read = bodyOf(world.manage(readOrder, order.id, {}));
    t.match(read, { locale: 'en-US', order_amount: 2500, purchase_country: 'SE' });
    t.notOk('customer' in read || 'billing_address' in read);
  });

  t.test('is unknown to any other merchant, in the words of each operation', async (t) => {
    const { world, id } = withOrder();
    const unknown = uuidOf(7);
    const capture = uuidOf(8);
    const shipping = { body: { shipping_info: [] } };
    const asked = [
      [readOrder, {}, undefined],
      [listCaptures, {}, undefined],
      [readCapture, { captureId: capture }, undefined],
      [readRefund, { refundId: capture }, undefined],
      [readExtendDueDateOptions, { captureId: capture }, undefined],
      [acknowledgeOrder, {}, 'Acknowledgement not possible.'],
      [cancelOrder, {}, 'Cancel not possible.'],
      [captureOrder, { body: { captured_amount: 1 }, captureId: capture, base: BASE }, 'Capture not possible.'],
      [refundOrder, { body: { refunded_amount: 1 }, refundId: capture, base: BASE }, 'Refund not possible.'],
      [updateAuthorization, { body: { order_amount: 1 } }, 'Order authorization cannot be updated'],
      [updateCustomerDetails, { body: {} }, 'Customer details cannot be updated.'],
      [extendAuthorizationTime, {}, 'Authorization time cannot be extended.'],
      [releaseRemainingAuthorization, {}, 'Remaining authorization cannot be released.'],
      [addOrderShippingInfo, shipping, 'Shipping info cannot be added to order ID.'],
      [
        addCaptureShippingInfo,
        { captureId: capture, ...shipping },
        `Shipping info cannot be added to capture ${capture}.`,
      ],
      [triggerSendOut, { captureId: capture }, 'Send-out cannot be triggered.'],
      [extendDueDate, { captureId: capture, body: { number_of_days: 10 } }, 'Due date cannot be extended.'],
      [updateMerchantReferences, { body: {} }, 'references'],
    ] as const;
    for (const [does, extra, words] of asked) {
      for (const [asksFor, merchant] of [
        [unknown, MERCHANT],
        [id, 'somebody else'],
      ] as const) {
        const message =
          words === 'references'
            ? 'Order cannot be found. Merchant references cannot be updated.'
            : `Order ${asksFor} cannot be found${words ? `. ${words.replace('ID', asksFor)}` : ''}`;
        refuses(
          t,
          world.manage(does as typeof readOrder, asksFor, extra, merchant),
          [404, 'NO_SUCH_ORDER', [message], 'order-known', `order: given ${asksFor}, which ${merchant} never placed`],
          `${does.name} by ${merchant}`,
        );
      }
      refuses(
        t,
        world.manage(does as typeof readOrder, 'not-a-uuid', extra),
        [
          400,
          'INVALID_ORDER_ID',
          ['Order ID must be a valid UUID.'],
          'order-id',
          'order_id: given "not-a-uuid", expected a UUID',
        ],
        does.name,
      );
    }
  });
});

t.test('the id of an order is a UUID in either case, and nothing near it', async (t) => {
  const { world } = withOrder();
  const id = 'abcdef01-2345-4789-8abc-def012345678';
  for (const [asked, error] of [
    [id, 'NO_SUCH_ORDER'],
    [id.toUpperCase(), 'NO_SUCH_ORDER'],
    [` ${id}`, 'INVALID_ORDER_ID'],
    [`${id}0`, 'INVALID_ORDER_ID'],
    [`0${id}`, 'INVALID_ORDER_ID'],
    [id.slice(0, -1), 'INVALID_ORDER_ID'],
    [id.replaceAll('-', ''), 'INVALID_ORDER_ID'],
    [id.replaceAll('a', 'g'), 'INVALID_ORDER_ID'],
    ['', 'INVALID_ORDER_ID'],
  ] as const) {
    t.match(world.manage(readOrder, asked, {}), { refusal: { error } }, asked);
  }
});

t.test('a capture', async (t) => {
  t.test('of a part, then of the rest', async (t) => {
    const { world, id, capture, state, read } = withOrder(invoice, orderOf({ shipping_address: { city: 'Malmö' } }));
    const shipping_info = [{ shipping_company: 'Post' }];
    world.now += HOUR;
    const first = capture(4000, { description: 'One boot', reference: 'S-1', order_lines: [line()], shipping_info });
    t.equal(accepted(first).answer.status, 201);
    t.strictSame(headersOf(first), {
      'capture-id': uuidOf(1000),
      location: `${BASE}/ordermanagement/v1/orders/${id}/captures/${uuidOf(1000)}`,
      'transaction-id': 'T1',
    });
    t.match(state(), { status: 'PART_CAPTURED', captured: 4000, remaining: 6000 });
    capture(6000);
    t.match(state(), { status: 'CAPTURED', captured: 10000, remaining: 0 });
    const listed = accepted(world.manage(listCaptures, id, {})).answer.body as unknown as object[];
    t.strictSame(read().captures, listed);
    t.matchLists(listed[0], {
      capture_id: uuidOf(1000),
      klarna_reference: 'REF of order-1-1',
      reference: 'S-1',
      captured_amount: 4000,
      captured_at: '2026-03-02T10:00:00.000Z',
      description: 'One boot',
      order_lines: [{ name: 'Winter boots', quantity_unit: '' }],
      refunded_amount: 0,
      billing_address: { given_name: 'Alice' },
      shipping_address: { city: 'Malmö', title: '' },
      shipping_info,
    });
    t.matchLists(listed[1], {
      klarna_reference: 'REF of order-1-2',
      description: '',
      order_lines: [],
      shipping_info: [],
    });
    t.strictSame(bodyOf(world.manage(readCapture, id, { captureId: uuidOf(1001) })), listed[1]);
    refuses(t, world.manage(readCapture, id, { captureId: 'x' }), [
      404,
      'NO_SUCH_CAPTURE',
      ['Capture could not be found'],
      'capture-known',
      `capture: given x, which order ${id} does not have; it has 2`,
    ]);
  });

  t.test('keeps the address that the order had then', async (t) => {
    const { world, id, capture, read } = withOrder(invoice, orderOf({ shipping_address: { city: 'Malmö' } }));
    capture(1);
    accepted(world.manage(updateCustomerDetails, id, { body: { shipping_address: { city: 'Lund' } } }));
    capture(2);
    t.matchLists(read(), {
      shipping_address: { city: 'Lund' },
      captures: [{ shipping_address: { city: 'Malmö' } }, { shipping_address: { city: 'Lund' } }],
    });
  });

  t.test('of an order that names nobody shows no address', async (t) => {
    const { world, id, capture } = withOrder();
    const order = world.get('order', id);
    world.put({ ...order, data: { ...order.data, billing_address: undefined } });
    capture(1);
    const [shown] = accepted(world.manage(listCaptures, id, {})).answer.body as unknown as [object];
    t.notOk('billing_address' in shown || 'shipping_address' in shown || 'reference' in shown);
  });

  t.test('of nothing is taken', async (t) => {
    const { capture, state } = withOrder();
    capture(0);
    t.match(state(), { status: 'PART_CAPTURED', captured: 0, remaining: 10000 });
  });

  t.test('of more than is left is refused', async (t) => {
    const { id, capture } = withOrder();
    capture(4000);
    refuses(t, capture(6001), [
      403,
      'CAPTURE_NOT_ALLOWED',
      ['Captured amount is higher than the remaining authorized amount. Capture not possible.'],
      'capture-amount',
      `captured_amount: given 6001, expected at most 6000, which is left of order ${id}`,
    ]);
  });

  const refused = (rule: string, text: string) =>
    [403, 'CAPTURE_NOT_ALLOWED', ['Capture not allowed'], rule, text] as [number, string, string[], string, string];

  t.test('of an order that is captured, cancelled or expired is refused', async (t) => {
    const captured = withOrder();
    captured.capture(10000);
    const over = (status: string, id: string) => `order ${id} is ${status}; nothing of it is left to capture`;
    refuses(t, captured.capture(0), refused('capture-state', over('CAPTURED', captured.id)));
    const cancelled = withOrder();
    cancelled.world.manage(cancelOrder, cancelled.id, {});
    refuses(t, cancelled.capture(1), refused('capture-state', over('CANCELLED', cancelled.id)));
    const expired = withOrder();
    expired.world.now = Date.UTC(2026, 2, 30) - 1;
    t.equal(expired.state().status, 'AUTHORIZED', 'a millisecond before');
    expired.world.now += 1;
    t.match(expired.state(), { status: 'EXPIRED', remaining: 0 });
    const since = 'EXPIRED since 2026-03-30T00:00:00.000Z';
    refuses(t, expired.capture(1), refused('capture-state', over(since, expired.id)));
  });

  t.test('waits for the fraud check', async (t) => {
    const { world, id, capture, state } = withOrder();
    const put = (fraud_status: Order['fraud_status'], verdict?: FraudVerdict) =>
      world.put({
        ...world.get('order', id),
        fraud_status,
        ...(verdict && { fraud_later: { verdict, at: START + HOUR } }),
      });
    put('PENDING', 'REJECTED');
    const text = `the fraud check of order ${id} is pending; wait for the notification`;
    refuses(t, capture(1), refused('capture-fraud', text));
    world.now = START + HOUR;
    accepted(capture(1));
    put('ACCEPTED', 'STOPPED');
    refuses(t, capture(1), refused('capture-fraud', `order ${id} was stopped by Klarna`));
    t.equal(state().fraud_status, 'STOPPED');
  });

  t.test('of a rejected order is taken for four hours, then the order is cancelled', async (t) => {
    for (const later of [true, false]) {
      const { world, id, state, capture } = withOrder();
      const end = { verdict: 'REJECTED', at: START } as const;
      const order = world.get('order', id);
      world.put(
        later ? { ...order, fraud_status: 'PENDING', fraud_later: end } : { ...order, fraud_status: 'REJECTED' },
      );
      world.now = START + 4 * HOUR - 1;
      t.match(state(), { status: 'AUTHORIZED', fraud_status: 'REJECTED' });
      world.now += 1;
      t.match(state(), { status: 'CANCELLED', remaining: 0 });
      world.now -= 1;
      capture(10000);
      world.now += DAY;
      t.equal(state().status, 'CAPTURED');
    }
  });

  t.test('of an order that was rejected shortly before it expired is refused since it expired', async (t) => {
    const { world, id, state, capture } = withOrder();
    const end = Date.UTC(2026, 2, 30);
    world.put({ ...world.get('order', id), fraud_later: { verdict: 'REJECTED', at: end - HOUR } });
    for (const [after, status] of [
      [-1, 'AUTHORIZED'],
      [0, 'EXPIRED'],
      [3 * HOUR, 'EXPIRED'],
    ] as const) {
      world.now = end + after;
      t.equal(state().status, status);
    }
    const text = `order ${id} is EXPIRED since 2026-03-30T00:00:00.000Z; nothing of it is left to capture`;
    refuses(t, capture(1), refused('capture-state', text));
  });

  t.test('is one of at most 1,000', async (t) => {
    const { id, world, capture } = withOrder();
    for (let count = 0; count < 1000; count++) accepted(capture(0));
    const text = `order ${id} has 1000 captures, the most that are taken`;
    refuses(t, capture(0), refused('parts-limit', text));
    const shown = world.get('order', id).captures;
    t.equal(shown.length, 1000);
  });
});

t.test('a refund', async (t) => {
  t.test('gives back what was captured, from the oldest capture first', async (t) => {
    const { world, id, capture, refund, state, read } = withOrder();
    capture(4000);
    capture(3000);
    world.now += DAY;
    const given = refund(5000, { description: 'Too small', reference: 'R-1', order_lines: [line()] });
    t.equal(accepted(given).answer.status, 201);
    t.strictSame(headersOf(given), {
      'refund-id': uuidOf(1002),
      location: `${BASE}/ordermanagement/v1/orders/${id}/refunds/${uuidOf(1002)}`,
      'transaction-id': 'T3',
    });
    t.match(state(), { status: 'PART_CAPTURED', captured: 7000, refunded: 5000, remaining: 3000 });
    t.matchLists(read().captures, [{ refunded_amount: 4000 }, { refunded_amount: 1000 }]);
    const shown = {
      refund_id: uuidOf(1002),
      refunded_amount: 5000,
      refunded_at: '2026-03-03T09:00:00.000Z',
      description: 'Too small',
      order_lines: read().order_lines,
      credit_invoice: false,
    };
    t.matchLists(shown.order_lines, [{ name: 'Winter boots', quantity_unit: '' }]);
    t.strictSame(bodyOf(world.manage(readRefund, id, { refundId: uuidOf(1002) })), shown);
    refuses(t, refund(2001), [
      403,
      'REFUND_NOT_ALLOWED',
      ['Over refund is not allowed. Refund not possible.'],
      'refund-amount',
      'refunded_amount: given 2001, expected at most 2000 = 7000 captured - 5000 refunded',
    ]);
    refund(2000);
    const second = { refund_id: uuidOf(1004), refunded_amount: 2000, description: '', order_lines: [] };
    t.strictSame(read().refunds, [shown, { ...shown, ...second }]);
    t.strictSame(bodyOf(world.manage(readRefund, id, { refundId: uuidOf(1004) })), { ...shown, ...second });
    refuses(t, world.manage(readRefund, id, { refundId: 'x' }), [
      404,
      'NOT_FOUND',
      [`Refund x cannot be found for order ${id}`],
      'refund-known',
      `refund: given x, which order ${id} does not have; it has 2`,
    ]);
    refuses(t, refund(1), [
      403,
      'REFUND_NOT_ALLOWED',
      ['Over refund is not allowed. Refund not possible.'],
      'refund-amount',
      'refunded_amount: given 1, expected at most 0 = 7000 captured - 7000 refunded',
    ]);
  });

  t.test('needs a capture', async (t) => {
    const { id, refund } = withOrder();
    refuses(t, refund(0), [
      403,
      'REFUND_NOT_ALLOWED',
      ['Order has no captures. Refund not possible'],
      'refund-state',
      `order ${id} has no captures yet`,
    ]);
  });

  t.test('is one of at most 1,000, and leaves the order captured', async (t) => {
    const { id, capture, refund, state } = withOrder();
    capture(10000);
    for (let count = 0; count < 1000; count++) accepted(refund(0));
    t.equal(state().status, 'CAPTURED');
    const text = `order ${id} has 1000 refunds, the most that are taken`;
    refuses(t, refund(0), [403, 'REFUND_NOT_ALLOWED', ['Refund not possible.'], 'parts-limit', text]);
  });
});

t.test('what is done once answers again as it did', async (t) => {
  const { world, id, state } = withOrder();
  for (const [does, status] of [
    [acknowledgeOrder, 'AUTHORIZED'],
    [cancelOrder, 'CANCELLED'],
    [acknowledgeOrder, 'CANCELLED'],
  ] as const) {
    const first = world.manage(does, id, {});
    const again = world.manage(does, id, {});
    t.match(headersOf(first), { 'transaction-id': /^T\d+$/ });
    t.strictSame(headersOf(again), headersOf(first));
    t.strictSame([again.changes, accepted(again).again], [[], true]);
    t.equal(state().status, status);
  }
  t.strictSame(world.get('order', id).done, { acknowledge: 'T1', cancel: 'T3' }, 'each by its own transaction');
  const other = withOrder();
  other.capture(1);
  const first = headersOf(other.world.manage(releaseRemainingAuthorization, other.id, {}));
  t.match(other.state(), { status: 'CAPTURED', remaining: 0 });
  t.strictSame(headersOf(other.world.manage(releaseRemainingAuthorization, other.id, {})), first);
});

const notAllowed = (message: string, rule: string, text: string) =>
  [403, 'NOT_ALLOWED', [message], rule, text] as [number, string, string[], string, string];

t.test('an order that is over', async (t) => {
  const end = Date.UTC(2026, 2, 30);
  t.test('is not acknowledged', async (t) => {
    const { world, id } = withOrder();
    world.now = end;
    const text = `order ${id} is EXPIRED; there is nothing to take note of`;
    refuses(t, world.manage(acknowledgeOrder, id, {}), notAllowed('Update not allowed.', 'order-state', text));
    const cancelled = withOrder();
    cancelled.world.manage(cancelOrder, cancelled.id, {});
    const gone = `order ${cancelled.id} is CANCELLED; there is nothing to take note of`;
    refuses(
      t,
      cancelled.world.manage(acknowledgeOrder, cancelled.id, {}),
      notAllowed('Update not allowed.', 'order-state', gone),
    );
  });

  t.test('is not cancelled once it is captured or expired', async (t) => {
    const { world, id, capture } = withOrder();
    capture(1);
    refuses(t, world.manage(cancelOrder, id, {}), [
      403,
      'CANCEL_NOT_ALLOWED',
      ['Order has previous captures. Cancel not possible.'],
      'order-state',
      `order ${id} has 1 captures; refund them and release the rest`,
    ]);
    const expired = withOrder();
    expired.world.now = end;
    refuses(t, expired.world.manage(cancelOrder, expired.id, {}), [
      403,
      'CANCEL_NOT_ALLOWED',
      ['Order is expired. Cancel not possible.'],
      'order-state',
      `order ${expired.id} expired 2026-03-30T00:00:00.000Z`,
    ]);
  });

  t.test('has nothing to release', async (t) => {
    const { world, id, capture } = withOrder();
    refuses(
      t,
      world.manage(releaseRemainingAuthorization, id, {}),
      notAllowed(
        'Can not release when order is cancelled or has no captures.',
        'order-state',
        `order ${id} is AUTHORIZED; cancel it instead`.replace('AUTHORIZED;', 'AUTHORIZED and has no captures;'),
      ),
    );
    capture(10000);
    const nothing = `nothing is left of order ${id} to release`;
    refuses(
      t,
      world.manage(releaseRemainingAuthorization, id, {}),
      notAllowed('Order is fully captured. Remaining authorization cannot be released.', 'order-state', nothing),
    );
    const expired = withOrder();
    expired.capture(1);
    expired.world.now = end;
    t.match(expired.state(), { status: 'CAPTURED', remaining: 0 }, 'what is captured stays captured');
    refuses(
      t,
      expired.world.manage(releaseRemainingAuthorization, expired.id, {}),
      notAllowed(
        'Order is expired. Remaining authorization cannot be released.',
        'order-state',
        `nothing is left of order ${expired.id} to release`,
      ),
    );
  });
});

t.test('an authorization', async (t) => {
  const update = ({ world, id }: ReturnType<typeof withOrder>, order_amount: number, more = {}) =>
    world.manage(updateAuthorization, id, { body: { order_amount, ...more } });

  t.test('is lowered to what is captured and no further; lines left out are gone', async (t) => {
    const order = withOrder();
    order.capture(4000);
    accepted(update(order, 4000));
    t.matchLists(order.read(), {
      status: 'CAPTURED',
      order_amount: 4000,
      original_order_amount: 10000,
      remaining_authorized_amount: 0,
      order_lines: [],
    });
    const other = withOrder();
    other.capture(8000);
    refuses(
      t,
      update(other, 7000),
      notAllowed(
        'Resulting authorization amount 7000 cannot be less than the captured amount 8000 for order. Order authorization cannot be updated',
        'authorization-amount',
        'order_amount: given 7000, expected at least 8000, which is captured',
      ),
    );
  });

  t.test('is raised by some methods, in some countries', async (t) => {
    const at = (country: string, currency: string) => ({ purchase_country: country, purchase_currency: currency });
    const four = { payment_option: 'pay_in_4', funding_source: { type: 'direct_debit' } };
    for (const [shopper, country, currency, may] of [
      [invoice, 'SE', 'SEK', true],
      [invoice, 'CH', 'CHF', false],
      [debit, 'DE', 'EUR', true],
      [{}, 'SE', 'SEK', false],
      [four, 'SE', 'SEK', true],
      [four, 'ES', 'EUR', false],
    ] as const) {
      const place = at(country, currency);
      const order = withOrder(shopper, orderOf(place), purchase({ ...place, locale: undefined }));
      const asked = update(order, 12000, { order_lines: [line()] });
      if (may) {
        t.match(order.state(), { remaining: 12000 }, `${country} may`);
        t.equal((order.read().order_lines as object[]).length, 1);
      } else {
        const { type } = order.world.get('order', order.id).method;
        const text = `order_amount: given 12000, expected at most 10000; ${type} cannot be raised in ${country}`;
        refuses(t, asked, notAllowed('Update not allowed.', 'authorization-raise', text));
      }
    }
  });

  t.test('is raised by no other method and in no other country', async (t) => {
    const order = withOrder();
    const record = order.world.get('order', order.id);
    const countries = Object.keys(allMarkets);
    const all = countries.filter((country) => country !== 'CH');
    const may: Record<Order['method']['type'], string[]> = {
      invoice: all,
      b2b_invoice: all,
      base_account: all,
      direct_debit: all,
      fixed_amount: ['AT', 'DE', 'DK', 'FI', 'FR', 'NL', 'NO', 'SE'],
      pay_by_card: [],
      slice_it_by_card: [],
      pay_later_by_card: [],
      fixed_sum_credit: [],
      direct_bank_transfer: [],
      card: [],
      alternative_payment_method: [],
    };
    for (const [type, expected] of Object.entries(may)) {
      const raised = countries.filter((country) => {
        const data = { ...record.data, purchase_country: country.toLowerCase() };
        order.world.put({ ...record, data, method: { type: type as Order['method']['type'] } });
        return !('refusal' in update(order, 10001));
      });
      t.strictSame(raised.sort(), [...expected].sort(), type);
    }
    order.world.put({ ...record, method: { type: 'pay_by_card' } });
    accepted(update(order, 10000));
    accepted(update(order, 9999));
  });

  t.test('of an order that is over stays', async (t) => {
    const order = withOrder();
    order.capture(10000);
    const text = `order ${order.id} is CAPTURED, expected AUTHORIZED or PART_CAPTURED`;
    refuses(t, update(order, 10000), notAllowed('Update not allowed.', 'order-state', text));
  });

  t.test('is prolonged to 28 days from today, once a day', async (t) => {
    const { world, id, read } = withOrder();
    const extend = () => world.manage(extendAuthorizationTime, id, {});
    world.now += 10 * DAY;
    const first = headersOf(extend());
    t.equal(read().expires_at, '2026-04-09T00:00:00.000Z');
    world.now += HOUR;
    t.strictSame(headersOf(extend()), first);
    world.now += DAY;
    t.not(headersOf(extend())['transaction-id'], first['transaction-id']);
    t.equal(read().expires_at, '2026-04-10T00:00:00.000Z');
  });

  t.test('is not prolonged when it is over, beyond 180 days, or paid in full already', async (t) => {
    const not = 'Authorization time cannot be extended.';
    const refusing = (order: ReturnType<typeof withOrder>, message: string, text: string) =>
      refuses(
        t,
        order.world.manage(extendAuthorizationTime, order.id, {}),
        notAllowed(message, 'extension', `order ${order.id} ${text}`),
      );
    const expired = withOrder();
    expired.world.now = Date.UTC(2026, 2, 30);
    refusing(expired, `Order is expired. ${not}`, 'expired 2026-03-30T00:00:00.000Z');
    const captured = withOrder();
    captured.capture(10000);
    refusing(captured, not, 'is CAPTURED; nothing of it is authorized');
    refusing(withOrder({}), not, 'is paid by pay_by_card, which cannot be prolonged');
    const america = { purchase_country: 'US', purchase_currency: 'USD' };
    const financed = withOrder(
      { payment_option: 'financing' },
      orderOf(america),
      purchase({ ...america, locale: 'en-US' }),
    );
    refusing(financed, not, 'is paid by fixed_sum_credit, which cannot be prolonged');
    accepted(withOrder({ payment_option: 'financing' }).world.manage(extendAuthorizationTime, uuidOf(1), {}));
    const old = withOrder();
    for (let days = 0; days < 7; days++) {
      accepted(old.world.manage(extendAuthorizationTime, old.id, {}));
      old.world.now += 25 * DAY;
    }
    refusing(
      old,
      not,
      'would last until 2026-09-21T00:00:00.000Z, expected at most 2026-08-29T09:00:00.000Z, 180 days in all',
    );
  });
});

t.test('what an order says', async (t) => {
  t.test('about the shop is set and cleared', async (t) => {
    const { world, id, read } = withOrder(invoice, orderOf({ merchant_reference1: 'A', merchant_reference2: 'B' }));
    accepted(
      world.manage(updateMerchantReferences, id, { body: { merchant_reference1: '', merchant_reference2: 'C' } }),
    );
    t.match(read(), { merchant_reference1: undefined, merchant_reference2: 'C' });
    world.manage(cancelOrder, id, {});
    refuses(
      t,
      world.manage(updateMerchantReferences, id, { body: {} }),
      notAllowed('Can not update a cancelled order.', 'order-state', `order ${id} is CANCELLED`),
    );
  });

  t.test('about where it goes is changed field by field', async (t) => {
    const shipping_address = { given_name: 'Ada', city: 'Lund', title: 'Mr' };
    const { world, id, read } = withOrder(invoice, orderOf({ shipping_address, merchant_reference1: 'A' }));
    const change = (body: object) => world.manage(updateCustomerDetails, id, { body });
    const before = world.get('order', id);
    accepted(change({ shipping_address: { city: 'Malmö', title: '' } }));
    t.match(read().shipping_address, { given_name: 'Ada', city: 'Malmö', title: '' });
    const data = { ...before.data, shipping_address: { given_name: 'Ada', city: 'Malmö' } };
    t.strictSame(world.get('order', id), { ...before, data }, 'and nothing else');
    t.strictSame(headersOf(change({})), { 'transaction-id': 'T3' });
    t.match(read().shipping_address, { city: 'Malmö' });
    const first = withOrder();
    accepted(first.world.manage(updateCustomerDetails, first.id, { body: { shipping_address: { city: 'Umeå' } } }));
    t.match(first.read().shipping_address, { city: 'Umeå' });
    const email = 'shipping_address.email: given "nobody", expected one @ and a domain with a dot';
    const country = "shipping_address.country: given XX, expected one of Klarna's 26 markets";
    for (const [shipping_address, rule, text] of [
      [{ email: 'nobody' }, 'person-email', email],
      [{ country: 'XX' }, 'market-country', country],
      [{ country: 'XX', email: 'nobody' }, 'person-email', `${email}; ${country}`],
      [
        { phone: '12' },
        'person-phone',
        'shipping_address.phone: given "12", expected a phone number that is possible in SE',
      ],
    ] as const) {
      refuses(t, change({ shipping_address }), [
        422,
        'INVALID_ADDRESS',
        ['The shipping and/or billing address is invalid'],
        rule,
        text,
      ]);
    }
    refuses(
      t,
      change({ billing_address: { city: 'Malmö' } }),
      notAllowed(
        'Billing address cannot be updated for user account order. Customer details cannot be updated.',
        'billing-address-stays',
        'billing_address: given an address, expected none; only the shipping address can change',
      ),
    );
    world.manage(cancelOrder, id, {});
    const text = `order ${id} is CANCELLED, expected AUTHORIZED or PART_CAPTURED`;
    refuses(t, change({}), notAllowed('Update not allowed.', 'order-state', text));
  });

  t.test('about its shipment grows, up to a limit', async (t) => {
    const { world, id, capture, read } = withOrder();
    const parcel = { shipping_company: 'Post', tracking_number: '1' };
    let batch = 0;
    const many = () => Array.from({ length: 500 }, (_, at) => ({ ...parcel, tracking_number: `${batch++} ${at}` }));
    const add = (shipping_info: ShippingInfo[]) => world.manage(addOrderShippingInfo, id, { body: { shipping_info } });
    const addTo = (captureId: string, shipping_info: ShippingInfo[]) =>
      world.manage<{ captureId: string; body: { shipping_info: ShippingInfo[] } }>(addCaptureShippingInfo, id, {
        captureId,
        body: { shipping_info },
      });
    refuses(
      t,
      addTo('x', [parcel]),
      notAllowed('Order has no captures.', 'capture-known', `order ${id} has no captures yet; capture it first`),
    );
    capture(1);
    capture(2);
    const transactions = [
      add,
      (info: ShippingInfo[]) => addTo(uuidOf(1000), info),
      (info: ShippingInfo[]) => addTo(uuidOf(1001), info),
    ].map((say) => {
      const once = headersOf(say([{ shipping_company: 'Ship' }]));
      const again = say([{ shipping_company: 'Ship' }]);
      t.strictSame([headersOf(again), again.changes], [once, []], 'the same again is no other transaction');
      accepted(say([parcel, { shipping_company: 'Rail' }]));
      const anew = headersOf(say([{ shipping_company: 'Ship' }]));
      accepted(say([{ shipping_company: 'Bus' }]));
      return [once['transaction-id'], anew['transaction-id']];
    });
    const bus = addTo(uuidOf(1000), [{ shipping_company: 'Bus' }]);
    t.strictSame(bus.changes, [], 'the same again, whatever was said of another capture meanwhile');
    t.equal(new Set(transactions.flat()).size, 6, 'the same of something else, or later, is another');
    const sent = ['Ship', 'Post', 'Rail', 'Ship', 'Bus'].map((shipping_company) => ({ shipping_company }));
    t.matchLists(read(), { shipping_info: sent, captures: [{ shipping_info: sent }, { shipping_info: sent }] });
    const captures = world.get('order', id).captures.map((one) => ({ ...one, shipping_info: [] }));
    world.put({ ...world.get('order', id), shipping_info: [], captures });
    for (let count = 0; count < 10; count++) {
      accepted(add(many()));
      accepted(addTo(uuidOf(1000), many()));
    }
    t.equal((read().shipping_info as object[]).length, 5000);
    const text = 'shipping_info: given 1 beside 5000, expected at most 5000 in all';
    refuses(t, add([parcel]), notAllowed('Update not allowed.', 'parts-limit', text));
    refuses(t, addTo(uuidOf(1000), [parcel]), notAllowed('Update not allowed.', 'parts-limit', text));
    refuses(t, addTo('x', [parcel]), [
      404,
      'NO_SUCH_CAPTURE',
      ['Capture could not be found. Shipping info cannot be added to capture x'],
      'capture-known',
      `capture: given x, which order ${id} does not have; it has 2`,
    ]);
    const before = world.get('order', id);
    const { answer } = accepted(world.manage(triggerSendOut, id, { captureId: uuidOf(1000) }));
    t.match(answer, { status: 204, headers: { 'transaction-id': /^T\d+$/ } });
    t.strictSame(world.get('order', id), before);
    t.match(world.manage(triggerSendOut, id, { captureId: 'x' }), { refusal: { error: 'NO_SUCH_CAPTURE' } });
  });

  t.test('about when it is due is put off by one of its options, by 2 days once an order', async (t) => {
    const { world, id, capture } = withOrder();
    capture(1);
    capture(1);
    const options = (captureId: string) => world.manage(readExtendDueDateOptions, id, { captureId });
    const days = (captureId: string) =>
      (bodyOf(options(captureId)).options as { number_of_days: number }[]).map(({ number_of_days }) => number_of_days);
    const extend = (captureId: string, number_of_days: number) =>
      world.manage(extendDueDate, id, { captureId, body: { number_of_days } });
    t.strictSame(bodyOf(options(uuidOf(1000))), {
      currency: 'sek',
      options: [
        { amount: 0, number_of_days: 2 },
        { amount: 1000, number_of_days: 10 },
        { amount: 1900, number_of_days: 30 },
        { amount: 4900, number_of_days: 60 },
      ],
    });
    const not = (text: string) => notAllowed('Due date cannot be extended.', 'due-date', text);
    const given = (captureId: string) => `one of the options of capture ${captureId}`;
    const text = `number_of_days: given 14, expected ${given(uuidOf(1000))}: 2, 10, 30, 60`;
    refuses(t, extend(uuidOf(1000), 14), not(text));
    accepted(extend(uuidOf(1000), 10));
    t.strictSame(days(uuidOf(1000)), [2, 10, 30, 60], 'what costs something can be had again');
    accepted(extend(uuidOf(1000), 10));
    accepted(extend(uuidOf(1001), 2));
    t.strictSame(
      [days(uuidOf(1000)), days(uuidOf(1001))],
      [
        [10, 30, 60],
        [10, 30, 60],
      ],
    );
    for (const id of [uuidOf(1000), uuidOf(1001)]) {
      refuses(t, extend(id, 2), not(`number_of_days: given 2, expected ${given(id)}: 10, 30, 60`));
    }
    accepted(extend(uuidOf(1001), 30));
    t.strictSame(
      world.get('order', id).captures.map(({ extensions }) => extensions),
      [[10], [2, 30]],
    );
    t.match(options('x'), { refusal: { error: 'NO_SUCH_CAPTURE' } });
    t.match(extend('x', 10), { refusal: { error: 'NO_SUCH_CAPTURE' } });
    const card = withOrder({});
    card.capture(1);
    const refused = card.world.manage(extendDueDate, card.id, { captureId: uuidOf(1000), body: { number_of_days: 2 } });
    refuses(t, refused, not(`number_of_days: given 2, expected ${given(uuidOf(1000))}: none`));
  });
});

t.test('what it costs to put a due date off', async (t) => {
  const order = new World().order();
  const pay30 = { type: 'invoice', number_of_days: 30 } as const;
  const offered = (
    [country, currency, order_amount]: readonly [string, string, number],
    method: Order['method'] = pay30,
  ) => {
    const data = { ...order.data, purchase_country: country, purchase_currency: currency, order_amount };
    return dueDateOptions({ ...order, data, method }).map(({ number_of_days, amount }) => [number_of_days, amount]);
  };
  const markets = {
    AT: 'EUR',
    BE: 'EUR',
    DE: 'EUR',
    DK: 'DKK',
    FI: 'EUR',
    NL: 'EUR',
    NO: 'NOK',
    SE: 'SEK',
    GB: 'GBP',
  };
  /** Order value, and the fee of 2, 10, 30 and 60 days. */
  const small: [number, number, number, number, number][] = [
    [0, 0, 100, 199, 499],
    [29999, 0, 100, 199, 499],
    [30000, 0, 100, 499, 999],
    [75000, 0, 100, 499, 999],
    [75001, 0, 100, 799, 1299],
  ];
  /** Klarna's page has the value itself in the lowest range there. */
  const british: typeof small = small.map((row) => (row[0] === 30000 ? [30000, 0, 100, 199, 499] : row));
  british.push([30001, 0, 100, 499, 999]);
  const nordic: typeof small = [
    [0, 0, 1000, 1900, 4900],
    [299999, 0, 1000, 1900, 4900],
    [300000, 0, 1000, 4900, 9900],
    [750000, 0, 1000, 4900, 9900],
    [750001, 0, 1000, 7900, 12900],
  ];
  for (const [country, currency] of Object.entries(markets)) {
    for (const [value, two, ten, thirty, sixty] of currency === 'EUR' ? small : currency === 'GBP' ? british : nordic) {
      const options = [
        [2, two],
        [10, ten],
        [30, thirty],
        [60, sixty],
      ];
      t.strictSame(offered([country, currency, value]), options, `${country} ${currency} ${value}`);
      t.strictSame(offered([country.toLowerCase(), currency.toLowerCase(), value]), options, 'in any case');
    }
  }
  for (const [country, { currency }] of Object.entries(allMarkets)) {
    if (!(country in markets)) t.strictSame(offered([country, currency, 50000]), [], country);
  }
  t.strictSame(offered(['NO', 'EUR', 50000]), [], 'no price in that currency');
  for (const [option, type, count] of [
    ['pay_later', 'none', 4],
    ['pay_later', 'card', 4],
    ['pay_in_4', 'card', 4],
    ['pay_in_4', 'direct_debit', 4],
    ['pay_in_3', 'card', 0],
    ['pay_in_3', 'direct_debit', 0],
    ['pay_now', 'card', 0],
    ['pay_now', 'direct_debit', 0],
    ['pay_now', 'bank_transfer', 0],
    ['financing', 'card', 0],
    ['financing', 'direct_debit', 0],
    ['financing', 'none', 0],
  ] as const) {
    const { method } = new World().order(orderOf(), purchase(), { payment_option: option, funding_source: { type } });
    t.equal(offered(['SE', 'SEK', 50000], method).length, count, `${option} by ${type}`);
  }
});

t.test('a verdict on an order', async (t) => {
  const notified = purchase({ merchant_urls: { notification: 'https://shop.test/fraud?order={order.id}' } });
  t.test('ends a pending check, or stops an accepted order; the shop is told', async (t) => {
    for (const [before, verdict, after] of [
      ['PENDING', 'ACCEPTED', 'ACCEPTED'],
      ['PENDING', 'REJECTED', 'REJECTED'],
      ['PENDING', 'STOPPED', 'STOPPED'],
      ['ACCEPTED', 'STOPPED', 'STOPPED'],
    ] as const) {
      const { world, id, state } = withOrder(invoice, orderOf(), notified);
      world.put({ ...world.get('order', id), fraud_status: before });
      world.now += MINUTE;
      const decided = world.manage(decideFraud, id, { verdict });
      t.equal(state().fraud_status, after);
      t.equal(decided.effects.length, 1);
      const { onlyIf, ...callback } = decided.effects[0] as Callback;
      t.strictSame(callback, {
        on: 'notification',
        url: `https://shop.test/fraud?order=${id}`,
        body: { order_id: id, event_type: `FRAUD_RISK_${verdict}` },
        at: START + MINUTE,
      });
      const record = world.get('order', id);
      assert.ok(onlyIf);
      t.strictSame(recordsOf(onlyIf), [{ kind: 'order', id }]);
      t.equal(isMet(onlyIf, [record]), true);
      const earlier: Order = { ...record, fraud_later: { verdict, at: START } };
      const other: Order = {
        ...record,
        fraud_later: { verdict: verdict === 'STOPPED' ? 'ACCEPTED' : 'STOPPED', at: START + MINUTE },
      };
      const { fraud_later, ...none } = record;
      t.strictSame(
        [earlier, other, none, undefined].map((found) => isMet(onlyIf, [found])),
        [false, false, false, false],
        'not when there is a newer one',
      );
    }
  });

  t.test('takes the place of one that was to come, and follows one that fell', async (t) => {
    for (const [waited, status] of [
      [HOUR - 1, 'PENDING'],
      [HOUR, 'ACCEPTED'],
    ] as const) {
      const { world, id, state } = withOrder();
      const later = { verdict: 'ACCEPTED', at: START + HOUR } as const;
      world.put({ ...world.get('order', id), fraud_status: 'PENDING', fraud_later: later });
      world.now += waited;
      const { fraud_status, fraud_later } = bodyOf(world.manage(decideFraud, id, { verdict: 'STOPPED' }));
      t.strictSame([fraud_status, fraud_later], [status, { verdict: 'STOPPED', at: START + waited }]);
      world.now += DAY;
      t.equal(state().fraud_status, 'STOPPED');
    }
  });

  t.test('falls once', async (t) => {
    for (const [before, verdict, expected] of [
      ['ACCEPTED', 'ACCEPTED', 'stopped'],
      ['ACCEPTED', 'REJECTED', 'stopped'],
      ['REJECTED', 'ACCEPTED', 'none: the verdict has fallen'],
      ['REJECTED', 'STOPPED', 'none: the verdict has fallen'],
    ] as const) {
      const { world, id } = withOrder();
      world.put({ ...world.get('order', id), fraud_status: before });
      const text = `decision: given ${verdict.toLowerCase()} for an order that is ${before}, expected ${expected}`;
      refuses(t, world.manage(decideFraud, id, { verdict }), [
        403,
        'INVALID_OPERATION',
        [text],
        'fraud-decision',
        text,
      ]);
    }
    const { world, id } = withOrder();
    accepted(world.manage(decideFraud, id, { verdict: 'STOPPED' }));
    const stopped = 'decision: given accepted for an order that is STOPPED, expected none: the verdict has fallen';
    const again = world.manage(decideFraud, id, { verdict: 'ACCEPTED' });
    refuses(t, again, [403, 'INVALID_OPERATION', [stopped], 'fraud-decision', stopped]);
    t.match(world.manage(decideFraud, uuidOf(5), { verdict: 'ACCEPTED' }), { refusal: { error: 'NO_SUCH_ORDER' } });
  });
});

t.test('a push waits for the order to be acknowledged', async (t) => {
  const pushed = () => {
    const { world, id, capture } = withOrder();
    const waits = () => isMet({ is: 'unacknowledged', order: id }, [world.find('order', id)]);
    t.equal(waits(), true);
    return { world, id, capture, waits };
  };
  t.strictSame(recordsOf({ is: 'unacknowledged', order: 'a' }), [{ kind: 'order', id: 'a' }]);
  t.equal(isMet({ is: 'unacknowledged', order: 'a' }, [undefined]), false, 'of no order that is gone');
  const acknowledged = pushed();
  accepted(acknowledged.world.manage(acknowledgeOrder, acknowledged.id, {}));
  t.equal(acknowledged.waits(), false);
  const captured = pushed();
  captured.capture(1);
  t.equal(captured.waits(), false, 'a capture acknowledges, too');
  const cancelled = pushed();
  accepted(cancelled.world.manage(cancelOrder, cancelled.id, {}));
  t.equal(cancelled.waits(), false, 'a cancelled order cannot be acknowledged');
  const read = pushed();
  read.world.manage(readOrder, read.id, {});
  t.equal(read.waits(), true, 'to read it is not enough');
});

t.test('a shape is refused field by field, each in the words of the API where there are some', async (t) => {
  const violation = (field: string, message?: string) =>
    ({ rule: 'shape', field, text: `${field} is odd`, message }) as const;
  const { refusal, because } = unprocessable([violation('a', 'first'), violation('a', 'second'), violation('b')]);
  t.strictSame(refusal, { error: 'UNPROCESSABLE_ENTITY', messages: ['first', 'b is odd'] });
  t.equal(because.text, 'a is odd; a is odd; b is odd');
});

t.test('after any sequence of operations the amounts add up', (t) => {
  const amount = fc.oneof(fc.constantFrom(0, 1, 4000, 6000, 10000), fc.integer({ min: 0, max: 15000 }));
  const act = fc.oneof(
    fc.record({ does: fc.constant('capture' as const), amount }),
    fc.record({ does: fc.constant('refund' as const), amount }),
    fc.record({ does: fc.constant('update' as const), amount }),
    fc.record({ does: fc.constantFrom('cancel', 'release', 'extend', 'acknowledge') }),
    fc.record({ does: fc.constant('wait' as const), days: fc.integer({ min: 0, max: 20 }) }),
    fc.record({
      does: fc.constant('fraud' as const),
      verdict: fc.constantFrom<FraudVerdict>('ACCEPTED', 'REJECTED', 'STOPPED'),
    }),
  ) as fc.Arbitrary<{ does: string; amount?: number; days?: number; verdict?: FraudVerdict }>;
  holds(
    t,
    fc.property(fc.boolean(), fc.array(act, { maxLength: 30 }), (pending, acts) => {
      const { world, id, capture, refund, state, read } = withOrder();
      if (pending) world.put({ ...world.get('order', id), fraud_status: 'PENDING' });
      for (const { does, amount = 0, days = 0, verdict = 'ACCEPTED' } of acts) {
        const before = state();
        const open = before.status === 'AUTHORIZED' || before.status === 'PART_CAPTURED';
        const record = world.get('order', id);
        const simple = {
          cancel: cancelOrder,
          release: releaseRemainingAuthorization,
          extend: extendAuthorizationTime,
          acknowledge: acknowledgeOrder,
        };
        let decision: ReturnType<typeof capture> | undefined;
        if (does === 'wait') world.now += days * DAY;
        else if (does === 'capture') decision = capture(amount);
        else if (does === 'refund') decision = refund(amount);
        else if (does === 'update')
          decision = world.manage(updateAuthorization, id, { body: { order_amount: amount } });
        else if (does === 'fraud') decision = world.manage(decideFraud, id, { verdict });
        else decision = world.manage(simple[does as keyof typeof simple], id, {});
        const after = state();
        const fine = decision !== undefined && !('refusal' in decision);
        if (decision && !fine) assert.equal(world.get('order', id), record, `${does}: a refusal changes nothing`);
        if (fine && does === 'capture') {
          assert.ok(open && before.fraud_status !== 'PENDING' && amount <= before.remaining);
          assert.equal(after.captured, before.captured + amount);
        }
        if (fine && does === 'refund') assert.equal(after.refunded, before.refunded + amount);
        if (fine && does === 'update') assert.ok(open && amount >= before.captured);
        if (fine && does === 'cancel') assert.equal(after.captured, 0);
        if (before.status === 'CANCELLED' || before.status === 'EXPIRED') assert.equal(after.status, before.status);
        const shown = read() as Record<string, number> & {
          captures: { captured_amount: number; refunded_amount: number }[];
        };
        const total = (part: 'captured_amount' | 'refunded_amount') =>
          shown.captures.reduce((sum, each) => sum + each[part], 0);
        assert.equal(total('captured_amount'), shown.captured_amount);
        assert.equal(total('refunded_amount'), shown.refunded_amount);
        for (const each of shown.captures) assert.ok(each.refunded_amount <= each.captured_amount);
        const { order_amount = 0, captured_amount = 0, refunded_amount = 0, remaining_authorized_amount = 0 } = shown;
        assert.ok(refunded_amount <= captured_amount && captured_amount <= order_amount);
        assert.ok([0, order_amount - captured_amount].includes(remaining_authorized_amount));
        const openNow = after.status === 'AUTHORIZED' || after.status === 'PART_CAPTURED';
        assert.equal(remaining_authorized_amount, openNow ? order_amount - captured_amount : 0);
      }
    }),
    { numRuns: 300 },
  );
  t.end();
});
