import t from '../../tap.js';
import { INIT, type Log, openShopPage, stopClock } from './shop-page.js';

const load = (options: string, data = '') =>
  `(note) => Klarna.Payments.load(${options}, ${data ? `${data}, ` : ''}note)`;

/** What a wrong load comes to. */
const refused = (name: string, message: string): Log => [
  ['answer', { show_form: false }],
  ['thrown', name, message],
];

t.test('a wrong load calls back first, then throws, by the first thing that is wrong', async (t) => {
  const { run, lines, reported, page } = await openShopPage(t);
  const wrong = '{ container: "#none", payment_method_category: "gold" }';
  t.equal((await run(load(wrong)))[1]?.[1], 'ApplicationNotInitializedError');
  await run(`() => void ${INIT}`);
  t.equal((await run(load(wrong)))[1]?.[1], 'InvalidContainerSelectorError');
  const categories = 'payment_method_categories: ["klarna"]';
  const chain = [
    [
      '{ container: "#klarna", payment_method_category: "gold", instance_id: "a b" }',
      'PaymentMethodCategoryNotSupportedError',
    ],
    [`{ container: "#klarna", payment_method_categories: ["gold"] }`, 'PaymentMethodCategoryNotSupportedError'],
    [`{ container: "#klarna", ${categories}, preferred_payment_method: "cash" }`, 'InstanceIDNotProvidedError'],
    [
      `{ container: "#klarna", ${categories}, instance_id: "a b", preferred_payment_method: "cash" }`,
      'InvalidInstanceIDError',
    ],
    ['{ container: "#klarna", preferred_payment_method: "cash" }', 'PreferredPaymentMethodNotSupportedError'],
  ];
  for (const [options, name] of chain) t.equal((await run(load(String(options))))[1]?.[1], name, String(options));
  t.equal(await page.locator('iframe').count(), 0, 'nothing was made');
  t.equal(lines.length, 7, 'each has its line in the console');
  t.equal((await reported(6)).length, 6, 'and in the journal');
});

t.test('a wrong load has Klarna’s words', async (t) => {
  const { run } = await openShopPage(t);
  await run(`() => void ${INIT}`);
  const selector =
    'The container selector is invalid. Please, check that the used ID or CSS class name is correct and that it targets an existing DOM element.';
  for (const container of ['"#none"', '"klarna"', '"###"', '""']) {
    t.strictSame(
      await run(load(`{ container: ${container} }`)),
      refused('InvalidContainerSelectorError', selector),
      container,
    );
  }
  const type = 'Property `options.container` must be a string (CSS selector) or HTMLElement';
  for (const container of ['undefined', 'null', '7', '{}', '[document.body]', 'document']) {
    t.strictSame(await run(load(`{ container: ${container} }`)), refused('TypeError', type), container);
  }
  t.strictSame(await run('(note) => Klarna.Payments.load(undefined, note)'), refused('TypeError', type));
  t.strictSame(await run('(note) => Klarna.Payments.load(note)'), refused('TypeError', type));
  t.strictSame(
    await run(load('{ container: "#klarna", payment_method_category: "gold" }')),
    refused('PaymentMethodCategoryNotSupportedError', 'This payment method category is not supported: gold'),
  );
  t.strictSame(
    await run(load('{ container: "#klarna", payment_method_categories: ["klarna"] }')),
    refused(
      'InstanceIDNotProvidedError',
      'An instance ID must be provided when the `payment_method_categories` option is used.',
    ),
  );
  t.match(
    (await run(load('{ container: "#klarna", instance_id: "a b" }')))[1]?.[2],
    /must only contain alphabets, numbers, underscores \(_\) and hyphens \(-\)\.$/,
  );
  t.strictSame(await run('() => void Klarna.Payments.load({ container: "#klarna" })'), [], 'a callback may be missing');
});

