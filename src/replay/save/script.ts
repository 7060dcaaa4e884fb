import type { Fields } from '../words.js';
import { type Call, headerOf, isRepeated } from './calls.js';

/** How long a saved answer is held back at most. */
const LONGEST_DELAY = 'PT1S';

/** Rules that answer before a scenario is asked. */
const before = new Set(['credentials', 'readable-json', 'content-type', 'body-size']);

interface Outcome {
  on: string;
  from: number;
  to: number;
  what: Fields;
}

/** Gathers what a scenario did to the calls of a journal, as outcomes of one. */
export class Script {
  readonly #counts = new Map<string, number>();
  readonly #keys = new Set<string>();
  readonly #outcomes: Outcome[] = [];
  /** How many answers were held back longer than they will be. */
  shortened = 0;

  /** Counts a call as the scenario will, and lets happen to it what happened. */
  take({ exchange, operation }: Call): void {
    const { explanation, scripted } = exchange;
    if (operation.api === 'sandbox' || before.has(explanation?.rule ?? '')) return;
    const key = `${operation.name} ${operation.idempotent ? headerOf(exchange, 'klarna-idempotency-key') : undefined}`;
    if (isRepeated(exchange) && this.#keys.has(key)) return;
    this.#keys.add(key);
    const call = (this.#counts.get(operation.name) ?? 0) + 1;
    this.#counts.set(operation.name, call);
    // A replay is not held to the limits of the one who called too fast.
    const what =
      explanation?.rule === 'rate-limit' ? { fault: { status: 429 } } : this.#brief(scripted as Fields | undefined);
    if (what) this.#add(operation.name, call, what);
  }

  /** The outcomes of a scenario file. */
  written(): Fields[] {
    return this.#outcomes.map(({ on, from, to, what }) => ({
      on,
      calls: from === to ? from : `${from}..${to}`,
      ...what,
    }));
  }

  #add(on: string, call: number, what: Fields): void {
    const last = this.#outcomes.findLast((outcome) => outcome.on === on);
    if (last?.to === call - 1 && JSON.stringify(last.what) === JSON.stringify(what)) last.to = call;
    else this.#outcomes.push({ on, from: call, to: call, what });
  }

  #brief(what: Fields | undefined): Fields | undefined {
    const fault = what?.fault as { delay?: string } | undefined;
    if (fault?.delay === undefined || Number(fault.delay.slice(2, -1)) <= Number(LONGEST_DELAY.slice(2, -1)))
      return what;
    this.shortened++;
    return { fault: { ...fault, delay: LONGEST_DELAY } };
  }
}
