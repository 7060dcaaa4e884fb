/** Guesses from the words and signs of a YAML text, one after the other, how deep it is nested where it has come to. */
export class Nesting {
  /** Brackets and braces that are open. */
  #flow = 0;
  /** Indentations of the lines around, each deeper than the one before. */
  readonly #indents: number[] = [];
  /** Signs in this line that open a block inside a block: `- - a`, `? ? a`. */
  #signs = 0;
  #atStart = true;

  get depth(): number {
    return this.#flow + this.#indents.length + this.#signs;
  }

  take(token: string): void {
    if (token === '\n' || token === '\r\n') this.#atStart = true;
    else if (this.#atStart) {
      this.#atStart = false;
      this.#signs = 0;
      this.#indent(/^ +$/.test(token) ? token.length : 0);
    }
    if (token === '[' || token === '{') this.#flow++;
    else if (token === ']' || token === '}') this.#flow = Math.max(0, this.#flow - 1);
    else if (this.#flow === 0 && (token === '-' || token === '?' || token === ':')) this.#signs++;
  }

  #indent(columns: number): void {
    while ((this.#indents.at(-1) ?? -1) > columns) this.#indents.pop();
    if ((this.#indents.at(-1) ?? -1) < columns) this.#indents.push(columns);
  }
}
