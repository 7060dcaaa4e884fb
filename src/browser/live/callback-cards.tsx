import { Button } from '../design/button.js';
import { dateAndTime, pretty, visible } from './format.js';
import { writeRoute } from './route.js';
import { journal, settled } from './state.js';
import { isBad, resultInWords } from './time-line.js';
import { sendAgain } from './time-line-list.js';
import type { CallbackAttempt } from './types.js';

/** Draws attempts to deliver callbacks, each on a card with its result and the exchange that caused it. */
export function CallbackCards({ attempts }: { attempts: readonly CallbackAttempt[] }) {
  return (
    <ul class="plain cards">
      {attempts.map((attempt) => (
        <li key={`${attempt.callback_id} ${attempt.attempt}`} class="panel">
          <div class="row">
            <strong>{attempt.on}</strong> attempt {attempt.attempt}
            <span class={isBad(attempt) ? 'bad' : 'good'}>{resultInWords(attempt)}</span>
            <time class="soft" dateTime={attempt.at}>
              {dateAndTime(attempt.at)}
            </time>
            <Cause attempt={attempt} />
            <Button onClick={() => sendAgain(attempt.callback_id)}>Send again</Button>
          </div>
          <code>{visible(attempt.url)}</code>
          {attempt.unexpected && <p class="bad small">The scenario expected another status.</p>}
          {attempt.body && <pre>{visible(pretty(attempt.body))}</pre>}
        </li>
      ))}
    </ul>
  );
}

/** Leads to the exchange that caused a callback, where the page has it. */
function Cause({ attempt }: { attempt: CallbackAttempt }) {
  // The exchanges that there were at the start come after the callbacks.
  const number = settled.value ? journal.causeOf(attempt) : undefined;
  if (number === undefined) return null;
  return <a href={writeRoute({ view: 'journal', open: String(number) })}>caused by #{number}</a>;
}
