import { Lexer } from 'yaml';

/** Estimates how deep a YAML text is nested, from its tokens, one after the other. */
export class Nesting {
  /** Number of open brackets and braces. */
  #flow = 0;
  /** Indentations of the enclosing lines, each deeper than the one before. */
  readonly #indents: number[] = [];
  /** Number of signs in this line that open a block inside a block: `- - a`, `? ? a`. */
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

/** Tells if a YAML text, or JSON, nests so deep that its parser, which calls itself for each level, could run out of stack. */
export function nestsDeeper(text: string, depth: number): boolean {
  const nesting = new Nesting();
  for (const token of new Lexer().lex(text)) {
    nesting.take(token);
    if (nesting.depth > depth) return true;
  }
  return false;
}
