/** Where a command writes; a terminal can have a line that changes. */
export interface Screen {
  write(text: string): unknown;
  isTTY?: boolean;
}

const CLEAR = '\r\x1b[2K';

/** Lines of output above a line that says how far it has come: on a terminal only. */
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

  /** Says how far it has come; nothing at the end. */
  show(line: string): void {
    this.#line = line;
    if (this.#screen.isTTY) this.#screen.write(`${CLEAR}${line}`);
  }
}
