import { shellOf } from '../../src/cli/shell.js';
import t from '../tap.js';

const url = 'http://127.0.0.1:5527';

t.test('the first call is one of the shell that people have on their system', async (t) => {
  const [, body] = /-d '(.*)'$/.exec(shellOf('linux').firstCall(url)) ?? [];
  t.match(JSON.parse(body as string), { order_amount: 10_000, order_lines: Object });
  t.equal(
    shellOf('linux').firstCall(url),
    `curl -u shop:secret ${url}/payments/v1/sessions -H 'Content-Type: application/json' -d '${body}'`,
  );
  t.equal(shellOf('darwin').firstCall(url), shellOf('linux').firstCall(url));
  t.equal(
    shellOf('win32').firstCall(url),
    `Invoke-RestMethod ${url}/payments/v1/sessions -Method Post -ContentType application/json -Headers @{ Authorization = 'Basic c2hvcDpzZWNyZXQ=' } -Body '${body}'`,
  );
  t.ok([shellOf().firstCall(url)].includes(shellOf(process.platform).firstCall(url)));
});

t.test('the file of a certificate is one word, whatever is in its name', async (t) => {
  const { trusting } = shellOf('linux');
  t.equal(trusting('/a/ca.pem'), 'NODE_EXTRA_CA_CERTS=/a/ca.pem node …, curl --cacert /a/ca.pem …');
  t.equal(
    trusting("/our shop's/ca.pem"),
    "NODE_EXTRA_CA_CERTS='/our shop'\\''s/ca.pem' node …, curl --cacert '/our shop'\\''s/ca.pem' …",
  );
  t.equal(
    shellOf('win32').trusting("C:\\our shop's\\ca.pem"),
    "$env:NODE_EXTRA_CA_CERTS = 'C:\\our shop''s\\ca.pem'; node …, curl.exe --cacert 'C:\\our shop''s\\ca.pem' …",
  );
});
