import type { Mistake } from './errors.js';

/** Finds the element that the options name as container; returns the mistake where there is none. */
export function findContainer(container: unknown): HTMLElement | Mistake {
  if (container instanceof HTMLElement) return container;
  if (typeof container !== 'string') {
    return {
      name: 'TypeError',
      advice: `options.container is ${container === undefined ? 'missing' : 'neither of both'}; of a jQuery object give the first element`,
    };
  }
  let found: Element | null = null;
  try {
    found = document.querySelector(container);
  } catch {
    // A selector that cannot be read finds nothing.
  }
  if (found instanceof HTMLElement) return found;
  return {
    name: 'InvalidContainerSelectorError',
    advice: `“${container}” finds no element at this moment; call when it is in the page, an id with # before it`,
  };
}