t.test('load puts a frame into the container and answers when it shows something', async (t) => {
  const { page, run, settled, errors, lines, strangers } = await openShopPage(t, {
    body: '<div id="klarna" style="width: 500px"></div>',
  });
  t.equal(await page.locator('#klarna > *').count(), 0, 'the container is empty before');
  await page.evaluate('window.heights = []; Klarna.Payments.on("heightChanged", (...all) => heights.push(all))');
  await run(`(note) => { ${INIT}; Klarna.Payments.load({ container: '#klarna' }, note) }`);
  t.strictSame(
    await page.evaluate(`(() => {
      const frame = document.querySelector('#klarna > iframe');
      const { height, minWidth, maxWidth, width } = frame.style;
      return [frame.id, frame.name, height, width, minWidth, maxWidth, log.length];
    })()`),
    ['klarna-payments-main', 'klarna-payments-main', '230px', '100%', '280px', '600px', 0],
  );
  t.strictSame(await settled(), [['answer', { show_form: true }]]);
  const frame = page.frameLocator('#klarna-payments-main');
  await frame.getByText('TESTDRIVE').waitFor();
  await frame.getByText('100,00').waitFor();
  const heights = (await page.evaluate('heights')) as [number][];
  t.ok(
    heights.length > 0 && heights.every(([height]) => Number.isInteger(height) && height > 40),
    JSON.stringify(heights),
  );
  const shown = await page.locator('#klarna-payments-main').evaluate((element) => element.clientHeight);
  t.equal(shown, heights.at(-1)?.[0], 'the frame is as high as it said last');
  await page.locator('body > #klarna-payments-fullscreen').waitFor({ state: 'attached' });
  t.equal(await page.locator('#klarna-payments-fullscreen').isVisible(), false);
  t.strictSame([errors, lines, strangers], [[], [], []]);
});

t.test('the second frame comes half a second later', async (t) => {
  const { page, run } = await openShopPage(t);
  await stopClock(page);
  await run(`(note) => { ${INIT}; Klarna.Payments.load({ container: '#klarna' }, note) }`);
  await page.clock.fastForward(499);
  t.equal(await page.locator('#klarna-payments-fullscreen').count(), 0);
  await page.clock.fastForward(2);
  t.equal(await page.locator('#klarna-payments-fullscreen').count(), 1);
});

t.test('categories and instances are loaded side by side, each in a frame of its name', async (t) => {
  const categories = ['pay_later', 'pay_over_time', 'pay_now'];
  const { page, run, settled } = await openShopPage(t, {
    categories,
    body: '<div id="a"></div><div id="b"></div><div id="c"></div><div id="d"></div>',
  });
  await run(`(note) => {
    ${INIT};
    Klarna.Payments.load({ container: '#a', payment_method_category: 'pay_later' }, note);
    Klarna.Payments.load({ container: document.querySelector('#b'), payment_method_category: 'pay_over_time' }, {}, note);
    Klarna.Payments.load({ container: '#c', payment_method_categories: ['pay_now', 'pay_later'], instance_id: 'My_Two' }, null, note);
    Klarna.Payments.load({ container: '#d', payment_method_category: '' }, note);
  }`);
  t.strictSame(await settled(4), Array(4).fill(['answer', { show_form: true }]));
  const names = await page.evaluate(
    `[...document.querySelectorAll('div > iframe')].map(({ id, parentNode }) => parentNode.id + ' ' + id)`,
  );
  t.strictSame(names, [
    'a klarna-pay-later-main',
    'b klarna-pay-over-time-main',
    'c klarna-my-two-main',
    'd klarna-payments-main',
  ]);
  t.equal(await page.frameLocator('#klarna-my-two-main').locator('li').count(), 2, 'an instance shows its categories');
  t.equal(await page.frameLocator('#klarna-payments-main').locator('li').count(), 3, 'without one all are shown');
});

t.test('categories may be the objects that the session answers, but for a strict script', async (t) => {
  const options =
    '{ container: "#klarna", payment_method_categories: [{ identifier: "klarna", name: "x" }], instance_id: "one" }';
  const lenient = await openShopPage(t);
  await lenient.run(`(note) => { ${INIT}; Klarna.Payments.load(${options}, note) }`);
  t.strictSame(await lenient.settled(), [['answer', { show_form: true }]]);
  const strict = await openShopPage(t, { query: '?strict' });
  t.equal(
    (await strict.run(`(note) => { ${INIT}; Klarna.Payments.load(${options}, note) }`))[1]?.[1],
    'PaymentMethodCategoryNotSupportedError',
  );
});

