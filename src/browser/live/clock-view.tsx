import { useState } from 'preact/hooks';
import { Button } from '../design/button.js';
import { Field } from '../design/field.js';
import { dateAndTime } from './format.js';
import { act, api, clock, clockNow, due, purchases } from './state.js';
import { dueOf, fromNow } from './time-line.js';

const steps: readonly [name: string, by: string][] = [
  ['a minute', 'PT1M'],
  ['an hour', 'PT1H'],
  ['a day', 'P1D'],
  ['a week', 'P7D'],
  ['a month', 'P1M'],
];

const advance = (by: string) => act(() => api.call('POST', '/clock/advance', { by }));

/** Moves the merchant's clock, and shows what happens on the way. */
export function ClockView() {
  const [by, setBy] = useState('');
  const now = clock.value ? clockNow() : undefined;
  const waiting = now === undefined ? [] : dueOf(purchases.value, due.value, new Date(now).toISOString());
  const move = (event: Event) => {
    event.preventDefault();
    const text = by.trim();
    // Text that begins with a year is an instant, any other a duration.
    void (/^\d{4}-/.test(text) ? act(() => api.call('PUT', '/clock', { now: text })) : advance(text));
  };
  return (
    <div class="columns">
      <section aria-label="Move the clock">
        <h2>Let time pass</h2>
        <p class="soft">
          Every expiry and every callback goes by the merchant's own clock. It only moves forward; what falls due on the
          way happens first.
        </p>
        <p class="row">
          {steps.map(([name, step]) => (
            <Button key={step} onClick={() => advance(step)}>
              {name}
            </Button>
          ))}
        </p>
        <form onSubmit={move}>
          <Field
            label="By a duration, or to an instant"
            hint="ISO 8601, such as PT61M or 2026-04-02T09:00:00Z"
            value={by}
            required
            spellcheck={false}
            onInput={(event) => setBy(event.currentTarget.value)}
          />
          <Button type="submit" look="primary">
            Move the clock
          </Button>
        </form>
      </section>
      <section aria-label="Due">
        <h2>What falls due</h2>
        {waiting.length === 0 && <p class="soft">Nothing waits for its time.</p>}
        <ol class="time-line">
          {waiting.slice(0, 200).map(({ at, what, detail }, index) => (
            <li key={index} class="due">
              <time dateTime={at}>{dateAndTime(at)}</time> <strong>{what}</strong>{' '}
              <span class="soft">{fromNow(at, now ?? 0)}</span>
              <div class="soft small">{detail}</div>
              <Button look="plain" onClick={() => act(() => api.call('PUT', '/clock', { now: at }))}>
                Move the clock there
              </Button>
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}
