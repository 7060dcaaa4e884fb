import type { Document } from 'yaml';
import type { components } from '../contract/generated/sandbox.js';
import { checkShape } from '../contract/validate.js';
import type { Merchant } from './credentials.js';

/** A merchants file that cannot be used: `file:line:column: what is wrong`, or `file: what is wrong`, in one line. */
export class MerchantsFileError extends Error {
  override name = 'MerchantsFileError';
}

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
  const content = expand(document, file);
  const [violation] = checkShape('sandbox', 'merchants_file', content);
  if (violation) throw new MerchantsFileError(`${file}: ${violation.text}`);
  const { merchants } = content as components['schemas']['merchants_file'];
  for (const [at, { username }] of merchants.entries()) {
    if (merchants.findIndex((other) => other.username === username) === at) continue;
    throw new MerchantsFileError(`${file}: merchants[${at}].username: given ${username}, which an entry before has`);
  }
  return merchants;
}

/** The document as plain data. Aliases that explode are refused by the reader. */
function expand(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new MerchantsFileError(`${file}: ${(error as Error).message}`);
  }
}
