import { cases, coverage } from './cases.js';
import {
  answers,
  behaviours,
  callbacks,
  chooseMethod,
  dueDateTerms,
  errors,
  fields,
  GRADES,
  klarna,
  leniencies,
  lifetimes,
  methodOf,
  notInBrowserSdk,
  notServed,
  operations,
  rules,
  titleOf,
  tokenizedMethodOf,
  told,
} from './evidence.js';
import { code, table } from './markdown.js';

/** How often each grade occurs, in the order of the grades. */
function counts(graded) {
  const number = (grade) => graded.filter((each) => each.grade === grade).length;
  return [...Object.keys(GRADES).map(number), graded.length];
}

function overview() {
  const rows = [
    ['Operations', ...counts(operations.map(({ evidence }) => evidence))],
    ['Answers, by operation and status', ...counts(answers)],
    ['Fields that stand apart', ...counts(fields)],
    ['Leniencies of the wire', ...counts(leniencies)],
    ['Rules', ...counts(rules)],
    ['Callbacks', ...counts(callbacks)],
    ['Browser script', ...counts(behaviours)],
    ['Errors', ...counts(errors)],
    ['Contract cases', ...counts(cases)],
  ];
  return table(['', ...Object.keys(GRADES), 'all'], rows);
}

function operationsOf(api) {
  const own = operations.filter((operation) => operation.api === api);
  const rows = own.flatMap(({ name, method, path, evidence, answers: known }) => [
    [code(name), code(`${method} ${path}`), evidence.grade, told(evidence)],
    ...[...known.values()].map((answer) => ['', answer.status, answer.evidence.grade, told(answer.evidence)]),
  ]);
  return `### ${titleOf(api)}\n\n${table(['Operation', 'Call, or status', 'Evidence', 'Source'], rows)}`;
}

const OPTIONS = ['pay_now', 'pay_later', 'pay_in_3', 'pay_in_4', 'financing'];
const SOURCES = ['card', 'direct_debit', 'bank_transfer', 'none'];

/** A payment method in one word, with what counts it. */
function method({ type, number_of_days: days, number_of_installments: instalments }) {
  return [code(type), days && `${days} days`, instalments && `${instalments} instalments`].filter(Boolean).join(', ');
}

function paymentOptions() {
  const choices = OPTIONS.flatMap((option) => SOURCES.map((type) => chooseMethod(option, { type })));
  const rows = choices
    .filter((choice) => 'option' in choice)
    .map((choice) => [
      code(choice.option),
      code(choice.source.type),
      method(methodOf(choice)),
      method(tokenizedMethodOf(choice, 'buy_and_tokenize')),
      method(tokenizedMethodOf(choice, 'buy_and_default_tokenize')),
    ]);
  return table(['Option', 'Source', 'Order', 'Token, option itself', 'Token, `buy_and_default_tokenize`'], rows);
}

/** An amount of minor units with two decimals. */
const money = (amount) => (amount / 100).toFixed(2);

/** What it costs to put a due date off, by market and order value. */
function dueDates() {
  const rows = dueDateTerms.prices.flatMap(({ currencies, from, fees }) =>
    from.map((lowest, range) => [
      Object.entries(currencies)
        .map(([country, currency]) => `${country} (${currency})`)
        .join(', '),
      `from ${money(lowest)}`,
      ...Object.values(fees).map((byRange) => money(byRange[range])),
    ]),
  );
  const days = Object.keys(dueDateTerms.prices[0].fees).map((number) => `${number} days`);
  return table(['Market', 'Order value', ...days], rows);
}

/** Groups answers of one status with the same evidence. */
export function groupAnswers(list) {
  const groups = new Map();
  for (const { operation, status, description, ...evidence } of list) {
    const key = `${status} ${told(evidence)}`;
    const group = groups.get(key) ?? { status, said: `${description} (${told(evidence)})`, names: [] };
    group.names.push(code(operation.name));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ status, said, names }) => ({ what: `${status} of ${names.join(', ')}`, said }));
}

export const isInferred = ({ grade }) => grade === 'inferred';

function inferences() {
  const rows = [
    ...operations
      .filter(({ evidence }) => isInferred(evidence))
      .map(({ name, evidence }) => ['operation', code(name), told(evidence)]),
    ...groupAnswers(answers.filter(isInferred)).map(({ what, said }) => ['answer', what, said]),
    ...fields.filter(isInferred).map((each) => ['field', code(each.field), told(each)]),
    ...leniencies.filter(isInferred).map(({ api, id, says }) => ['wire', `${code(id)} (${titleOf(api)})`, says]),
    ...rules.filter(isInferred).map(({ id, says }) => ['rule', code(id), says]),
    ...callbacks.filter(isInferred).map(({ on, says }) => ['callback', code(on), says]),
    ...behaviours.filter(isInferred).map(({ id, says }) => ['browser script', code(id), says]),
    ...errors.filter(isInferred).map((each) => ['error', code(each.name), told(each)]),
  ];
  return table(['Kind', 'What', 'Said of it'], rows);
}

const met = coverage.filter(({ all }) => all > 0);

/** How many cases meet each answer, by their evidence. */
function metAnswers() {
  const rows = met.map(({ operation, status, counts: byGrade, all }) => [
    code(operation.name),
    status,
    ...byGrade,
    all,
  ]);
  return table(['Operation', 'Status', ...Object.keys(GRADES), 'all'], rows);
}

/** Answers that no case meets, those of one status that are said for the same reason in one row. */
function unmetAnswers() {
  const unmet = coverage.filter((answer) => !met.includes(answer));
  const rows = groupAnswers(unmet).map(({ what, said }) => [what, said]);
  return table(['Answer', 'Said of it'], rows);
}

