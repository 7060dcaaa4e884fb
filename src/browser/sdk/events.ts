import type { Mistake } from './errors.js';

const NAMES = ['heightChanged', 'fullscreenOverlayShown', 'fullscreenOverlayHidden'] as const;

export type EventName = (typeof NAMES)[number];

type Handler = (detail?: number) => void;

export function checkEvent(event: unknown): Mistake | undefined {
  if (NAMES.includes(event as EventName)) return undefined;
  return { name: 'EventNotSupportedError', given: String(event), advice: `the events are ${NAMES.join(', ')}` };
}

/** The handlers of the events of one namespace. */
export class Events {
  readonly #handlers = new Map<unknown, Set<Handler>>();

  /** Adds a handler to a known event; one that is no function is left out. */
  on(event: EventName, handler: unknown): void {
    if (typeof handler !== 'function') return;
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers.add(handler as Handler));
  }

  /** Removes a handler; without one, all of the event. It never throws. */
  off(event: unknown, handler: unknown): void {
    if (handler === undefined) this.#handlers.delete(event);
    else this.#handlers.get(event)?.delete(handler as Handler);
  }

  /** Calls the handlers of an event one by one; what one throws the others do not notice. */
  emit(event: EventName, detail?: number): void {
    for (const handler of this.#handlers.get(event) ?? []) {
      queueMicrotask(() => (detail === undefined ? handler() : handler(detail)));
    }
  }
}
