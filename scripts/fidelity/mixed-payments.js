import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { chooseMethod, paymentOptions, tokenizedMethodOf } from './evidence.js';
import { code, table } from './markdown.js';

const START = '<!-- The rule: what stands below is written by npm run fidelity. -->';
const END = '<!-- The rule: what stands above is written by npm run fidelity. -->';

/** The funding sources, as the names of scenarios have them. */
const SOURCES = { card: 'card', direct_debit: 'direct debit', bank_transfer: 'bank transfer', none: 'invoice' };

/** The words for the funding sources that can be charged again. */
const KEPT = { card: 'card', direct_debit: 'account' };

const dashed = (/** @type {string} */ words) => words.replaceAll(/[ _]/g, '-');

/**
 * Returns the scenario that shows what is tokenized for a payment option and a funding source.
 * @param {string} option
 * @param {string} source
 * @param {string} type what the token must be
 */
function shown(option, source, type) {
  const name = `mixed-payments/${dashed(option)}-by-${dashed(SOURCES[source])}`;
  const { shopper, evidence, steps } = parse(
    readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8'),
    { merge: true },
  );
  const read = steps.find((step) => 'readCustomerToken' in step)?.expect.body.payment_method_type;
  if (shopper.payment_option !== option || shopper.funding_source.type !== source || read !== type) {
    throw new Error(`scenarios/${name}.yaml shows ${read}, and not ${type} of ${option} by ${source}`);
  }
  return { name, evidence };
}

/** Returns the cell of the table for a payment option and a funding source: token, type, evidence and scenario. */
function tokenized(option, source) {
  const choice = chooseMethod(option, { type: source });
  if (!('option' in choice)) return '–';
  const method = tokenizedMethodOf(choice, 'buy_and_default_tokenize');
  const type = method.type.toUpperCase();
  const { name, evidence } = shown(option, source, type);
  const words = method.number_of_days ? `Pay Later in ${method.number_of_days} days` : `Pay Now, same ${KEPT[source]}`;
  return [words, code(type), evidence, `[${name.split('/')[1]}](../../scenarios/${name}.yaml)`].join('<br>');
}

/**
 * Returns docs/guides/mixed-payments.md with the table of the rule as it must be.
 * @param {string} guide
 */
export function mixedPayments(guide) {
  const [before, rest] = guide.split(START);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`docs/guides/mixed-payments.md lacks the lines "${START}" and "${END}"`);
  const rows = Object.keys(paymentOptions).map((option) => [
    code(option),
    ...Object.keys(SOURCES).map((source) => tokenized(option, source)),
  ]);
  const head = ['The purchase', ...Object.keys(SOURCES).map((source) => `by ${code(source)}`)];
  return `${before}${START}\n\n${table(head, rows)}\n\n${END}${after}`;
}