t.test('a second load keeps the frame of the same container, and moves to another one', async (t) => {
  const { page, run, settled } = await openShopPage(t, { body: '<div id="one"></div><div id="two"></div>' });
  await run(`(note) => { ${INIT}; Klarna.Payments.load({ container: '#one' }, note) }`);
  await settled();
  await page.evaluate(`document.querySelector('#one iframe').mark = 7`);
  await run(`(note) => Klarna.Payments.load({ container: '#one', purchase_amount: 7700 }, note)`);
  t.strictSame(await settled(), [['answer', { show_form: true }]]);
  await page.frameLocator('#klarna-payments-main').getByText('77,00').waitFor();
  t.equal(await page.evaluate(`document.querySelector('#one iframe').mark`), 7, 'the same frame');
  await run(`(note) => Klarna.Payments.load({ container: '#two' }, note)`);
  t.strictSame(await settled(), [['answer', { show_form: true }]]);
  t.strictSame(
    await page.evaluate(`['one', 'two'].map((id) => document.getElementById(id).childElementCount)`),
    [0, 1],
    'a new one',
  );
  await page.evaluate(`document.querySelector('#two').replaceChildren()`);
  await run(`(note) => Klarna.Payments.load({ container: '#two' }, note)`);
  t.strictSame(await settled(), [['answer', { show_form: true }]], 'a page that emptied the container gets a new one');
});

t.test('two loads at once both get the answer of the second', async (t) => {
  const { run, settled } = await openShopPage(t);
  await run(`(note) => {
    ${INIT};
    Klarna.Payments.load({ container: '#klarna' }, (answer) => note({ first: true, ...answer }));
    Klarna.Payments.load({ container: '#klarna' }, note);
  }`);
  t.strictSame(await settled(2), [
    ['answer', { first: true, show_form: true }],
    ['answer', { show_form: true }],
  ]);
});

t.test('a frame moved by the page shows what it showed', async (t) => {
  const { page, run, settled } = await openShopPage(t, { body: '<div id="klarna"></div><div id="other"></div>' });
  await run(`(note) => { ${INIT}; Klarna.Payments.load({ container: '#klarna' }, note) }`);
  await settled();
  await page.evaluate(`other.append(klarna)`);
  await page.frameLocator('#klarna-payments-main').getByText('100,00').waitFor();
});

t.test('a container that is not laid out is loaded all the same', async (t) => {
  const { run, settled } = await openShopPage(t, { body: '<div hidden><div id="klarna"></div></div>' });
  await run(`(note) => { ${INIT}; Klarna.Payments.load({ container: '#klarna' }, note) }`);
  t.strictSame(await settled(), [['answer', { show_form: true }]]);
});

t.test('data of load changes the session, wrong data hides the form', async (t) => {
  const { run, settled, readSession, session_id, lines, page } = await openShopPage(t);
  await run(`(note) => {
    ${INIT};
    Klarna.Payments.load({ container: '#klarna' }, { order_amount: 5000, order_lines: [{ name: 'Hat', quantity: 1, unit_price: 5000, total_amount: 5000 }] }, note)
  }`);
  t.strictSame(await settled(), [['answer', { show_form: true }]]);
  t.match(await readSession(session_id), { order_amount: 5000 });
  await run(`(note) => Klarna.Payments.load({ container: '#klarna' }, { order_amount: 'much' }, note)`);
  t.match((await settled())[0], { 0: 'answer', 1: { show_form: false } });
  t.equal(lines.filter((line) => line.includes('mock-klarna: Klarna.Payments.load')).length, 1);
  t.equal(await page.locator('#klarna iframe').count(), 1, 'the frame stays');
  await run(
    `(note) => { const data = {}; data.self = data; Klarna.Payments.load({ container: '#klarna' }, data, note) }`,
  );
  t.strictSame(await settled(), [['answer', { show_form: true }]], 'data that is no JSON is left out');
});

