import type { Connection } from './follow.js';
import { connection, locked } from './state.js';

const words: Readonly<Record<Connection, string>> = {
  connecting: 'connecting',
  live: 'live',
  waiting: 'not connected, trying again',
};

/** Says whether what happens is shown as it happens. */
export function ConnectionMark() {
  const now = locked.value ? 'locked' : words[connection.value];
  return (
    <span class={`connection ${locked.value ? 'waiting' : connection.value}`} role="status">
      {now}
    </span>
  );
}
