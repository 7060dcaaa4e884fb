import type { CallbackAttempt } from '../exchange/exchange.js';
import { printable, unprintable } from './text.js';

/** An exchange as the console shows it. */
export interface ConsoleExchange {
  /** Its number in the merchant's journal; absent where that does not have it. */
  exchange?: number;
  /** The merchant that called; absent where the credentials are nobody's. */
  merchant?: string;
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

/** An attempt to send a callback as the console shows it: without its body. */
export interface ConsoleCallback {
  merchant: string;
  callback: Omit<CallbackAttempt, 'body'>;
}

/** An exchange or a callback attempt: each gets one line of the console. */
export type ConsoleEntry = ConsoleExchange | ConsoleCallback;

/** The longest path, and the longest name of a merchant, on the console; the journal has all of it. */
const PATH_LIMIT = 200;
const NAME_LIMIT = 60;

const begin = (text: string, limit: number): string => (text.length > limit ? `${text.slice(0, limit)}...` : text);

/** Returns an exchange or a callback as one line for people. */
export function consoleLine(entry: ConsoleEntry): string {
  return printable('callback' in entry ? callbackLine(entry) : exchangeLine(entry));
}

/** Returns number and merchant, method, path, status, time and explanation: `#12 shop  GET /orders/1 200 1.3 ms`. */
function exchangeLine({ exchange, merchant, method, path, status, ms, explanation, warning }: ConsoleExchange): string {
  let line = merchant === undefined ? '' : `${begin(merchant, NAME_LIMIT)}  `;
  if (exchange !== undefined) line = `#${exchange} ${line}`;
  line += `${method} ${begin(path, PATH_LIMIT)} ${status} ${ms.toFixed(1)} ms`;
  if (explanation !== undefined) line += `  ${explanation}`;
  return warning === undefined ? line : `${line}  warning: ${warning}`;
}

/** Returns merchant, address, kind and result: `shop  callback → POST http://127.0.0.1:3000/push push 200`. */
function callbackLine({ merchant, callback }: ConsoleCallback): string {
  const { on, url, attempt, unexpected } = callback;
  const parts = [
    begin(merchant, NAME_LIMIT),
    `callback → POST ${begin(url, PATH_LIMIT)} ${on} ${resultOf(callback)}`,
    attempt > 1 && `attempt ${attempt}`,
    unexpected && 'the scenario expects another answer',
  ];
  return parts.filter(Boolean).join('  ');
}

/** Returns the result of an attempt in words. */
export function resultOf({ result }: Pick<CallbackAttempt, 'result'>): string {
  const { status, error, refused } = result;
  if (status !== undefined) return String(status);
  return error === undefined ? `not sent: ${refused ?? 'the scenario loses it on the way'}` : `failed: ${error}`;
}

/** Returns an exchange or a callback as one line of JSON, for programs. */
export const consoleJson = (entry: ConsoleEntry): string => jsonLine('callback' in entry ? entry : fieldsOf(entry));

/** Returns a value as one line of JSON that is safe on a terminal. */
export const jsonLine = (value: object): string =>
  JSON.stringify(value).replace(unprintable, (character) =>
    Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );

/** Returns the fields of an exchange in the order of its line. */
const fieldsOf = ({ exchange, merchant, method, path, status, ms, explanation, warning }: ConsoleExchange) => ({
  exchange,
  merchant,
  method,
  path,
  status,
  ms: Math.round(ms * 10) / 10,
  explanation,
  warning,
});
