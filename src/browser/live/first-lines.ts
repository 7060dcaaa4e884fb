import { quoted } from './curl.js';

const order = {
  purchase_country: 'SE',
  purchase_currency: 'SEK',
  order_amount: 10000,
  order_lines: [{ name: 'Boots', quantity: 1, unit_price: 10000, total_amount: 10000 }],
};

/** Returns the three lines that fill the page: a session, the shopper, the order. */
export function firstLines(base: string, name: string): string {
  const user = quoted(`${name}:secret`);
  const json = "-H 'Content-Type: application/json'";
  const body = quoted(JSON.stringify(order));
  const field = (of: string) => `sed -n 's/.*"${of}":"\\([^"]*\\)".*/\\1/p'`;
  return [
    `session=$(curl -sS -u ${user} ${base}/payments/v1/sessions ${json} -d ${body} | ${field('session_id')})`,
    `authorization=$(curl -sS -u ${user} -X POST ${base}/sandbox/v1/sessions/$session/authorize | ${field('authorization_token')})`,
    `curl -sS -u ${user} ${base}/payments/v1/authorizations/$authorization/order ${json} -d ${body}`,
  ].join('\n');
}
