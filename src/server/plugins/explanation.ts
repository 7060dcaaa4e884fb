import type { RuleId } from '../../klarna/catalogue/rules.js';
import { escapeCharacter, printable, unprintable } from '../../report/text.js';

/** The longest `Mock-Klarna-Explain`, in bytes. */
export const EXPLAIN_LIMIT = 1024;

const CUT = '...';

/** `rule-id: text` for a header: one line of printable ASCII, the rest as `\u{…}`, at most 1024 bytes. */
export function explainHeader(rule: RuleId, text: string): string {
  const line = `${rule}: ${text}`;
  if (line.length <= EXPLAIN_LIMIT && /^[\x20-\x7e]*$/.test(line)) return line;
  let escaped = '';
  // Where to cut, should the line turn out too long.
  let cut = 0;
  for (const character of line) {
    const code = character.codePointAt(0) as number;
    const next = code >= 0x20 && code <= 0x7e ? character : escapeCharacter(character);
    if (escaped.length + next.length > EXPLAIN_LIMIT) return escaped.slice(0, cut) + CUT;
    escaped += next;
    if (escaped.length <= EXPLAIN_LIMIT - CUT.length) cut = escaped.length;
  }
  return escaped;
}

/** One exchange, as the console tells it. */
export interface ConsoleEntry {
  method: string;
  path: string;
  status: number;
  /** Wall time from request to answer, in milliseconds. */
  ms: number;
  /** Rule and sentence, for answers that have one. */
  explanation?: string;
  /** What the person at the console should see to. */
  warning?: string;
}

/** The longest path on the console; the journal has all of it. */
const PATH_LIMIT = 200;

/** One line for people: method, path, status, time, explanation. */
export function consoleLine({ method, path, status, ms, explanation, warning }: ConsoleEntry): string {
  const shown = path.length > PATH_LIMIT ? path.slice(0, PATH_LIMIT) + CUT : path;
  const line = [`${method} ${shown} ${status} ${ms.toFixed(1)} ms`, explanation, warning && `warning: ${warning}`];
  return printable(line.filter((part) => part !== undefined).join('  '));
}

/** The same as one line of JSON, for programs. */
export function consoleJson({ method, path, status, ms, explanation, warning }: ConsoleEntry): string {
  const line = JSON.stringify({ method, path, status, ms: Math.round(ms * 10) / 10, explanation, warning });
  return line.replace(unprintable, (character) =>
    Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
