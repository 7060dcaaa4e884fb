/** A body as a recorder wrote it down: text, the bytes of it, or nothing. */
export type Content = string | Uint8Array | undefined;

/** A body, or why it cannot be had from what the recorder wrote. */
export type Recorded = { content: Content } | { unreadable: string };

/** What a recorder may write bytes in. Any other word for an encoding is that of a text, which stands there already. */
const encodings = {
  base64: { name: 'base64', valid: /^[a-z0-9+/_-]*={0,2}$/i },
  hex: { name: 'hexadecimal digits', valid: /^([0-9a-f]{2})*$/i },
} as const;

/**
 * Reads what stands in the place of a body: text, bytes, base64 or hexadecimal digits with `encoding`, also in a list of
 * chunks; or the JSON value itself, where somebody's hook has put that in the place of its text.
 */
export function contentOf(written: unknown, encoding?: unknown): Recorded {
  if (written === undefined || written === null) return { content: undefined };
  if (written instanceof Uint8Array) return { content: written };
  if (encoding !== 'base64' && encoding !== 'hex') {
    return { content: typeof written === 'string' ? written : JSON.stringify(written) };
  }
  const chunks = chunksOf(written);
  // Only a text is encoded: a value has been decoded before.
  if (!chunks) return { content: JSON.stringify(written) };
  const { name, valid } = encodings[encoding];
  const bare = chunks.map((chunk) => chunk.replace(/\s+/g, ''));
  if (!bare.every((chunk) => valid.test(chunk))) return { unreadable: `its body says it is in ${name}, and is not` };
  return { content: Buffer.concat(bare.map((chunk) => Buffer.from(chunk, encoding))) };
}

/** The encoded texts: one, or a list of them, which Polly.JS writes as JSON within the text. */
function chunksOf(written: unknown): string[] | undefined {
  const list = typeof written === 'string' && written.startsWith('[') ? listIn(written) : written;
  if (typeof list === 'string') return [list];
  return Array.isArray(list) && list.every((chunk) => typeof chunk === 'string') ? list : undefined;
}

function listIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