/** docs/reference/fidelity.md. */
export const page = () => `# Fidelity

<!-- Written by npm run fidelity from the contracts and rules. Edit those. -->

How much of what mock-klarna answers is known to be Klarna's behaviour, and how. Every operation, answer, rule and error
carries its evidence; this page is generated from it, and a test keeps it up to date.

${table(['Evidence', 'Means'], Object.entries(GRADES))}

Evidence says where a statement comes from. It does not say that Klarna still behaves so today.

${overview()}

## What the cases show

Each [contract case](contract-cases.md) says one thing that Klarna answers, with its evidence. ${code('mock-klarna verify')} plays
all ${cases.length} of them, and every one holds. They meet ${met.length} of the ${coverage.length} answers that the contracts declare; an answer counts
for each case that gets it, also on the way to what the case is about.

${metAnswers()}

What no case meets is declared and not shown. Most of it are answers that Klarna gives for reasons of its own, which the
sandbox gives when it is told to ([outcomes](../guides/outcomes.md)), or never.

${unmetAnswers()}

## What is not there

- Checkout, Settlements, Merchant Card and Disputes.
- Klarna's Web SDK (\`js.klarna.com\`) and the Klarna Network API behind it.
- Risk decisions: a purchase is approved unless the shopper, a test trigger or a scenario says otherwise.
- The order status CLOSED: nothing that is published says what closes an order.

Calls of the APIs above that Klarna is known to answer and that are not served. ${code('Mock-Klarna-Explain')} says so.

${table(
  ['Call', 'What it does', 'Evidence', 'Source'],
  notServed.map(({ method: verb, path, says, grade, source }) => [code(`${verb} ${path}`), says, grade, source]),
)}

## What is inferred

What no source says, all in one place. Take it as a guess. [open-questions.md](open-questions.md) says what would settle it,
and how to send a recording that does.

${inferences()}

Most cells of the next table are inferred, too.

## Payment options

The payment method of an order, and what a customer token keeps, for each payment option and funding source. The answers
of orders and charges say the type alone (recorded, by invoice and by card); days and instalments stand in the control API's
lists as \`payment_method\`, and instalments in Order Management's \`initial_payment_method\` (recorded).
Klarna's guide to mixed payments names these cells of the last column: a card behind instalments becomes Pay Now by the
same card, direct debit behind financing Pay Now by direct debit, and an invoice or a bank transfer Pay Later in 30 days.
\`slice_it_by_card\` is recorded, for the order and for the token of a session that tokenizes the option itself. The other
words of the third column are in Klarna's list of payment methods; which pair gets which is inferred.

Klarna "aims to" keep the card or account, says the guide, and nothing of when it cannot. A shopper whose card or account
cannot be kept (\`funding_source: { type: card, reusable: false }\`) gets \`invoice\`, 30 days, in the last two columns, as
where there is no source (inferred).

${paymentOptions()}

## Callbacks

When Klarna sends each callback, and when again. [shops.md](../guides/shops.md#callbacks) has what is in them.

${table(
  ['Callback', 'What is said of it', 'Evidence', 'Source'],
  callbacks.map(({ on, says, grade, source }) => [code(on), says, grade, source]),
)}

## The browser script

What \`/kp/lib/v1/api.js\` and its frames do. \`recorded\` means here: read in a public copy of Klarna's own script, of 2022. No
newer copy was seen, and none of its code was taken.

${table(
  ['Behaviour', 'What is said of it', 'Evidence', 'Source'],
  behaviours.map(({ id, says, grade, source }) => [code(id), says, grade, source]),
)}

What is known of it and is not there:

${table(
  ['What', 'Why not'],
  notInBrowserSdk.map(({ what, why }) => [what, why]),
)}

## Lifetimes

What ends by itself, on the merchant's clock.

${table(
  ['What is said', 'Evidence', 'Source'],
  Object.values(lifetimes).map(({ says, evidence, source }) => [says, evidence, source]),
)}

## Due dates

What a shop pays for more time to pay, for Pay in 30 days and Pay in 4 (${dueDateTerms.evidence}: ${dueDateTerms.source}).
The ${dueDateTerms.oncePerOrder.join(' and ')} days come once an order. In other markets nothing is offered.

${dueDates()}

## Operations and their answers

The control API under \`/sandbox/v1\` has no counterpart at Klarna and is not listed here.

${klarna.map(operationsOf).join('\n\n')}

## Fields that stand apart

Fields whose evidence is not that of their operation.

${table(
  ['Field', 'Evidence', 'Source'],
  fields.map((each) => [code(each.field), each.grade, told(each)]),
)}

## The wire

Where a request is read more leniently than Klarna's OpenAPI documents say.

${table(
  ['API', 'Leniency', 'What it does', 'Evidence', 'Source'],
  leniencies.map((each) => [titleOf(each.api), code(each.id), each.says, each.grade, told(each)]),
)}

## Rules

What a schema cannot say. The id stands in \`Mock-Klarna-Explain\` and in the journal.

${table(
  ['Rule', 'What it says', 'Evidence', 'Source'],
  rules.map(({ id, says, grade, source }) => [code(id), says, grade, source]),
)}

## Errors

${table(
  ['Status', 'Code', 'Messages', 'Operations', 'Evidence', 'Source'],
  errors.map(({ status, code: errorCode, messages, operations: names, grade, source }) => [
    status,
    code(errorCode),
    messages.join('; '),
    names?.map(code).join(', ') ?? 'every one',
    grade,
    source,
  ]),
)}
`;
