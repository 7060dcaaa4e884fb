import type { Merchant } from './credentials.js';

/** A merchants file that cannot be used: `file:line:column: what is wrong`, or `file: what is wrong`, in one line. */
export class MerchantsFileError extends Error {
  override name = 'MerchantsFileError';
}

const KEYS = ['username', 'password', 'active'];

/**
 * Reads a merchants file, YAML or JSON: `merchants: [{ username, password, active? }]`.
 * @param file how messages name it
 * @throws {MerchantsFileError}
 */
export async function readMerchants(text: string, file: string): Promise<Merchant[]> {
  // Loaded when first used: most starts need no file.
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [problem] = document.errors;
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new MerchantsFileError(`${file}:${line}:${col}: ${problem.message}`);
  }
  const refuse = (what: string): never => {
    throw new MerchantsFileError(`${file}: ${what}`);
  };
  const content: unknown = document.toJS();
  const merchants = isObject(content) ? content.merchants : undefined;
  if (!Array.isArray(merchants) || merchants.length === 0) return refuse('needs a list `merchants` with an entry');
  const seen = new Set<string>();
  return merchants.map((merchant: unknown, at) => {
    const where = `merchants[${at}]`;
    if (!isObject(merchant)) return refuse(`${where} must have a username and a password`);
    for (const key of Object.keys(merchant)) {
      if (!KEYS.includes(key))
        refuse(`${where} has an unknown key ${JSON.stringify(key)}; known are ${KEYS.join(', ')}`);
    }
    const { username, password, active } = merchant;
    if (typeof username !== 'string' || !/^[^\p{Cc}:]{1,255}$/u.test(username)) {
      return refuse(`${where}.username must be text of 1 to 255 characters without colons and control characters`);
    }
    if (typeof password !== 'string') return refuse(`${where}.password must be text; put numbers in quotes`);
    if (active !== undefined && typeof active !== 'boolean') return refuse(`${where}.active must be true or false`);
    if (seen.has(username)) return refuse(`${where}.username is taken by an entry before`);
    seen.add(username);
    return { username, password, active };
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
