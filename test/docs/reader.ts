import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { type Seen, withoutShopper, writers } from '../verify/story.js';
import { root } from './pages.js';

/** Makes a checkout for the commands of the repository's own pages, which change nothing of it. */
const CHECKOUT = ['README.md', 'bin', 'contracts', 'docs', 'package.json', 'scenarios', 'scripts', 'src', 'test'];

const json = (value: object) => JSON.stringify(value, undefined, 2);

const renewal = `title: The second month is charged
market: SE
shopper: { payment_option: pay_in_4, funding_source: { type: card } }
steps:
  - createSession: { body: { intent: buy_and_default_tokenize, order_amount: 10000, order_lines: &boots [{ name: Boots, quantity: 1, unit_price: 10000, total_amount: 10000 }] } }
    keep: { session: $.body.session_id }
  - { shopper: authorize, session: "\${session}", keep: { authorization: $.body.authorization_token } }
  - createCustomerToken: { path: { authorizationToken: "\${authorization}" }, body: { description: Boot care, intended_use: SUBSCRIPTION } }
    keep: { token: $.body.token_id }
  - advance: P1M
  - createCustomerTokenOrder:
      path: { customerToken: "\${token}" }
      body: { order_amount: 900, order_tax_amount: 0, order_lines: [{ name: Care, quantity: 1, unit_price: 900, total_amount: 900 }] }
`;

/** The files that commands of the pages read, as a shop's team has them by then. */
function filesOf(story: readonly Seen[]): Record<string, string> {
  const write = (recorder: string) => writers[recorder]?.(withoutShopper(story)) as object;
  const har = JSON.stringify(write('har'));
  const pact = {
    consumer: { name: 'shop' },
    provider: { name: 'Klarna' },
    metadata: { pactSpecification: { version: '3.0.0' } },
    interactions: [
      {
        description: 'an order that does not exist',
        request: { method: 'GET', path: '/ordermanagement/v1/orders/3c1b4b2e-5d6f-4a70-8b91-a2b3c4d5e6f7' },
        response: { status: 404, body: { error_code: 'NO_SUCH_ORDER' } },
      },
    ],
  };
  return {
    'package.json': json({ name: 'shop', private: true, type: 'module', scripts: { test: 'node --test' } }),
    '.klarna-drift.json': '[]',
    'boots.yaml': renewal,
    'renewal.yaml': renewal,
    'tests/klarna/renewal.yaml': renewal,
    'klarna.har': har,
    'last-month.har': har,
    'today.har': har,
    'recorded/klarna.har': har,
    'recorded/recording.har': har,
    'recordings/checkout.har': har,
    'spec/cassettes/checkout.yml': stringify(write('vcr')),
    'pacts/shop-klarna.json': JSON.stringify(pact),
    'password.txt': 'laces\n',
  };
}

/**
 * Makes what a reader of the pages has in a folder: `mock-klarna`, a checkout, and beside it `shop`, a project with the package
 * installed and the files that commands of the pages name.
 * @param story exchanges of a shop, for its recordings
 */
export function makeReader(folder: string, story: readonly Seen[]): { checkout: string; shop: string; home: string } {
  const [checkout, shop, home] = ['mock-klarna', 'shop', 'home'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [checkout, home, join(shop, 'node_modules')]) mkdirSync(path, { recursive: true });
  for (const name of CHECKOUT) symlinkSync(join(root, name), join(checkout, name));
  for (const [name, text] of Object.entries(filesOf(story))) {
    mkdirSync(dirname(join(shop, name)), { recursive: true });
    writeFileSync(join(shop, name), text);
  }
  symlinkSync(root, join(shop, 'node_modules/mock-klarna'));
  symlinkSync(join(root, 'node_modules/@types'), join(shop, 'node_modules/@types'));
  symlinkSync(join(root, 'contracts'), join(shop, 'contracts'));
  return { checkout, shop, home };
}
