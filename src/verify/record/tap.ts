import type { IncomingMessage } from 'node:http';
import { bodyText } from '../recordings/message.js';

/** Looks at a body while it passes, and keeps so much of it. */
export class Tap {
  readonly #chunks: Buffer[] = [];
  readonly #limit: number;
  #kept = 0;

  /** @param limit in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  on(message: IncomingMessage): this {
    message.on('data', (chunk: Buffer) => {
      const part = chunk.subarray(0, this.#limit - this.#kept);
      if (part.length > 0) this.#chunks.push(part);
      this.#kept += part.length;
    });
    return this;
  }

  /** What passed, as text; or why it is none. */
  read(headers: Record<string, string>): { text?: string; unreadable?: string } {
    if (this.#kept === 0) return {};
    const bytes = Buffer.concat(this.#chunks);
    // The beginning of a long body may end within a character.
    if (this.#kept >= this.#limit) return { text: bytes.toString('utf8') };
    return bodyText(headers, bytes);
  }
}

/** Headers as they were spelt; one that came more than once has its values in one text. */
export function spelt(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at < raw.length; at += 2) {
    const [name, value] = [raw[at] as string, raw[at + 1] as string];
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}
