// Judges one answer of a stand-in.
import { none } from './figures.js';

/** How long a request may wait for its answer before it counts as one that hangs, in milliseconds. */
export const PATIENCE = 10_000;

/** Errors of the client in undici's words that mean that it waited in vain. */
const SILENCE = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT']);

/** The rules of errors that somebody asked for: a scenario, or the control API for the charges of a customer token. */
const PLANTED = /^(?:scenario-fault|scenario-outcome|charge-declined): /;

/** A line of a stack trace: a function, or none, at a line and a column of a file. */
const STACK = /\bat (?:[^\n"]{1,200} \()?(?:file:|node:|\/)[^\s"()]{1,300}:\d+:\d+/;

/** Tells if somebody asked for this answer. */
export const isPlanted = ({ headers }) => PLANTED.test(headers['mock-klarna-explain'] ?? '');

function isBrokenJson({ headers, text }) {
  if (text === '' || !/^application\/json\b/.test(headers['content-type'] ?? '')) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}

/** The faults of an answer, in the words of the table. */
export const FAULTS = {
  internal: '5xx that nobody asked for',
  hang: 'requests that hang',
  cut: 'connections that broke',
  stack: 'stack traces in answers',
  json: 'answers that are no JSON',
};

/**
 * Returns what is wrong with an answer, as a name of `FAULTS`; nothing if it is as it may be.
 * @param {{ status: number, headers: Record<string, any>, text: string } | { error: any }} answer
 */
export function faultOf(answer) {
  if (answer.error) return SILENCE.has(answer.error.code) ? 'hang' : 'cut';
  if (answer.status >= 500 && !isPlanted(answer)) return 'internal';
  if (STACK.test(answer.text)) return 'stack';
  if (isBrokenJson(answer)) return 'json';
  return undefined;
}

/** Returns one figure on all faults of answers, for trials in which there are not that many answers. */
export const faultFigure = (faults) =>
  none(
    'answers that are not as they may be',
    faults.map(({ fault, example }) => `${FAULTS[fault]}: ${example}`),
  );

/** Returns the figures on the faults of answers, none of which there may be. */
export function faultFigures(faults) {
  return Object.entries(FAULTS).map(([name, what]) =>
    none(
      what,
      faults.filter(({ fault }) => fault === name).map(({ example }) => example),
    ),
  );
}
