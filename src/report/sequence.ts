import { type Markup, markup } from './markup.js';
import type { PlacedCallback, ReportedScenario, ReportedStep } from './replay.js';
import {
  paymentLines,
  readableInstant,
  summarizeAnswer,
  summarizeDelivery,
  summarizeRequest,
} from './replay-summary.js';
import { cut } from './text.js';

/** Measures of the picture, in units of its view box. */
const GUTTER = 150;
const COLUMN = 300;
const HEAD = 44;
const ROW = 24;
/** Width of a character of the font, about. */
const SIGN = 6.6;
/** The same for bold text. */
const BOLD = 7.1;

interface Actors {
  /** Names, from left to right. */
  names: string[];
  at(name: string): number;
}

/** A part of the picture and its height. */
interface Drawn {
  height: number;
  draw(y: number): Markup;
}

const SHOP = 'shop';
const KLARNA = 'Klarna';
const SHOPPER = 'shopper';

interface Arrow {
  from: number;
  to: number;
  kind: string;
  label: string;
  about: string;
}

function arrow({ from, to, kind, label, about }: Arrow): Drawn {
  const tip = from < to ? -7 : 7;
  const text = cut(label, Math.floor((Math.abs(to - from) - 16) / SIGN));
  return {
    height: ROW + 4,
    draw: (y) => {
      const line = y + 22;
      return markup`<g class="${kind}"><title>${about}</title><text x="${(from + to) / 2}" y="${line - 5}">${text}</text><line x1="${from}" x2="${to}" y1="${line}" y2="${line}"/><path d="M${to} ${line}l${tip} -4v8z"/></g>
`;
    },
  };
}

/** Draws an answer that never came: a line that ends on its way back. */
function lost(from: number, to: number, why: string): Drawn {
  const end = (from + to) / 2;
  const text = cut(why, Math.floor((Math.abs(to - from) - 16) / SIGN));
  return {
    height: ROW + 10,
    draw: (y) => {
      const line = y + 22;
      return markup`<g class="lost"><text x="${end}" y="${line - 7}">${text}</text><line x1="${to}" x2="${end}" y1="${line}" y2="${line}"/><path d="M${end - 5} ${line - 5}l10 10m0 -10l-10 10"/></g>
`;
    },
  };
}

/** Draws a box at Klarna's line, or beginning at the line of a caller. */
function drawNote(text: string, kind: string, actors: Actors, caller?: string): Drawn {
  const shown = cut(text, Math.floor((COLUMN * 1.7) / BOLD));
  const room = shown.length * BOLD + 16;
  const at = actors.at(caller ?? KLARNA);
  const x = caller === undefined ? at - room / 2 : caller === SHOPPER ? at - room : at;
  return {
    height: ROW + 4,
    draw: (y) =>
      markup`<g class="${kind}"><title>${text}</title><rect x="${x}" y="${y + 5}" width="${room}" height="20" rx="3"/><text x="${x + room / 2}" y="${y + 19}">${shown}</text></g>
`,
  };
}

/** Makes parts lead to a step. Only its request is reached by the keyboard, lest each step take several stops. */
const linked = (href: string, parts: readonly Drawn[], request: Drawn): Drawn[] =>
  parts.map((part) => ({
    height: part.height,
    draw: (y) => markup`<a href="${href}"${part !== request && markup` tabindex="-1"`}>${part.draw(y)}</a>`,
  }));

/** Adds the time in the margin, beside the first part. */
function withClock(clock: string, [first, ...rest]: Drawn[]): Drawn[] {
  const { height, draw } = first as Drawn;
  const time = (y: number) =>
    markup`<text class="clock" x="4" y="${y + 16}">${readableInstant(clock)}</text>${draw(y)}`;
  return [{ height, draw: time }, ...rest];
}

/** The most attempts that are drawn behind one step. */
const MOST_ATTEMPTS = 4;

/** Draws the callbacks behind a step, each with its time where that differs from the time of the step. */
function drawCallbacks(attempts: readonly PlacedCallback[], actors: Actors, clock: string | undefined): Drawn[] {
  let shown = clock;
  const drawn = attempts.slice(0, MOST_ATTEMPTS).flatMap((attempt) => {
    const parts = drawAttempt(attempt, actors);
    if (attempt.at === shown) return parts;
    shown = attempt.at;
    return withClock(attempt.at, parts);
  });
  const more = attempts.length - MOST_ATTEMPTS;
  if (more <= 0) return drawn;
  return [...drawn, drawNote(`${more} more ${more === 1 ? 'attempt' : 'attempts'}`, 'why', actors)];
}

