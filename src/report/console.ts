import { printable, unprintable } from './text.js';

/** An exchange as the console shows it. */
export interface ConsoleEntry {
  method: string;
  path: string;
  status: number;
  /** Wall time from request to answer, in milliseconds. */
  ms: number;
  /** Rule and sentence, for answers that have one. */
  explanation?: string;
  /** A remark for the person at the console. */
  warning?: string;
}

/** The longest path on the console; the journal has all of it. */
const PATH_LIMIT = 200;

/** Returns an exchange as one line for people: method, path, status, time, explanation. */
export function consoleLine({ method, path, status, ms, explanation, warning }: ConsoleEntry): string {
  const shown = path.length > PATH_LIMIT ? `${path.slice(0, PATH_LIMIT)}...` : path;
  const line = [`${method} ${shown} ${status} ${ms.toFixed(1)} ms`, explanation, warning && `warning: ${warning}`];
  return printable(line.filter((part) => part !== undefined).join('  '));
}

/** Returns an exchange as one line of JSON, for programs. */
export function consoleJson({ method, path, status, ms, explanation, warning }: ConsoleEntry): string {
  const line = JSON.stringify({ method, path, status, ms: Math.round(ms * 10) / 10, explanation, warning });
  return line.replace(unprintable, (character) =>
    Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
