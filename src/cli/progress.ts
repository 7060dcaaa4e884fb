/** The output of a command. On a terminal (`isTTY`) a line can be replaced. */
export interface Screen {
  write(text: string): unknown;
  isTTY?: boolean;
}

const CLEAR = '\r\x1b[2K';

/** Lines of output, on a terminal with a line of progress below them. */
export class Progress {
  readonly #screen: Screen;
  #line = '';

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Writes a line that stays. */
  say(text: string): void {
    this.#screen.write(this.#screen.isTTY ? `${CLEAR}${text}\n${this.#line}` : `${text}\n`);
  }

  /** Replaces the line of progress; an empty text removes it at the end. */
  show(line: string): void {
    this.#line = line;
    if (this.#screen.isTTY) this.#screen.write(`${CLEAR}${line}`);
  }
}
