import { operations } from '../contract/operations.js';
import { checkShape } from '../contract/validate.js';
import { chooseMethod } from '../klarna/payment-methods.js';
import type { Report } from './check.js';
import { entry, itemsOf, type Located } from './located.js';
import { isAboutPaid } from './paid.js';
import { parsePath } from './paths.js';
import type { ShopperScript } from './script.js';
import { shopperActs } from './shopper-acts.js';
import { rootOf } from './template.js';

/** What a schema of the file's form cannot say of the shopper: values that the control API refuses. */
export function checkShopper(root: Located, report: Report): void {
  const shopper = entry(root, 'shopper');
  if (!shopper?.entries) return;
  const violations = checkShape('sandbox', 'authorize_request', shopper.value)
    // The form of the file has named unknown keys already.
    .map(({ field, text }) => ({ text, path: parsePath(`$.${field}`) ?? [rootOf(field)] }))
    .filter(({ path: [first] }) =>
      ['result', 'payment_option', 'funding_source', 'invalid_fields'].includes(`${first}`),
    );
  for (const { path, text } of violations) report(placeOf(shopper, path), text);
  if (violations.length > 0) return;
  const { payment_option, funding_source } = shopper.value as ShopperScript;
  const choice = chooseMethod(payment_option, funding_source);
  if ('rule' in choice) report(placeOf(shopper, choice.field.split('.')), choice.text);
}

/** Where a field stands, or the nearest thing around it that is there. */
function placeOf(node: Located, path: readonly (string | number)[]): Located['at'] {
  let at = node;
  for (const segment of path) {
    const inner = at.items?.[Number(segment)] ?? entry(at, String(segment));
    if (!inner) break;
    at = inner;
  }
  return at.at;
}

/** What a schema cannot say of the shopper's steps: some acts have nothing to be said with them. */
export function checkActs(root: Located, report: Report): void {
  for (const { entries } of itemsOf(root, 'steps')) {
    const name = entries?.get('shopper')?.node.value;
    const said = entries?.get('with');
    if (!said || shopperActs.get(String(name))?.takes !== 'nothing') continue;
    report(said.key, `the shopper who does "${name}" has nothing "with" it`);
  }
}

/** What a schema cannot say of a step that expects a payment method: it is about something that is paid. */
export function checkPaid(root: Located, report: Report): void {
  for (const step of itemsOf(root, 'steps')) {
    const expected = entry(step, 'expect')?.entries?.get('payment_method');
    const act = shopperActs.get(String(entry(step, 'shopper')?.value))?.operation;
    const name = act ?? [...(step.entries?.keys() ?? [])].find((key) => operations.has(key) || key === 'advance');
    if (!expected || name === undefined) continue;
    const operation = operations.get(name);
    if (operation && isAboutPaid(operation)) continue;
    report(expected.key, `${name} is about no order and no customer token, so it has no payment_method`);
  }
}

/** What a schema cannot say of callbacks: one rule for each kind, nothing beside a callback that is dropped, one time to send it. */
export function checkCallbacks(root: Located, report: Report): void {
  const lines = new Map<unknown, number>();
  for (const node of itemsOf(root, 'callbacks')) {
    const on = entry(node, 'on');
    const before = lines.get(on?.value);
    if (on && before !== undefined) report(on.at, `line ${before} says how ${JSON.stringify(on.value)} is delivered`);
    else if (on) lines.set(on.value, on.at.line);
    const delivery = entry(node, 'delivery')?.entries;
    if (delivery?.has('drop') && delivery.size > 1) {
      report(delivery.get('drop')?.key as Located['at'], 'a callback that is dropped has nothing beside "drop"');
    }
    const after = delivery?.get('after');
    if (after && delivery?.has('delay')) {
      report(
        after.key,
        '"after" says when it is first sent, "delay" how much later than usual; only one of them holds',
      );
    }
  }
}
