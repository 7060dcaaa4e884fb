/** The frame in the shop's container: what would be paid, by what, and that nothing here is real. */
import './main-frame.css';
import { channelToShop, type Show } from './messages.js';
import { refusalOf } from './session.js';
import { type WidgetPurchase, widgetText } from './widget-text.js';

const main = document.querySelector('main') as HTMLElement;
const shop = channelToShop(window, window.parent, (message) => {
  if (message.kind === 'show') show(message);
});

/** False until the purchase is drawn: what the page has at first is nobody's to see. */
let isDrawn = false;

/** Number of what was asked to be shown last: an answer that comes late is not shown. */
let last = 0;

/** Makes an element with a class, and text or elements in it. */
function make(name: string, className: string, ...content: (string | Node)[]): HTMLElement {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

async function read(token: string): Promise<WidgetPurchase> {
  const response = await fetch(new URL('../v1/purchase', location.href), {
    headers: { authorization: `Bearer ${token}` },
  });
  if (response.ok) return (await response.json()) as WidgetPurchase;
  throw new Error(`the sandbox refused the purchase to its frame: ${await refusalOf(response)}`);
}

function draw(asked: Show, purchase: WidgetPurchase): void {
  const { title, amount, lines, about } = widgetText(asked, purchase);
  isDrawn = true;
  main.className = asked.view;
  main.replaceChildren(
    make('header', '', make('h1', '', title), make('span', 'sandbox-mark', 'TESTDRIVE · sandbox')),
    make('p', 'amount', amount),
  );
  if (lines.length > 0) main.append(make('ul', '', ...lines.map((line) => make('li', '', line))));
  main.append(make('p', 'small soft', about));
}

function tellHeight(): void {
  shop.send({ kind: 'shown', height: main.getBoundingClientRect().height });
}

async function show(asked: Show): Promise<void> {
  last += 1;
  const own = last;
  try {
    const purchase = await read(asked.token);
    if (own !== last) return;
    draw(asked, purchase);
    tellHeight();
  } catch (error) {
    if (own === last) shop.send({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
}

new ResizeObserver(() => {
  if (isDrawn) tellHeight();
}).observe(main);
