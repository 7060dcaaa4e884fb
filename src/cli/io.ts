/** What a command may touch of the process around it. */
export interface Io {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
  /** Calls back when the user, or whoever started the program, wants it to end. */
  onSignal(stop: () => void): void;
}
