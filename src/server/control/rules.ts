import type { components } from '../../contract/generated/sandbox.js';
import { type Rule, rules } from '../../klarna/catalogue/rules.js';
import { answer } from '../../klarna/decision.js';
import type { Handlers } from '../call.js';

/** Handler of the control API for the rules that explanations name. */
export const rulesApi: Handlers<'listRules'> = {
  listRules() {
    const items: components['schemas']['listed_rule'][] = Object.entries<Rule>(rules).map(
      ([id, { evidence, source, says }]) => ({ id, evidence, source, says }),
    );
    return answer(200, { items });
  },
};
