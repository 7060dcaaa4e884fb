/**
 * Draws something into an element's shadow root, in the place of what was in it. Its style is a sheet of the document's, which
 * a content security policy without `unsafe-inline` allows.
 */
export function drawInShadow(element: HTMLElement, style: string, ...content: Node[]): void {
  const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  root.replaceChildren(...content);
}
