/** The shapes of what the purchase page reads and sends: those of the contract. */
import type { components } from '../../contract/generated/sandbox.js';

type Schemas = components['schemas'];

export type Purchase = Schemas['purchase'];
export type OfferedOption = Schemas['purchase_option'];
export type OfferedSource = Schemas['purchase_source'];
export type CartLine = Schemas['purchase_line'];
export type Person = Schemas['purchase_person'];
export type Hosted = Schemas['purchase_on_hosted_page'];
export type HostedStatus = Hosted['status'];
export type ShopperResult = Schemas['shopper_result'];
export type AuthorizeRequest = Schemas['authorize_purchase_request'];
export type FinalizeRequest = Schemas['finalize_request'];
export type AuthorizeAnswer = Schemas['authorize_answer'];
export type HostedAnswer = Schemas['hosted_answer'];
export type SessionData = NonNullable<AuthorizeRequest['data']>;
