const CAN_HAVE_FOCUS = 'a[href], button:not(:disabled), input:not(:disabled), summary, [tabindex="0"]';

/** Returns the position to go to from the end of a row of controls; undefined where the browser's own step is right. */
export function wrapFocus(count: number, from: number, backwards: boolean): number | undefined {
  if (count === 0) return undefined;
  if (backwards) return from <= 0 ? count - 1 : undefined;
  return from < 0 || from === count - 1 ? 0 : undefined;
}

/** Returns the controls that Tab goes through: of radio buttons that belong together, the checked one. */
function stopsIn(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(CAN_HAVE_FOCUS)].filter(
    (control) => !(control instanceof HTMLInputElement && control.type === 'radio' && !control.checked),
  );
}

/** Keeps the focus within an element: Tab at its last control leads to its first one, and back. */
export function keepFocusIn(root: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== 'Tab' || event.altKey || event.ctrlKey || event.metaKey) return;
  const stops = stopsIn(root);
  const from = stops.indexOf(document.activeElement as HTMLElement);
  // Within the row, and on a heading that a step has focused, the browser knows the way.
  if (from < 0 && document.activeElement !== document.body && !event.shiftKey) return;
  const to = wrapFocus(stops.length, from, event.shiftKey);
  if (to === undefined) return;
  event.preventDefault();
  stops[to]?.focus();
}
