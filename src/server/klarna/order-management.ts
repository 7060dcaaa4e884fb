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
import type {
  AuthorizationUpdate,
  CaptureRequest,
  CustomerDetailsUpdate,
  MerchantReferencesUpdate,
  RefundRequest,
  ShippingInfo,
} from '../../klarna/records.js';
import type { Call, Handlers } from '../call.js';

/** The order that the path names. */
export async function orderOf({ tx, params, merchant, now, world }: Call): Promise<OnOrder> {
  const id = params.order_id as string;
  return { order: await tx.get('order', id), id, merchant, now, transactionId: world.ids.uuid() };
}

async function captureOf(call: Call): Promise<OnCapture> {
  return { ...(await orderOf(call)), captureId: call.params.capture_id as string };
}

/** What an operation on an order does with a body that the contract has judged. */
const withBody = async <Body>(call: Call) => ({ ...(await orderOf(call)), body: call.body as Body });

const onCaptureWithBody = async <Body>(call: Call) => ({ ...(await captureOf(call)), body: call.body as Body });

/** Klarna Order Management. */
export const orderManagement: Handlers = {
  readOrder: async (call) => readOrder(await orderOf(call)),
  acknowledgeOrder: async (call) => acknowledgeOrder(await orderOf(call)),
  cancelOrder: async (call) => cancelOrder(await orderOf(call)),
  extendAuthorizationTime: async (call) => extendAuthorizationTime(await orderOf(call)),
  releaseRemainingAuthorization: async (call) => releaseRemainingAuthorization(await orderOf(call)),

  updateAuthorization: async (call) => updateAuthorization(await withBody<AuthorizationUpdate>(call)),
  updateMerchantReferences: async (call) => updateMerchantReferences(await withBody<MerchantReferencesUpdate>(call)),
  updateCustomerDetails: async (call) => updateCustomerDetails(await withBody<CustomerDetailsUpdate>(call)),
  addOrderShippingInfo: async (call) => addOrderShippingInfo(await withBody<{ shipping_info: ShippingInfo[] }>(call)),

  async captureOrder(call) {
    const on = await withBody<CaptureRequest>(call);
    return captureOrder({ ...on, captureId: call.world.ids.uuid(), base: call.base });
  },
  listCaptures: async (call) => listCaptures(await orderOf(call)),
  readCapture: async (call) => readCapture(await captureOf(call)),
  addCaptureShippingInfo: async (call) =>
    addCaptureShippingInfo(await onCaptureWithBody<{ shipping_info: ShippingInfo[] }>(call)),
  triggerSendOut: async (call) => triggerSendOut(await captureOf(call)),
  readExtendDueDateOptions: async (call) => readExtendDueDateOptions(await captureOf(call)),
  extendDueDate: async (call) => extendDueDate(await onCaptureWithBody<{ number_of_days: number }>(call)),

  async refundOrder(call) {
    const on = await withBody<RefundRequest>(call);
    return refundOrder({ ...on, refundId: call.world.ids.uuid(), base: call.base });
  },
  readRefund: async (call) => readRefund({ ...(await orderOf(call)), refundId: call.params.refund_id as string }),
};
