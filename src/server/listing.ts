import { Readable } from 'node:stream';
import { inSlices } from '../exchange/slices.js';

/** Number of characters that are written at once. */
const PIECE = 64 * 1024;

type Sequence = Iterable<unknown> | AsyncIterable<unknown>;

const isSequence = (value: unknown): value is Sequence =>
  typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);

/**
 * A body with a field that may be too long to be held as text. The items of a field that is a sequence are made one by one,
 * as the client reads; a field that is a function is asked when those before it are written.
 */
export class Listing {
  constructor(readonly fields: Readonly<Record<string, unknown>>) {}
}

/** Writes a listing as JSON, in pieces. */
async function* written({ fields }: Listing): AsyncGenerator<string, void, undefined> {
  const pause = inSlices();
  let text = '';
  let opening = '{';
  for (const [name, given] of Object.entries(fields)) {
    const value: unknown = typeof given === 'function' ? await given() : given;
    if (value === undefined) continue;
    text += `${opening}${JSON.stringify(name)}:`;
    opening = ',';
    if (!isSequence(value)) {
      text += JSON.stringify(value);
      continue;
    }
    let before = '[';
    for await (const item of value) {
      text += before + JSON.stringify(item);
      before = ',';
      if (text.length >= PIECE) {
        yield text;
        text = '';
      }
      const others = pause();
      if (others) await others;
    }
    text += before === '[' ? '[]' : ']';
  }
  yield `${text}${opening === '{' ? '{}' : '}'}`;
}

async function* behind(first: string, second: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first;
  yield second;
  yield* rest;
}

/** Begins to write a listing: returns its text where that is short, else the stream of it. */
export async function beginListing(listing: Listing): Promise<string | Readable> {
  const pieces = written(listing);
  const first = await pieces.next();
  const second = await pieces.next();
  if (second.done) return first.value as string;
  return Readable.from(behind(first.value as string, second.value, pieces));
}
