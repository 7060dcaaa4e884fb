import { destination, isOver, payWord, renderStatus } from '../../../src/browser/purchase/hosted-status.js';
import t from '../../tap.js';

t.test('a page is over when its status is final or its time is', async (t) => {
  for (const status of ['COMPLETED', 'CANCELLED', 'DISABLED', 'TIMEOUT'] as const)
    t.equal(isOver(status), true, status);
  for (const status of ['WAITING', 'IN_PROGRESS', 'FAILED', 'BACK', 'ERROR'] as const) {
    t.equal(isOver(status), false, status);
    t.match(renderStatus(status), /^[a-z].*[a-z]$/);
  }
});

t.test('a browser is sent to addresses of http and https alone', async (t) => {
  t.equal(destination('https://boots.example/thanks?x=1')?.href, 'https://boots.example/thanks?x=1');
  for (const url of [undefined, '', '/thanks', 'javascript:alert(1)', 'data:text/html,x', 'boots://thanks']) {
    t.equal(destination(url), undefined, String(url));
  }
});

t.test('the button has the word of the purchase type', async (t) => {
  t.equal(payWord('SUBSCRIBE'), 'Subscribe');
  t.equal(payWord('CONTINUE'), 'Continue');
  t.equal(payWord(undefined), 'Continue');
});