t.test('options.client_token of load begins anew', async (t) => {
  const { run, settled } = await openShopPage(t);
  await run(`(note) => Klarna.Payments.load({ container: '#klarna', client_token: token }, note)`);
  t.strictSame(await settled(), [['answer', { show_form: true }]]);
  t.equal(
    (await run(`(note) => Klarna.Payments.load({ container: '#klarna', client_token: 'x' }, note)`))[1]?.[1],
    'InvalidClientTokenError',
  );
});

t.test('without a frame for half a minute the form is not shown, and nothing is thrown', async (t) => {
  const { page, run, settled, lines, url } = await openShopPage(t);
  await page.route(`${url}/kp/frames/**`, (route) => route.abort());
  await stopClock(page);
  const told = page.waitForResponse(`${url}/kp/v1/purchase/load`);
  t.strictSame(await run(`(note) => { ${INIT}; Klarna.Payments.load({ container: '#klarna' }, note) }`), []);
  await (await told).finished();
  await page.clock.fastForward(29_900);
  t.strictSame(await page.evaluate('log'), []);
  await page.clock.fastForward(200);
  t.strictSame(await settled(), [['answer', { show_form: false }]]);
  t.match(lines.at(-1), /showed nothing for half a minute/);
});

t.test('an end of the sandbox hides the form', async (t) => {
  const { page, run, settled, lines, url } = await openShopPage(t);
  await page.route(`${url}/kp/v1/**`, (route) => route.abort());
  await run(`(note) => { ${INIT}; Klarna.Payments.load({ container: '#klarna' }, note) }`);
  t.strictSame(await settled(), [['answer', { show_form: false }]]);
  t.match(lines.at(-1), /gave no answer .* connect-src/);
});

t.test('it works where the policy of the shop names the sandbox only', async (t) => {
  const { page, run, settled, errors, lines } = await openShopPage(t, {
    headers: (url) => ({
      'content-security-policy': `default-src 'none'; script-src 'nonce-shop' ${url}; frame-src ${url}; connect-src ${url}`,
    }),
  });
  await run(`(note) => { ${INIT}; Klarna.Payments.load({ container: '#klarna' }, note) }`);
  t.strictSame(await settled(), [['answer', { show_form: true }]]);
  t.equal(await page.locator('#klarna iframe').evaluate((frame: HTMLElement) => frame.style.maxWidth), '600px');
  t.strictSame([errors, lines], [[], []]);
});

t.test('a shop under https has the sandbox at http://localhost', async (t) => {
  const { page, html, run, settled, errors } = await openShopPage(t);
  await page
    .context()
    .grantPermissions(['local-network-access'])
    .catch(() => {});
  await page.route('https://shop.localhost/', (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.goto('https://shop.localhost/');
  await run(`(note) => { ${INIT}; Klarna.Payments.load({ container: '#klarna' }, note) }`);
  t.strictSame(await settled(), [['answer', { show_form: true }]]);
  t.strictSame(errors, []);
});

t.test('the review of a purchase is for US and GB', async (t) => {
  const review = (country: string) =>
    openShopPage(t, {
      purchase: {
        purchase_country: country,
        purchase_currency: { US: 'USD', GB: 'GBP', SE: 'SEK' }[country],
        locale: `en-${country}`,
      },
    });
  const call = (options: string) => `(note) => { ${INIT}; Klarna.Payments.loadPaymentReview(${options}, note) }`;
  for (const country of ['US', 'GB']) {
    const { run, settled, page } = await review(country);
    await run(call('{ container: "#klarna" }'));
    t.strictSame(await settled(), [['answer', { show_form: true }]], country);
    t.equal(await page.locator('#klarna > #klarna-payment-review-main').count(), 1);
    t.equal((await run(call('{ container: "#none" }')))[1]?.[1], 'InvalidContainerSelectorError');
  }
  const { run } = await review('SE');
  t.strictSame(await run(call('{ container: "#none" }')), [
    ['answer', { show_form: false }],
    ['thrown', 'OperationNotSupportedError', 'The operation is not supported for the current purchase country.'],
  ]);
});
