import { usualCategories } from '../../klarna/catalogue/payment-method-categories.js';
import type { CategoryName } from '../../klarna/records.js';
import type { ScenarioRun } from '../../scenario/run.js';
import type { World } from './worlds.js';

/** The payment method categories of a new session, and what names them. */
export interface ChosenCategories {
  categories: readonly CategoryName[];
  by: 'scenario' | 'control API' | 'merchants file' | 'market';
}

/** Returns the payment method categories of a merchant's new session: what is more special goes first. */
export function chosenCategories(world: World, run: ScenarioRun | undefined): ChosenCategories {
  if (run?.categories) return { categories: run.categories, by: 'scenario' };
  if (world.categories) return { categories: world.categories, by: 'control API' };
  if (world.grantedCategories) return { categories: world.grantedCategories, by: 'merchants file' };
  return { categories: usualCategories, by: 'market' };
}
