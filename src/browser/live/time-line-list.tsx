import { Button } from '../design/button.js';
import { dateAndTime, visible } from './format.js';
import { writeRoute } from './route.js';
import { act, api } from './state.js';
import { fromNow, type Moment } from './time-line.js';

const NOW = 'now';

/** Draws moments in order of time, with the clock between what was and what will be. */
export function TimeLine({ moments, now }: { moments: readonly Moment[]; now: number }) {
  const iso = new Date(now).toISOString();
  const next = moments.findIndex(({ at }) => at > iso);
  const rows: (Moment | typeof NOW)[] = [...moments];
  rows.splice(next < 0 ? rows.length : next, 0, NOW);
  return (
    <ol class="time-line">
      {rows.map((moment, index) =>
        moment === NOW ? (
          <li key={NOW} class="now">
            {dateAndTime(iso)} now
          </li>
        ) : (
          <li key={index} class={moment.bad ? `${moment.kind} bad` : moment.kind}>
            <time dateTime={moment.at}>{dateAndTime(moment.at)}</time>{' '}
            {moment.exchange === undefined ? (
              <strong>{moment.title}</strong>
            ) : (
              <a href={writeRoute({ view: 'journal', open: String(moment.exchange) })}>
                #{moment.exchange} {moment.title}
              </a>
            )}
            {moment.kind === 'due' && <span class="soft"> {fromNow(moment.at, now)}</span>}
            {moment.detail !== undefined && <div class="soft small">{visible(moment.detail)}</div>}
            {moment.callback !== undefined && (
              <Button look="plain" onClick={() => sendAgain(moment.callback as string)}>
                Send again
              </Button>
            )}
          </li>
        ),
      )}
    </ol>
  );
}

/** Sends a callback again; its attempt comes by the stream. */
export const sendAgain = (id: string): Promise<void> =>
  act(() => api.call('POST', `/callbacks/${encodeURIComponent(id)}/redeliver`));
