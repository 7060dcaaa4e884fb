import { Fragment } from 'preact';
import { useEffect } from 'preact/hooks';
import { Button } from '../design/button.js';
import { money, visible } from './format.js';
import { OrderFacts } from './order-facts.js';
import { choiceInWords, type Purchase } from './purchases.js';
import { attempts, clockNow, due, open, parts, readParts, shownJournal } from './state.js';
import { timeLineOf } from './time-line.js';
import { TimeLine } from './time-line-list.js';
import { TokenFacts } from './token-facts.js';

/** Draws a purchase: what is known of it, and everything on one time line. */
export function PurchaseDetail({ purchase }: { purchase: Purchase }) {
  const { id, session, authorizations, tokens, orders, hosted } = purchase;
  const ids = orders
    .map(({ order_id, captured_amount, refunded_amount }) => `${order_id} ${captured_amount} ${refunded_amount}`)
    .join();
  useEffect(() => {
    void readParts(orders.map(({ order_id }) => order_id));
  }, [ids]);
  const exchanges = shownJournal.value.journal.all;
  const moments = timeLineOf(purchase, { exchanges, attempts: attempts.value, due: due.value, parts: parts.value });
  return (
    <article class="detail" aria-label="Purchase">
      <header class="row">
        <h2>{visible(session?.merchant_reference1 ?? orders[0]?.merchant_reference1 ?? 'Purchase')}</h2>
        <Button look="plain" aria-label="Close the purchase" onClick={() => open({ view: 'purchases' })}>
          Close
        </Button>
      </header>
      <dl class="facts">
        {session && (
          <>
            <dt>Session</dt>
            <dd>
              {session.session_id}
              <br />
              {session.status}, {session.intent}, {session.purchase_country},{' '}
              {money(session.order_amount, session.purchase_currency)}
            </dd>
          </>
        )}
        {!session && (
          <>
            <dt>Of</dt>
            <dd>{id}</dd>
          </>
        )}
        {hosted.map((page) => (
          <Fragment key={page.session_id}>
            <dt>Hosted page</dt>
            <dd>
              {page.session_id}
              <br />
              {page.status}
            </dd>
          </Fragment>
        ))}
        {authorizations.map((made) => (
          <Fragment key={made.authorization_token}>
            <dt>Authorization</dt>
            <dd>
              {made.authorization_token}
              <br />
              {made.status}, {choiceInWords(made)}
            </dd>
          </Fragment>
        ))}
      </dl>
      {tokens.map((token) => (
        <TokenFacts
          key={token.token_id}
          token={token}
          made={authorizations.find(({ customer_token }) => customer_token === token.token_id)}
        />
      ))}
      {orders.map((order) => (
        <OrderFacts
          key={order.order_id}
          order={order}
          parts={parts.value.find((each) => each.order_id === order.order_id)}
        />
      ))}
      <h3>Time line</h3>
      <TimeLine moments={moments} now={clockNow()} />
    </article>
  );
}
