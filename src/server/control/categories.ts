import { answer } from '../../klarna/decision.js';
import type { CallBase, Handlers } from '../call.js';
import { chosenCategories } from '../world/categories.js';

function shown({ world, run }: CallBase) {
  const { categories, by } = chosenCategories(world, run);
  return answer(200, { payment_method_categories: categories, chosen_by: by });
}

/** Handlers of the control API for the payment method categories of a merchant's new sessions. */
export const categoriesApi: Handlers<'readPaymentMethodCategories' | 'choosePaymentMethodCategories'> = {
  readPaymentMethodCategories: shown,

  choosePaymentMethodCategories(call) {
    const { payment_method_categories: chosen } = call.body;
    if (chosen.length > 0) call.world.categories = chosen;
    else delete call.world.categories;
    return shown(call);
  },
};
