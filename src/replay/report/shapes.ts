import { type Markup, markup } from '../../report/markup.js';
import { cut } from '../../report/text.js';
import { readable } from './gist.js';

/** Measures of the picture, in its own units. */
export const GUTTER = 128;
export const COLUMN = 300;
export const HEAD = 44;
export const ROW = 24;
/** About as wide as a sign of the font. */
export const SIGN = 6.6;
/** The same for what is bold. */
const BOLD = 7.1;

export interface Actors {
  /** Names, from left to right. */
  names: string[];
  at(name: string): number;
}

/** A part of the picture, and the room it takes from top to bottom. */
export interface Drawn {
  height: number;
  draw(y: number): Markup;
}

export const SHOP = 'shop';
export const KLARNA = 'Klarna';
export const SHOPPER = 'shopper';

export interface Arrow {
  from: number;
  to: number;
  kind: string;
  label: string;
  about: string;
}

export function arrow({ from, to, kind, label, about }: Arrow): Drawn {
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

/** An answer that never came: a line that ends on its way back. */
export function lost(from: number, to: number, why: string): Drawn {
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

/** A box at Klarna's line; one that is for a caller begins at that one's line. */
export function drawNote(text: string, kind: string, actors: Actors, caller?: string): Drawn {
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

/** The time in the margin, beside the first part. */
export function withClock(clock: string, [first, ...rest]: Drawn[]): Drawn[] {
  const { height, draw } = first as Drawn;
  const time = (y: number) => markup`<text class="clock" x="4" y="${y + 16}">${readable(clock)}</text>${draw(y)}`;
  return [{ height, draw: time }, ...rest];
}
