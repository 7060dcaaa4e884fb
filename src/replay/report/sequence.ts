import { type Markup, markup } from '../../report/markup.js';
import { cut } from '../../report/text.js';
import { answered, askedFor, delivered, paidNotes } from './gist.js';
import type { PlacedCallback, ReportedScenario, ReportedStep } from './report.js';
import {
  type Actors,
  arrow,
  COLUMN,
  type Drawn,
  drawNote,
  GUTTER,
  HEAD,
  KLARNA,
  lost,
  ROW,
  SHOP,
  SHOPPER,
  SIGN,
  withClock,
} from './shapes.js';

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

/**
 * The sequence picture of a scenario: shops on the left, Klarna, the shopper on the right; time goes down, and stands in
 * the margin where the clock was moved.
 */
export function drawSequence(scenario: ReportedScenario): Markup {
  const actors = findActors(scenario);
  const width = GUTTER + COLUMN * actors.names.length - COLUMN / 2;
  let shownClock: string | undefined;
  const parts = scenario.steps.flatMap((step) => {
    const [first, ...rest] = drawStep(step, actors, width) as [Drawn, ...Drawn[]];
    const own = scenario.callbacks.filter(({ after }) => after === step.number);
    const early = own.filter((attempt) => attempt.before_the_answer);
    const late = own.filter((attempt) => !attempt.before_the_answer);
    const draw = (attempts: typeof own) => drawCallbacks(attempts, actors, step.clock);
    const drawn = [first, ...draw(early), ...rest, ...draw(late)];
    // Other merchants have clocks of their own.
    if (step.as !== undefined || step.clock === undefined || step.clock === shownClock) return drawn;
    shownClock = step.clock;
    return withClock(step.clock, drawn);
  });
  let y = HEAD;
  const drawn = parts.map((part) => {
    const here = y;
    y += part.height;
    return part.draw(here);
  });
  const height = y + 16;
  // Only a sandbox has a clock.
  const shown = (name: string) =>
    name === KLARNA && scenario.steps.some(({ clock }) => clock !== undefined) ? 'Klarna (sandbox)' : name;
  const label = `Sequence of ${scenario.name}: ${actors.names.join(', ')}, ${scenario.steps.length} steps`;
  return markup`<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">
${actors.names.map((name) => drawLifeline(shown(name), actors.at(name), height))}${drawn}</svg>`;
}

const shopOf = ({ as }: ReportedStep): string => (as === undefined ? SHOP : `${SHOP} ${as}`);

function findActors({ steps }: ReportedScenario): Actors {
  const others = new Set(steps.filter(({ as, actor }) => as !== undefined && actor === 'shop').map(shopOf));
  const names = [SHOP, ...others, KLARNA, SHOPPER];
  return { names, at: (name) => GUTTER + COLUMN * names.indexOf(name) + 60 };
}

function drawLifeline(name: string, x: number, height: number): Markup {
  const room = Math.min(name.length * SIGN + 24, COLUMN - 20);
  return markup`<line class="life" x1="${x}" x2="${x}" y1="32" y2="${height - 4}"/><rect class="actor" x="${x - room / 2}" y="8" width="${room}" height="24" rx="4"/><text class="name" x="${x}" y="24">${cut(name, 40)}</text>
`;
}

function drawStep(step: ReportedStep, actors: Actors, width: number): Drawn[] {
  if (step.actor === 'clock') return [drawBand(step, width), ...drawWrong(step, actors, KLARNA)];
  if (step.actor === 'sandbox') return [drawEvent(step, actors), ...drawWrong(step, actors, KLARNA)];
  const caller = step.actor === 'shopper' ? SHOPPER : shopOf(step);
  return [
    ...drawCall(step, actors, caller),
    ...paidNotes(step).map((note) => drawNote(note, 'tokenized', actors)),
    ...drawWrong(step, actors, caller),
  ];
}

/** Asks and answers between a caller and Klarna. */
function drawCall(step: ReportedStep, actors: Actors, caller: string): Drawn[] {
  const from = actors.at(caller);
  const to = actors.at(KLARNA);
  const about = `${step.number}. ${step.title ?? step.deed}`;
  const call = arrow({ from, to, kind: 'call', label: `${step.number}  ${askedFor(step)}`, about });
  const { answer } = step;
  if (!answer) return [call, lost(from, to, step.trouble ?? 'no answer, as expected')];
  const kind = answer.status >= 400 ? 'refusal' : 'answer';
  const back = arrow({ from: to, to: from, kind, label: answered(step), about });
  const { explanation } = answer;
  return explanation === undefined ? [call, back] : [call, back, drawNote(explanation, 'why', actors, caller)];
}

/** The clock moves, for everybody. */
function drawBand(step: ReportedStep, width: number): Drawn {
  const text = `${step.number}  ${step.deed}`;
  return {
    height: ROW + 12,
    draw: (y) =>
      markup`<g class="band"><title>${step.title ?? step.deed}</title><rect x="${GUTTER - 8}" y="${y + 6}" width="${width - GUTTER}" height="${ROW}" rx="3"/><text x="${(width + GUTTER) / 2 - 8}" y="${y + 22}">${cut(text, 80)}</text></g>
`,
  };
}

/** Something that the control API makes happen at Klarna. */
function drawEvent(step: ReportedStep, actors: Actors): Drawn {
  const who = step.as === undefined ? '' : `  (${step.as})`;
  const what = answered(step) || (step.trouble ?? 'no answer, as expected');
  return drawNote(`${step.number}  ${step.operation}${who}  ${what}`, 'event', actors);
}

/** Says beside a step that it failed. */
function drawWrong({ complaints }: ReportedStep, actors: Actors, caller: string): Drawn[] {
  const [first] = complaints;
  if (first === undefined) return [];
  return [drawNote(`not as expected: ${first}`, 'wrong', actors, caller === KLARNA ? undefined : caller)];
}
