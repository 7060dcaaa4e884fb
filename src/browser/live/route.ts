/** The views of the page, in the order of their tabs. */
export const VIEWS = ['journal', 'purchases', 'callbacks', 'clock', 'scenario', 'report'] as const;
export type View = (typeof VIEWS)[number];

/** A view of the page, and the item that is opened in it. */
export interface Route {
  view: View;
  /** Number of an exchange, or id of a purchase. */
  open?: string;
}

/** Reads the fragment of an address: `#journal/12`. What is no view leads to the journal. */
export function readRoute(fragment: string): Route {
  const [name = '', ...rest] = fragment.replace(/^#/, '').split('/');
  const view = VIEWS.find((each) => each === name);
  const open = rest.join('/');
  if (!view) return { view: 'journal' };
  return open === '' ? { view } : { view, open: decode(open) };
}

export const writeRoute = ({ view, open }: Route): string =>
  open === undefined ? `#${view}` : `#${view}/${encodeURIComponent(open)}`;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