function drawAttempt(attempt: PlacedCallback, actors: Actors): Drawn[] {
  const { on, url, attempt: number, result } = attempt;
  const [from, to] = [actors.at(KLARNA), actors.at(SHOP)];
  const label = `${on} callback${number === 1 ? '' : `, attempt ${number}`}`;
  const how = summarizeDelivery(attempt);
  const where = drawNote(`${url}  ${how}`, 'why', actors, SHOP);
  // A callback that was not sent ends on its way.
  if (result.refused !== undefined || result.dropped) return [lost(to, from, label), where];
  const sent = arrow({ from, to, kind: 'callback', label, about: url });
  if (result.error !== undefined) return [sent, lost(from, to, how), where];
  const kind = attempt.unexpected || Number(result.status) >= 300 ? 'refusal' : 'answer';
  return [sent, arrow({ from: to, to: from, kind, label: how, about: url }), drawNote(url, 'why', actors, SHOP)];
}

/**
 * Draws the sequence diagram of a scenario as SVG: shops on the left, Klarna, the shopper on the right; time goes down, and stands in
 * the margin where the clock was moved.
 * @param idOf returns the id of a step's place on the page, to which its arrows lead
 */
export function drawSequence(scenario: ReportedScenario, idOf: (number: number) => string): Markup {
  const actors = findActors(scenario);
  const width = GUTTER + COLUMN * actors.names.length - COLUMN / 2;
  let shownClock: string | undefined;
  const parts = scenario.steps.flatMap((step) => {
    const [first, ...rest] = drawStep(step, actors, width) as [Drawn, ...Drawn[]];
    const own = scenario.callbacks.filter(({ after }) => after === step.number);
    const early = own.filter((attempt) => attempt.before_the_answer);
    const late = own.filter((attempt) => !attempt.before_the_answer);
    const draw = (attempts: typeof own) => drawCallbacks(attempts, actors, step.clock);
    const all = [first, ...draw(early), ...rest, ...draw(late)];
    const drawn = linked(`#${idOf(step.number)}`, all, first);
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
  return markup`<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-label="${label}">
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
    ...paymentLines(step).map((note) => drawNote(note, 'tokenized', actors)),
    ...drawWrong(step, actors, caller),
  ];
}

/** Draws the request and the answer between a caller and Klarna. */
function drawCall(step: ReportedStep, actors: Actors, caller: string): Drawn[] {
  const from = actors.at(caller);
  const to = actors.at(KLARNA);
  const about = `${step.number}. ${step.title ?? step.action}`;
  const call = arrow({ from, to, kind: 'call', label: `${step.number}  ${summarizeRequest(step)}`, about });
  const { answer } = step;
  if (!answer) return [call, lost(from, to, step.trouble ?? 'no answer, as expected')];
  const kind = answer.status >= 400 ? 'refusal' : 'answer';
  const back = arrow({ from: to, to: from, kind, label: summarizeAnswer(step), about });
  const { explanation } = answer;
  return explanation === undefined ? [call, back] : [call, back, drawNote(explanation, 'why', actors, caller)];
}

/** Draws a move of the clock, across all lines. */
function drawBand(step: ReportedStep, width: number): Drawn {
  const text = `${step.number}  ${step.action}`;
  return {
    height: ROW + 12,
    draw: (y) =>
      markup`<g class="band"><title>${step.title ?? step.action}</title><rect x="${GUTTER - 8}" y="${y + 6}" width="${width - GUTTER}" height="${ROW}" rx="3"/><text x="${(width + GUTTER) / 2 - 8}" y="${y + 22}">${cut(text, 80)}</text></g>
`,
  };
}

/** Draws an event at Klarna that the control API brings about. */
function drawEvent(step: ReportedStep, actors: Actors): Drawn {
  const who = step.as === undefined ? '' : `  (${step.as})`;
  const what = summarizeAnswer(step) || (step.trouble ?? 'no answer, as expected');
  return drawNote(`${step.number}  ${step.operation}${who}  ${what}`, 'event', actors);
}

/** Draws the first complaint beside a step that failed. */
function drawWrong({ complaints }: ReportedStep, actors: Actors, caller: string): Drawn[] {
  const [first] = complaints;
  if (first === undefined) return [];
  return [drawNote(`not as expected: ${first}`, 'wrong', actors, caller === KLARNA ? undefined : caller)];
}
