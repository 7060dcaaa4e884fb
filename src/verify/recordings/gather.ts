import { type Reading, type RecordedExchange, Unreadable } from './recorded.js';

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
      reading.exchanges.push(read(entry, file, at + 1));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      reading.unjudged.push({ what: `${file} exchange ${at + 1}`, why: error.message });
    }
  }
  return reading;
}
