import { basic, purchase, startSandbox } from '../../contract/sandbox.js';
import t from '../../tap.js';

const POLICY = 'content-security-policy';

t.test('every page says what it is, tells no other site where it was opened, and is shown in no frame', async (t) => {
  const { url, as } = await startSandbox(t);
  const call = as('boots');
  const session = (await call('createSession', { body: purchase })).body.session_id;
  const { body } = await call('createHostedSession', {
    body: {
      payment_session_url: `${url}/payments/v1/sessions/${session}`,
      merchant_urls: { success: 'http://127.0.0.1:1/thanks' },
    },
  });
  const pages: [string, number, string][] = [
    ['/', 200, 'text/html'],
    ['/docs', 200, 'text/html'],
    ['/docs/', 200, 'text/html'],
    [`/hpp/payments/${body.session_id}`, 200, 'text/html'],
    ['/hpp/payments/none', 404, 'text/html'],
    [`/hpp/payments/${body.session_id}/qr`, 200, 'image/svg+xml'],
    [`/hpp/distributions/${body.session_id}`, 200, 'text/html'],
    [`/kp/v1/sessions/${session}/redirect`, 200, 'text/html'],
    ['/kp/v1/sessions/none/redirect', 404, 'text/html'],
  ];
  for (const [path, status, type] of pages) {
    const answer = await fetch(url + path);
    t.equal(answer.status, status, path);
    const { headers } = answer;
    t.ok(headers.get('content-type')?.startsWith(type), `${path}: ${headers.get('content-type')}`);
    t.equal(headers.get('x-content-type-options'), 'nosniff', path);
    t.equal(headers.get('referrer-policy'), 'same-origin', path);
    t.equal(headers.get('x-frame-options'), 'DENY', path);
    const policy = headers.get(POLICY) ?? '';
    t.match(policy, /^default-src 'none';?/, path);
    t.match(policy, /frame-ancestors 'none'$/, path);
    t.notMatch(policy, 'unsafe', path);
  }
});

t.test('the frames of Klarna’s script may stand in any page, and are guarded otherwise', async (t) => {
  const { url } = await startSandbox(t);
  for (const path of ['/kp/frames/main', '/kp/frames/purchase']) {
    const { headers } = await fetch(url + path);
    t.equal(headers.get('x-frame-options'), null, path);
    t.notMatch(headers.get(POLICY), 'frame-ancestors', path);
    t.match(headers.get(POLICY), /^default-src 'none';/, path);
    t.equal(headers.get('x-content-type-options'), 'nosniff', path);
    t.equal(headers.get('referrer-policy'), 'same-origin', path);
  }
});

t.test('no browser takes a file of the documentation for something else', async (t) => {
  const { url } = await startSandbox(t);
  const page = await (await fetch(`${url}/docs`)).text();
  const files = [...page.matchAll(/\/docs\/(?:static\/)?[-.\w]+\.(?:css|json|js|png)/g)].map(([path]) => path);
  t.ok(files.length >= 10);
  for (const path of [...files, '/live/scenario.schema.json', '/kp/assets/nothing.js']) {
    const { headers, status } = await fetch(url + path);
    if (status === 200) t.equal(headers.get('x-content-type-options'), 'nosniff', path);
  }
  const refused = await fetch(url, { headers: { origin: 'http://evil.example.com', authorization: basic('boots') } });
  t.equal(refused.status, 403);
  t.equal(refused.headers.get('x-content-type-options'), 'nosniff');
});
