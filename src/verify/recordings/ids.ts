import { isFields } from '../../replay/words.js';
import type { Compared } from './compare.js';
import { headerOf } from './message.js';

/** Fields that hold an id which later requests name. */
const ID_FIELD = /^(session_id|authorization_token|token_id|order_id|capture_id|refund_id|step_up_id|customer_token)$/;

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Headers that do. */
const ID_HEADERS = ['capture-id', 'refund-id'];

/** The ids of a recording, and what the sandbox has in their place. */
export class Ids {
  readonly #own = new Map<string, string>();

  /** The sandbox's id in the place of a recorded one. */
  of(recorded: string): string | undefined {
    return this.#own.get(recorded);
  }

  set(recorded: string, own: string): void {
    this.#own.set(recorded, own);
  }

  /** Notes which id of the one answer is which of the other. */
  learn(recorded: Compared, own: Compared): void {
    for (const name of ID_HEADERS) {
      const [theirs, ours] = [headerOf(recorded.headers, name), headerOf(own.headers, name)];
      if (theirs !== undefined && ours !== undefined) this.set(theirs, ours);
    }
    this.#pair(recorded.body, own.body);
  }

  #pair(recorded: unknown, own: unknown): void {
    if (Array.isArray(recorded) && Array.isArray(own)) {
      for (const [at, element] of recorded.entries()) this.#pair(element, own[at]);
    } else if (isFields(recorded) && isFields(own)) {
      for (const [name, value] of Object.entries(recorded)) {
        const other = own[name];
        if (typeof value !== 'string' || typeof other !== 'string') this.#pair(value, other);
        else if (ID_FIELD.test(name)) this.set(value, other);
      }
    }
  }

  /** A body with the sandbox's ids in the place of recorded ones, also within texts. */
  translate(body: unknown): unknown {
    if (typeof body === 'string') return this.of(body) ?? body.replace(UUID, (id) => this.of(id) ?? id);
    if (Array.isArray(body)) return body.map((element) => this.translate(element));
    if (!isFields(body)) return body;
    return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, this.translate(value)]));
  }
}
