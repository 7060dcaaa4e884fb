import type { components } from '../contract/generated/sandbox.js';
import { checkShape } from '../contract/validate.js';
import { ScenarioError } from '../scenario/problem.js';
import type { Merchant } from './credentials.js';

/** A merchants file that cannot be used: `file:line:column: what is wrong`, or `file: what is wrong`, in one line. */
export class MerchantsFileError extends Error {
  override name = 'MerchantsFileError';
}

/**
 * Reads a merchants file, YAML or JSON: `merchants: [{ username, password, active?, scenario?, currencies? }]`. What a scenario file
 * may not hold, this one may not either: more than 1 MB, aliases that explode, bytes that are not UTF-8.
 * @param source its bytes or its text
 * @param file how messages name it
 * @throws {MerchantsFileError}
 */
export async function readMerchants(source: string | Uint8Array, file: string): Promise<Merchant[]> {
  const content = await parse(source, file);
  const [violation] = checkShape('sandbox', 'merchants_file', content);
  if (violation) throw new MerchantsFileError(`${file}: ${violation.text}`);
  const { merchants } = content as components['schemas']['merchants_file'];
  const known = new Set<string>();
  for (const [at, { username }] of merchants.entries()) {
    if (known.has(username)) {
      throw new MerchantsFileError(`${file}: merchants[${at}].username: given ${username}, which an entry before has`);
    }
    known.add(username);
  }
  return merchants;
}

/** The file as plain data. */
async function parse(source: string | Uint8Array, file: string): Promise<unknown> {
  // Loaded when first used: most starts need no file.
  const [{ decode }, { locate }] = await Promise.all([import('../scenario/read.js'), import('../scenario/located.js')]);
  try {
    return locate(decode(source, file), file).value;
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const [first] = error.problems;
    throw new MerchantsFileError(`${file}:${first?.line}:${first?.column}: ${first?.message}`);
  }
}
