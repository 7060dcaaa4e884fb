import { control } from '../replay/control.js';
import type { Target } from '../replay/result.js';
import { senderOf } from '../shop/call.js';
import type { Exchange } from '../shop/exchange.js';
import { writePact } from '../verify/pact/write.js';
import { redactExchanges } from '../verify/redact.js';
import { writeFileFor } from './write-file.js';

/**
 * Writes what a merchant's journal saw as a Pact file, without what the harness sent.
 * @returns whether there was anything to write
 * @throws {CannotRun} when the file cannot be written
 */
export async function savePact(file: string, target: Target): Promise<boolean> {
  const { username } = target;
  const { exchanges } = (await control(target, 'readJournal')) as { exchanges: Exchange[] };
  const own = exchanges.reverse().filter((exchange) => senderOf(exchange) === undefined);
  const redacted = redactExchanges([{ username, exchanges: own }]);
  const text = writePact([...redacted.values()], username);
  if (text !== undefined) await writeFileFor('--pact', file, text);
  return text !== undefined;
}
