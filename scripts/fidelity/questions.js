import { cases } from './cases.js';
import {
  answers,
  behaviours,
  callbacks,
  errors,
  fields,
  leniencies,
  operations,
  own,
  rules,
  titleOf,
  told,
} from './evidence.js';
import { code, table } from './markdown.js';
import { groupAnswers, isInferred } from './page.js';

/** The request whose recording would settle a leniency. */
const requests = {
  'null-is-absent': 'a request in which a field is null',
  'enum-case': 'a request with a word of a list in another case',
  'numeric-text': 'a request with a number as text, such as "quantity": "2"',
  fractions: 'a request with a fraction where a whole number is expected',
  'number-as-text': 'a request with a number where text is expected',
  'unknown-ignored': 'a request with a field that Klarna does not know',
  'read-only-ignored': 'a request with a field that only answers carry',
};

/** What would settle a leniency. */
function requestFor({ id }) {
  if (!requests[id]) throw new Error(`scripts/fidelity/questions.js: no request that would settle ${id}`);
  return `${requests[id]}, and its answer`;
}

/** What is inferred of Klarna, and the recording that would settle it. */
function questions() {
  const rows = [
    ...operations
      .filter(({ evidence }) => isInferred(evidence))
      .map(({ name, evidence }) => [code(name), told(evidence), 'an exchange of it']),
    ...groupAnswers(answers.filter(isInferred)).map(({ what, said }) => [
      what,
      said,
      'one such answer, with its request',
    ]),
    ...fields.filter(isInferred).map((each) => [code(each.field), told(each), 'an exchange with the field']),
    ...leniencies
      .filter(isInferred)
      .map((each) => [`${code(each.id)} of ${titleOf(each.api)}`, `${each.says} (${told(each)})`, requestFor(each)]),
    ...[...rules, ...callbacks, ...behaviours.filter(({ settledBy }) => settledBy)]
      .filter((each) => isInferred(each) && each.source !== own)
      .map(({ id, on, says, settledBy = 'any exchange that shows it' }) => [code(id ?? on), says, settledBy]),
    ...errors
      .filter(isInferred)
      .map((each) => [code(each.name), told(each), `an answer ${each.status} with its request`]),
  ];
  return table(['What', 'What is taken to be so', 'A recording that would settle it'], rows);
}

/** Contract cases that are inferred, each with the exchanges that would settle it. */
function openCases() {
  const rows = cases.filter(isInferred).map(({ file, title, source, met }) => [
    `[${title}](../../contracts/cases/${file})`,
    source,
    met
      .filter((answer) => !SETTING_UP.has(answer))
      .map(code)
      .join(', ') || 'the answers of its last steps',
  ]);
  return table(['Case', 'What it follows from', 'The answers to record'], rows);
}

/** Answers that a case gets on the way to what it is about. */
const SETTING_UP = new Set([
  'createSession 200',
  'createOrder 200',
  'createCustomerToken 200',
  'captureOrder 201',
  'createHostedSession 201',
]);

/** Rules that say nothing of Klarna. */
function ownChoices() {
  const known = rules.filter(({ source }) => source === own);
  return table(
    ['Rule', 'What it says'],
    known.map(({ id, says }) => [code(id), says]),
  );
}

/** docs/reference/open-questions.md. */
export const questionsPage = () => `# Open questions

<!-- Written by npm run fidelity from the contracts, rules and cases. Edit those. -->

What mock-klarna takes to be so although no source says it, and what would settle it. [fidelity.md](fidelity.md) counts it
beside what is known. This page is generated from the same evidence, and a test keeps it up to date: what is settled leaves
it by itself.

## Send a recording

Whoever has credentials of Klarna's playground can settle a question. A recording of one exchange is enough.

1. Let the shop, or curl, talk to Klarna through the recorder:

   \`\`\`sh
   mock-klarna record --target https://api.playground.klarna.com --out recorded
   \`\`\`

   Hosts for North America and Oceania are \`api-na.playground.klarna.com\` and \`api-oc.playground.klarna.com\`.
2. End it with Ctrl+C. \`recorded/recording.har\` has every exchange, [without credentials and personal
   data](../guides/record.md#recording). Read it all the same before it leaves your machine, and take out what others shall not see:
   a name in a free text, a reference, an address of your network. Write \`[REDACTED]\` in its place; nothing is judged there.
   A HAR of a browser or a proxy will do, too, once its \`Authorization\` headers are gone.
3. See what it changes:

   \`\`\`sh
   mock-klarna verify --har recorded/recording.har
   \`\`\`

   Each finding is a place where the sandbox answers otherwise than Klarna did. No finding settles a question as well.
4. Open an issue with the file, the question it is about, and what the file does not show: the market, the month, and
   whether it was the playground or production. Of a callback, send the times and headers that your receiver got.

It becomes a [contract case](contract-cases.md) with the evidence \`recorded\` and the issue as its source. The grade of what
it shows rises; where Klarna answers otherwise than was taken to be so, the sandbox follows. Whoever writes the case themselves
finds [how](contract-cases.md#writing-one) there.

## What would settle it

${questions()}

Most pairs in the table of [payment options](fidelity.md#payment-options) are inferred, too: an order by such a pair settles
one, read in Order Management, and with it the customer token of its session.

## Cases

Contract cases whose answers are inferred.

${openCases()}

## Choices of our own

Rules by which the sandbox does what Klarna has no counterpart for. Nothing is there to be settled.

${ownChoices()}
`;
