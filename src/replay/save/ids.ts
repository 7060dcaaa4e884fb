import { isFields } from '../../exchange/fields.js';
import { escapeDollar } from '../../scenario/matchers.js';
import { extend } from '../../scenario/paths.js';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Names of variables for the fields that ids come in. */
const names: Readonly<Record<string, string>> = {
  session_id: 'session',
  authorization_token: 'authorization',
  token_id: 'token',
  order_id: 'order',
  step_up_id: 'step_up',
};

interface Id {
  /** The answer that gave it first, by the place of its step, and where in it. */
  step: number;
  path: string;
  field: string;
  /** The variable that it is kept as, once something names it. */
  name?: string;
}

/** The ids that answers gave: what later steps name of them becomes a variable. */
export class Ids {
  readonly #ids = new Map<string, Id>();
  /** How many variables have a name, apart from their number. */
  readonly #named = new Map<string, number>();

  /** Notes the ids of the answer to a step. */
  learn(answer: unknown, step: number, path = '$.body', field = 'id'): void {
    if (typeof answer === 'string') {
      if (answer.replace(UUID, '') === '' && answer !== '' && !this.#ids.has(answer)) {
        this.#ids.set(answer, { step, path, field });
      }
    } else if (Array.isArray(answer)) {
      for (const [index, inner] of answer.entries()) this.learn(inner, step, extend(path, index), field);
    } else if (isFields(answer)) {
      for (const [name, inner] of Object.entries(answer)) {
        if (name !== 'correlation_id') this.learn(inner, step, extend(path, name), name);
      }
    }
  }

  /** Whether an earlier answer gave it. */
  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** A text for a scenario: known ids as variables, the rest as it stands. */
  write(text: string): string {
    let done = 0;
    let written = '';
    for (const { 0: found, index } of text.matchAll(UUID)) {
      const id = this.#ids.get(found);
      if (!id) continue;
      written += `${escapeDollar(text.slice(done, index))}\${${this.#nameOf(id)}}`;
      done = index + found.length;
    }
    return written + escapeDollar(text.slice(done));
  }

  /** What a step has to keep: paths into its answer by the names of variables. */
  keptBy(step: number): Record<string, string> {
    const kept = [...this.#ids.values()].flatMap((id) => (id.step === step && id.name ? [[id.name, id.path]] : []));
    return Object.fromEntries(kept);
  }

  #nameOf(id: Id): string {
    if (id.name === undefined) {
      const base = names[id.field] ?? 'id';
      const count = (this.#named.get(base) ?? 0) + 1;
      this.#named.set(base, count);
      id.name = count === 1 ? base : `${base}_${count}`;
    }
    return id.name;
  }
}
