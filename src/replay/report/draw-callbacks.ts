import type { PlacedCallback } from './callbacks.js';
import { delivered } from './gist.js';
import { type Actors, arrow, type Drawn, drawNote, KLARNA, lost, SHOP, withClock } from './shapes.js';

/** So many attempts are drawn behind one step. */
const MOST = 4;

/** What Klarna sends to the shop's URLs behind a step, each with its time where that is not what the step's clock shows. */
export function drawCallbacks(attempts: readonly PlacedCallback[], actors: Actors, clock: string | undefined): Drawn[] {
  let shown = clock;
  const drawn = attempts.slice(0, MOST).flatMap((attempt) => {
    const parts = drawAttempt(attempt, actors);
    if (attempt.at === shown) return parts;
    shown = attempt.at;
    return withClock(attempt.at, parts);
  });
  const more = attempts.length - MOST;
  if (more <= 0) return drawn;
  return [...drawn, drawNote(`${more} more ${more === 1 ? 'attempt' : 'attempts'}`, 'why', actors)];
}

function drawAttempt(attempt: PlacedCallback, actors: Actors): Drawn[] {
  const { on, url, attempt: number, result } = attempt;
  const [from, to] = [actors.at(KLARNA), actors.at(SHOP)];
  const label = `${on} callback${number === 1 ? '' : `, attempt ${number}`}`;
  const how = delivered(attempt);
  const where = drawNote(`${url}  ${how}`, 'why', actors, SHOP);
  // What was not sent leaves Klarna, and does not arrive.
  if (result.refused !== undefined || result.dropped) return [lost(to, from, label), where];
  const sent = arrow({ from, to, kind: 'callback', label, about: url });
  if (result.error !== undefined) return [sent, lost(from, to, how), where];
  const kind = attempt.unexpected || Number(result.status) >= 300 ? 'refusal' : 'answer';
  return [sent, arrow({ from: to, to: from, kind, label: how, about: url }), drawNote(url, 'why', actors, SHOP)];
}
