import { start } from '../../contract/page.js';
import t from '../../tap.js';

t.test('a shop may frame the pages of the script, which load from the sandbox alone', async (t) => {
  const { url } = await start(t);
  for (const [path, script] of [
    ['/kp/frames/main', '/kp/assets/main-frame.js'],
    ['/kp/frames/purchase', '/kp/assets/purchase.js'],
  ] as const) {
    const response = await fetch(url + path);
    const policy = String(response.headers.get('content-security-policy'));
    t.equal(response.status, 200, path);
    t.match(await response.text(), script);
    t.match(policy, /script-src 'self';/);
    t.notMatch(policy, /unsafe|frame-ancestors/);
  }
  const unknown = await fetch(`${url}/hpp/payments/none`);
  t.match(String(unknown.headers.get('content-security-policy')), /frame-ancestors 'none'/, 'no other page is framed');
});
