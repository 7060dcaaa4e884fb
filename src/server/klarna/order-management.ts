import type { ApiOperations } from '../../contract/operation-map.js';
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
import type { CallOn, Handlers } from '../call.js';

/** Loads the order that the path names. */
export async function orderOf({ tx, params, merchant, now, world }: CallOn<'order_id'>): Promise<OnOrder> {
  const id = params.order_id;
  return { order: await tx.get('order', id), id, merchant, now, transactionId: world.ids.uuid() };
}

async function captureOf(call: CallOn<'order_id' | 'capture_id'>): Promise<OnCapture> {
  return { ...(await orderOf(call)), captureId: call.params.capture_id };
}

/** Handlers of the Klarna Order Management API. */
export const orderManagement: Handlers<keyof ApiOperations['order-management']> = {
  readOrder: async (call) => readOrder(await orderOf(call)),
  acknowledgeOrder: async (call) => acknowledgeOrder(await orderOf(call)),
  cancelOrder: async (call) => cancelOrder(await orderOf(call)),
  extendAuthorizationTime: async (call) => extendAuthorizationTime(await orderOf(call)),
  releaseRemainingAuthorization: async (call) => releaseRemainingAuthorization(await orderOf(call)),

  updateAuthorization: async (call) => updateAuthorization({ ...(await orderOf(call)), body: call.body }),
  updateMerchantReferences: async (call) => updateMerchantReferences({ ...(await orderOf(call)), body: call.body }),
  updateCustomerDetails: async (call) => updateCustomerDetails({ ...(await orderOf(call)), body: call.body }),
  addOrderShippingInfo: async (call) => addOrderShippingInfo({ ...(await orderOf(call)), body: call.body }),

  async captureOrder(call) {
    const { body, base } = call;
    return captureOrder({ ...(await orderOf(call)), body, captureId: call.world.ids.uuid(), base });
  },
  listCaptures: async (call) => listCaptures(await orderOf(call)),
  readCapture: async (call) => readCapture(await captureOf(call)),
  addCaptureShippingInfo: async (call) => addCaptureShippingInfo({ ...(await captureOf(call)), body: call.body }),
  triggerSendOut: async (call) => triggerSendOut(await captureOf(call)),
  readExtendDueDateOptions: async (call) => readExtendDueDateOptions(await captureOf(call)),
  extendDueDate: async (call) => extendDueDate({ ...(await captureOf(call)), body: call.body }),

  async refundOrder(call) {
    const { body, base } = call;
    return refundOrder({ ...(await orderOf(call)), body, refundId: call.world.ids.uuid(), base });
  },
  readRefund: async (call) => readRefund({ ...(await orderOf(call)), refundId: call.params.refund_id }),
};
