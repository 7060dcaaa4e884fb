import type { components } from '../../contract/generated/sandbox.js';

/** The data of each kind of event, by its name. */
export type EventData = Required<components['schemas']['events']>;

/** The kinds of events that happen in a merchant's world; the others are about the stream itself. */
export type EventName = Exclude<keyof EventData, 'dropped' | 'end'>;

/** Something that happened in a merchant's world. */
export type WorldEvent = { [Name in EventName]: { event: Name; data: EventData[Name] } }[EventName];

/** Tells what happened. The event is made only when somebody listens. */
export type Tell = (make: () => WorldEvent) => void;

type Listener = (event: WorldEvent) => void;

/** What happens in the worlds of merchants, told to those who follow them at this moment. Nothing is kept. */
export class Events {
  /** Listeners by merchant; only merchants that somebody follows are in it. */
  readonly #followed = new Map<string, Set<Listener>>();

  /** Tells those who follow a merchant what happened. */
  tell(merchant: string, make: () => WorldEvent): void {
    const listeners = this.#followed.get(merchant);
    if (!listeners) return;
    const event = make();
    for (const listener of listeners) listener(event);
  }

  /**
   * Calls a listener with everything that happens in a merchant's world from now on.
   * @returns what ends that
   */
  follow(merchant: string, listener: Listener): () => void {
    const listeners = this.#followed.get(merchant) ?? new Set();
    this.#followed.set(merchant, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#followed.get(merchant) === listeners) this.#followed.delete(merchant);
    };
  }

  /** Number of merchants that are followed. */
  get size(): number {
    return this.#followed.size;
  }
}
