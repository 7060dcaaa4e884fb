import { isFields } from '../replay/words.js';

/** Fields, and parameters of paths, whose ids open something: with them purchases are made and tokens charged. */
const OPENING = new Set(['authorization_token', 'token_id', 'customer_token', 'authorizationToken', 'customerToken']);

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** What stands where a token for the browser stood. */
const HIDDEN = 'redacted';

/** Puts ids of no use in the place of authorization tokens and customer tokens: the same for the same, wherever it stands. */
export class TokenHider {
  readonly #others = new Map<string, string>();

  /** Notes the tokens of a value. */
  learn(value: unknown, field = ''): void {
    if (Array.isArray(value)) for (const element of value) this.learn(element, field);
    else if (isFields(value)) for (const [name, inner] of Object.entries(value)) this.learn(inner, name);
    else if (typeof value === 'string' && OPENING.has(field)) {
      for (const [id] of value.matchAll(UUID)) this.#otherOf(id.toLowerCase());
    }
  }

  #otherOf(id: string): string {
    const known = this.#others.get(id);
    if (known !== undefined) return known;
    const other = `00000000-0000-4000-8000-${String(this.#others.size + 1).padStart(12, '0')}`;
    this.#others.set(id, other);
    return other;
  }

  /** A value without the tokens that were noted. */
  hide<T>(value: T, field = ''): T {
    return this.#hide(value, field) as T;
  }

  #hide(value: unknown, field: string): unknown {
    if (Array.isArray(value)) return value.map((element) => this.#hide(element, field));
    if (isFields(value)) {
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, this.#hide(inner, name)]));
    }
    if (typeof value !== 'string') return value;
    if (field === 'client_token') return HIDDEN;
    return value.replace(UUID, (id) => this.#others.get(id.toLowerCase()) ?? id);
  }
}
