import { Button } from '../design/button.js';
import { Notice } from '../design/notice.js';
import { visible } from './format.js';
import { methodInWords, whyTokenized } from './purchases.js';
import { act, api } from './state.js';
import type { Authorization, CustomerToken } from './types.js';

/** Says what was tokenized and why, and lets Klarna and the shopper do to the token what they can. */
export function TokenFacts({ token, made }: { token: CustomerToken; made: Authorization | undefined }) {
  const { token_id, status, payment_method, description, declines, shared_with } = token;
  const post = (what: string, body?: object) => () =>
    act(() => api.call('POST', `/customer-tokens/${encodeURIComponent(token_id)}/${what}`, body));
  return (
    <Notice tone="token" title={`Customer token: ${methodInWords(payment_method)}`}>
      <p class="small">
        {token_id}, {status.toLowerCase()}
        {description !== '' && `, ${visible(description)}`}
        {shared_with.length > 0 && `, shared with ${shared_with.join(', ')}`}
      </p>
      <p>{whyTokenized(token, made)}</p>
      {declines && (
        <p class="bad">
          The next {declines.times === 1 ? 'charge is' : `${declines.times} charges are`} refused with{' '}
          {declines.error_code}.
        </p>
      )}
      <p class="row">
        {status === 'ACTIVE' && <Button onClick={post('suspend')}>Suspend</Button>}
        {status === 'SUSPENDED' && <Button onClick={post('reactivate')}>Reactivate</Button>}
        {status !== 'CANCELLED' && <Button onClick={post('cancel')}>Cancel</Button>}
        {status === 'ACTIVE' && (
          <Button onClick={post('decline', { error_code: 'PAYMENT_METHOD_FAILED' })}>Have the next charge fail</Button>
        )}
      </p>
    </Notice>
  );
}
