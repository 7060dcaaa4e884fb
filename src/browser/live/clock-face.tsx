import { useEffect, useState } from 'preact/hooks';
import { dateAndTime } from './format.js';
import { clock, clockNow } from './state.js';

/** Shows the merchant's time. */
export function ClockFace() {
  const [, draw] = useState(0);
  const runs = clock.value?.runs === true;
  useEffect(() => {
    if (!runs) return undefined;
    const beat = setInterval(() => draw((turn) => turn + 1), 1000);
    return () => clearInterval(beat);
  }, [runs]);
  if (!clock.value) return <span class="clock soft">no clock yet</span>;
  const iso = new Date(clockNow()).toISOString();
  return (
    <a class="clock" href="#clock" title={runs ? 'The clock runs' : 'The clock stands until it is moved'}>
      <time dateTime={iso}>{dateAndTime(iso)}</time> UTC{runs ? '' : ', stands'}
    </a>
  );
}
