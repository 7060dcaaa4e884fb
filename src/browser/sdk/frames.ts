/** Makes a frame with one word for its id and its name. It is styled by rules, which no content security policy forbids. */
export function makeFrame(id: string, title: string, style: Partial<CSSStyleDeclaration>): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.id = id;
  frame.name = id;
  frame.title = title;
  Object.assign(frame.style, { border: '0', width: '100%', colorScheme: 'light dark' }, style);
  return frame;
}

/** Lays a frame over the whole page. */
export const OVERLAY: Partial<CSSStyleDeclaration> = {
  position: 'fixed',
  top: '0',
  left: '0',
  width: '100%',
  height: '100%',
  zIndex: '2147483647',
};

/** The titles of the frames, for people. */
export const TITLE = 'Klarna Payments (sandbox)';
