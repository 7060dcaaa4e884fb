import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { isApiKey } from '../klarna/api-keys.js';
import { hashPassword } from '../server/world/password-hash.js';
import { CannotRun, type Io } from './io.js';

/** The most bytes of a password. */
const LONGEST = 1_000;

/** Reads a password that is typed twice and not shown. */
async function askFor(stdin: NodeJS.ReadableStream, stderr: Io['stderr']): Promise<string> {
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: stdin, output: hidden, terminal: true });
  const lines = reader[Symbol.asyncIterator]();
  // Ctrl+C ends the input, as Ctrl+D does.
  reader.on('SIGINT', () => reader.close());
  const ask = async (prompt: string): Promise<string> => {
    stderr.write(prompt);
    const { value, done } = await lines.next();
    stderr.write('\n');
    return done ? '' : value;
  };
  try {
    const password = await ask('Password, which is not shown: ');
    if (password === '' || (await ask('Once more: ')) === password) return password;
    throw new CannotRun('the second password is another than the first; start again');
  } finally {
    reader.close();
  }
}

/** Reads a password from a pipe: all of it, without the end of its line. */
async function readFrom(stdin: AsyncIterable<string | Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    // With room for the end of the line.
    if (length > LONGEST + 2) break;
    chunks.push(bytes);
  }
  if (length > LONGEST + 2) throw new CannotRun(`stdin: given more than ${LONGEST} bytes, expected a password`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)).replace(/\r?\n$/, '');
  } catch {
    throw new CannotRun('stdin: given bytes that are no UTF-8, expected a password');
  }
}

/**
 * Runs `mock-klarna hash`: reads a password from the standard input, since arguments are seen by others, and prints its hash for
 * a merchants file.
 */
export async function hash({ stdin, stdout, stderr }: Pick<Io, 'stdin' | 'stdout' | 'stderr'>): Promise<number> {
  const input = stdin();
  const typed = (input as { isTTY?: boolean }).isTTY === true;
  const password = typed ? await askFor(input, stderr) : await readFrom(input as AsyncIterable<string | Uint8Array>);
  if (password === '') throw new CannotRun('stdin: given nothing, expected a password');
  if (/\p{Cc}/u.test(password)) throw new CannotRun('stdin: given a control character, expected one line of text');
  if (isApiKey(password)) throw new CannotRun('stdin: given an API key, which goes into the merchants file as api_key');
  stdout.write(`${await hashPassword(password)}\n`);
  return 0;
}
