import type { components } from '../../contract/generated/sandbox.js';
import { control } from '../control.js';
import type { Target } from '../target.js';

type Schemas = components['schemas'];

/** The payment method categories of new sessions, and what names them. */
export type CategoryChoice = Schemas['category_choice'];

/** The choice of the payment method categories that a merchant's new sessions get. */
export interface PaymentMethodCategories {
  /** Returns the categories, and what names them. */
  read(): Promise<CategoryChoice>;
  /** Chooses the categories; an empty list takes the choice back. */
  choose(categories: Schemas['choose_categories_request']['payment_method_categories']): Promise<CategoryChoice>;
}

/** Returns the methods for the payment method categories of the target's merchant. */
export const paymentMethodCategoriesOf = (target: Target): PaymentMethodCategories => ({
  read: () => control(target, 'readPaymentMethodCategories'),
  choose: (payment_method_categories) =>
    control(target, 'choosePaymentMethodCategories', { body: { payment_method_categories } }),
});
