import type { ApiOperations } from '../../contract/operation-map.js';
import type { Decision } from '../../klarna/decision.js';
import { captureOrder } from '../../klarna/orders/captures.js';
import {
  acknowledgeOrder,
  cancelOrder,
  extendAuthorizationTime,
  releaseRemainingAuthorization,
  updateAuthorization,
  updateCustomerDetails,
  updateMerchantReferences,
} from '../../klarna/orders/changes.js';
import type { OnOrder } from '../../klarna/orders/order.js';
import { refundOrder } from '../../klarna/orders/refunds.js';
import {
  addCaptureShippingInfo,
  addOrderShippingInfo,
  extendDueDate,
  type OnCapture,
  readExtendDueDateOptions,
  triggerSendOut,
} from '../../klarna/orders/shipments.js';
import { listCaptures, readCapture, readOrder, readRefund } from '../../klarna/orders/view.js';
import type { Steps } from '../../store/eventually.js';
import type { CallOn, Handlers } from '../call.js';

/** Loads the order that the path names. */
export function* orderOf({ tx, params, merchant, now, world }: CallOn<'order_id'>): Steps<OnOrder> {
  const id = params.order_id;
  return { order: yield* tx.get('order', id), id, merchant, now, transactionId: world.ids.uuid() };
}

/** Makes the handler of an operation on an order. */
const onOrder = <C extends CallOn<'order_id'>>(decide: (on: OnOrder, call: C) => Decision) =>
  function* (call: C): Steps<Decision> {
    return decide(yield* orderOf(call), call);
  };

/** Makes the handler of an operation on a capture. */
const onCapture = <C extends CallOn<'order_id' | 'capture_id'>>(decide: (on: OnCapture, call: C) => Decision) =>
  onOrder<C>((on, call) => decide({ captureId: call.params.capture_id, ...on }, call));

/** Handlers of the Klarna Order Management API. */
export const orderManagement: Handlers<keyof ApiOperations['order-management']> = {
  readOrder: onOrder(readOrder),
  acknowledgeOrder: onOrder(acknowledgeOrder),
  cancelOrder: onOrder(cancelOrder),
  extendAuthorizationTime: onOrder(extendAuthorizationTime),
  releaseRemainingAuthorization: onOrder(releaseRemainingAuthorization),

  updateAuthorization: onOrder((on, { body }) => updateAuthorization({ body, ...on })),
  updateMerchantReferences: onOrder((on, { body }) => updateMerchantReferences({ body, ...on })),
  updateCustomerDetails: onOrder((on, { body }) => updateCustomerDetails({ body, ...on })),
  addOrderShippingInfo: onOrder((on, { body }) => addOrderShippingInfo({ body, ...on })),

  captureOrder: onOrder((on, { body, base, world }) =>
    captureOrder({ body, captureId: world.ids.uuid(), base, ...on }),
  ),
  listCaptures: onOrder(listCaptures),
  readCapture: onCapture(readCapture),
  addCaptureShippingInfo: onCapture((on, { body }) => addCaptureShippingInfo({ body, ...on })),
  triggerSendOut: onCapture(triggerSendOut),
  readExtendDueDateOptions: onCapture(readExtendDueDateOptions),
  extendDueDate: onCapture((on, { body }) => extendDueDate({ body, ...on })),

  refundOrder: onOrder((on, { body, base, world }) => refundOrder({ body, refundId: world.ids.uuid(), base, ...on })),
  readRefund: onOrder((on, { params }) => readRefund({ refundId: params.refund_id, ...on })),
};
