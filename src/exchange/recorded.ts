import { DOCUMENT_DEPTH, isDeeper, tooDeep } from './json.js';

/** Something that could not be judged. */
export interface Unjudged {
  /** The exchange, case or file. */
  what: string;
  why: string;
}

/** One side of a recorded exchange. */
export interface RecordedMessage {
  /** As recorded; a name that came more than once has its values in one text. */
  headers: Record<string, string>;
  /** JSON as a value, any other text as text; undefined where there is none. */
  body: unknown;
  /** The reason why the body cannot be judged. */
  unreadable?: string;
}

/** An answer as it was recorded. */
export interface RecordedAnswer extends RecordedMessage {
  status: number;
}

/** A request to Klarna and its answer, wherever they were recorded. */
export interface RecordedExchange {
  /** The file, as the user named it. */
  file: string;
  /** Its place in the file, from 1. */
  index: number;
  request: RecordedMessage & {
    /** In capitals. */
    method: string;
    /** As recorded. */
    url: string;
    /** Path and query. */
    target: string;
  };
  response: RecordedAnswer;
  /** Time of the request, as recorded. */
  at?: string;
}

/** The exchanges of a file, and the parts of it that are none. */
export interface Reading {
  exchanges: RecordedExchange[];
  unjudged: Unjudged[];
}

/** A file that is no recording at all, or one part of it that is no exchange; the message says why. */
export class Unreadable extends Error {
  override name = 'Unreadable';
}

/** Returns the name of an exchange: its place and request. */
export const nameOf = ({ file, index, request }: RecordedExchange): string =>
  `${file} exchange ${index} (${request.method} ${request.target})`;

/** @throws {Unreadable} for an entry of a file that nests deeper than what reads it can go */
export function refuseDepth(entry: unknown): void {
  if (isDeeper(entry, DOCUMENT_DEPTH)) throw new Unreadable(`is ${tooDeep(DOCUMENT_DEPTH)}`);
}

/**
 * Reads each entry of a recording; what is no exchange is told, and the rest goes on.
 * @param read throws `Unreadable` with the end of a sentence that begins with the exchange
 */
export function gather(
  entries: readonly unknown[],
  file: string,
  read: (entry: unknown, file: string, index: number) => RecordedExchange,
): Reading {
  const reading: Reading = { exchanges: [], unjudged: [] };
  for (const [at, entry] of entries.entries()) {
    try {
      refuseDepth(entry);
      reading.exchanges.push(read(entry, file, at + 1));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      reading.unjudged.push({ what: `${file} exchange ${at + 1}`, why: error.message });
    }
  }
  return reading;
}
