import { CallbackCards } from './callback-cards.js';
import { dateAndTime } from './format.js';
import { attempts, clockNow, due } from './state.js';
import { fromNow } from './time-line.js';

/** Draws every attempt to deliver a callback, newest first, and those that are due. */
export function CallbacksView() {
  const sent = attempts.value;
  const waiting = due.value;
  if (sent.length === 0 && waiting.length === 0) {
    return (
      <p class="soft">
        No callback yet. Klarna sends them to the merchant_urls of a session: authorization, notification, push, and
        status_update of a hosted page.
      </p>
    );
  }
  return (
    <>
      {waiting.length > 0 && (
        <section aria-label="Due">
          <h2>Due</h2>
          <ul class="plain">
            {waiting.map(({ callback_id, on, url, at, attempt }) => (
              <li key={`${callback_id} ${attempt} ${at}`}>
                {dateAndTime(at)} <span class="soft">{fromNow(at, clockNow())}</span>: {on}, attempt {attempt}{' '}
                <span class="soft">{url}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label="Sent">
        <h2>Attempts</h2>
        <CallbackCards attempts={sent} />
      </section>
    </>
  );
}
