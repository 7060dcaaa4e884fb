import { isFields } from '../../exchange/fields.js';
import { UUIDS } from '../../exchange/uuids.js';
import { escapeDollar } from '../../scenario/matchers.js';
import { extend } from '../../scenario/paths.js';

/** Names of variables by the fields of ids. */
const names: Readonly<Record<string, string>> = {
  session_id: 'session',
  authorization_token: 'authorization',
  token_id: 'token',
  order_id: 'order',
  step_up_id: 'step_up',
};

interface Id {
  /** Index of the step whose answer gave it first. */
  step: number;
  path: string;
  field: string;
  /** The variable that it is kept as, once a later step uses it. */
  name?: string;
}

/** The ids in answers: those that later steps use become variables. */
export class Ids {
  readonly #ids = new Map<string, Id>();
  /** The number of variables by name, apart from their suffix. */
  readonly #named = new Map<string, number>();

  /** Notes the ids of the answer to a step. */
  learn(answer: unknown, step: number, path = '$.body', field = 'id'): void {
    if (typeof answer === 'string') {
      if (answer.replace(UUIDS, '') === '' && answer !== '' && !this.#ids.has(answer)) {
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

  /** Tells if an earlier answer gave an id. */
  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Returns a text for a scenario: known ids as variables, everything else escaped. */
  write(text: string): string {
    let done = 0;
    let written = '';
    for (const { 0: found, index } of text.matchAll(UUIDS)) {
      const id = this.#ids.get(found);
      if (!id) continue;
      written += `${escapeDollar(text.slice(done, index))}\${${this.#nameOf(id)}}`;
      done = index + found.length;
    }
    return written + escapeDollar(text.slice(done));
  }

  /** Returns the variables that a step has to keep: paths into its answer by name. */
  variablesAt(step: number): Record<string, string> {
    const variables = [...this.#ids.values()].flatMap((id) =>
      id.step === step && id.name ? [[id.name, id.path]] : [],
    );
    return Object.fromEntries(variables);
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
