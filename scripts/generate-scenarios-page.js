/**
 * Writes docs/reference/scenarios.md from the scenarios that ship: each folder is a question that a tester asks, and its scenarios
 * are the answers. With --check nothing is written; it fails where the page is not up to date.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { code, table } from './fidelity/markdown.js';

/** The folders in the order of the page, each with its question. */
const questions = {
  'mixed-payments': 'The shopper pays one way and is charged again another way: what is tokenized?',
  subscriptions: 'Does a subscription start, renew, and survive a renewal that fails?',
  'on-demand': 'Can the shop charge later for what was not known at checkout?',
  declines: 'What does the shop do when the shopper, the order or the charge is refused?',
  'hosted-page': 'What comes of the shopper whom the shop sends to Klarna’s page?',
  fraud: 'What does the shop do while Klarna looks for fraud, and after?',
  captures: 'Is the money taken when the goods leave, and what if it cannot be?',
  refunds: 'Does the shopper get back what is due, and only once?',
  orders: 'What can still be done with an order, and when is it too late?',
  tokens: 'What if the customer token cannot be charged any more?',
  expiry: 'What if the shopper, or the shop, takes too long?',
  idempotency: 'Is it one order, however often the shop asks for it?',
  faults: 'What if the network, or Klarna itself, fails?',
  callbacks: 'What if callbacks come late, twice, too early, in another order, or not at all?',
  validation: 'Which values does Klarna refuse in this market?',
};

const root = new URL('../', import.meta.url);
const PAGE = 'docs/reference/scenarios.md';

function scenarios() {
  const files = readdirSync(new URL('scenarios/', root), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.yaml'),
  );
  return files.sort().map((file) => {
    const text = readFileSync(new URL(`scenarios/${file}`, root), 'utf8');
    const name = file.replaceAll('\\', '/').replace(/\.yaml$/, '');
    return { name, folder: name.split('/')[0], ...parse(text, { merge: true }) };
  });
}

/** One row for each: what happens, what it is called, and why we believe that Klarna does so. */
function section(question, inside) {
  const rows = inside.map(({ title, name, alias, market, evidence, needs = [] }) => [
    `[${title}](../../scenarios/${name}.yaml)${needs.includes('standing-clock') ? ' (needs a standing clock)' : ''}`,
    code(name),
    code(alias),
    market,
    evidence,
  ]);
  return `## ${question}\n\n${table(['What happens', 'Name', 'Alias', 'Market', 'Evidence'], rows)}\n`;
}

function page() {
  const all = scenarios();
  const unasked = all.find(({ folder }) => !Object.hasOwn(questions, folder));
  if (unasked) throw new Error(`scripts/generate-scenarios-page.js has no question for scenarios/${unasked.folder}`);
  const sections = Object.entries(questions).map(([folder, question]) =>
    section(
      question,
      all.filter((scenario) => scenario.folder === folder),
    ),
  );
  return `<!-- Written by npm run scenarios-page from scenarios/. Edit those. -->

# The scenarios that ship

${all.length} files under \`scenarios/\`, by the question that a tester asks. Each can be chosen, so that a shop's own run meets it, and
replayed, so that it can be read step by step:

\`\`\`sh
mock-klarna serve --scenario declines/order-rejected              # for every merchant
curl -u shop:any -X PUT localhost:5527/sandbox/v1/scenario \\
  -H 'content-type: application/json' -d '{"name":"order-rejected"}'  # for one merchant, here by its alias
mock-klarna replay scenarios/declines                             # played from end to end
\`\`\`

Each can be replayed on a sandbox whose clock runs as well as on one whose clock stands, but for those that say that they need
a standing clock: there they are skipped.

The billing e-mail chooses one too, from authorize on: \`anna+scenario-order-rejected@shop.test\`. Scenarios under
\`validation\` and a few others script nothing: Klarna's rules alone decide there, and only replaying shows something.

${sections.join('\n')}`;
}

const wanted = page();
if (!process.argv.includes('--check')) writeFileSync(new URL(PAGE, root), wanted);
else if (readFileSync(new URL(PAGE, root), 'utf8') !== wanted) {
  console.error(`${PAGE} must be written anew: npm run scenarios-page`);
  process.exitCode = 1;
}
