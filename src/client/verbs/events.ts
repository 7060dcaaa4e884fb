import { get, type IncomingMessage } from 'node:http';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { components } from '../../contract/generated/sandbox.js';
import type { Exchange } from '../../exchange/exchange.js';
import { DOCUMENT_DEPTH, readBody } from '../../exchange/json.js';
import { checkOptions, type OptionTable } from '../check-options.js';
import { noAnswer, refusalBy, requestOf } from '../control.js';
import type { Target } from '../target.js';

/** The data of each kind of event. */
type Data = Omit<Required<components['schemas']['events']>, 'exchange'> & { exchange: Exchange };

/** Something that happened in a merchant's world. Exchanges have their number as `id`. */
export type WorldEvent = { [Name in keyof Data]: { event: Name; id?: number; data: Data[Name] } }[keyof Data];

/** Options of following. */
export interface FollowOptions {
  /** Begins with the exchanges that have a higher number than this; 0 for all that are kept. */
  after?: number;
}

const OPTIONS: OptionTable<FollowOptions> = { after: 'a number' };

/** The events of a merchant's world. */
export interface Events {
  /**
   * Follows what happens from now on: exchanges, the clock, callbacks, the scenario, and which records change. It ends when the
   * loop over it is left, and when the sandbox is closed.
   */
  follow(options?: FollowOptions): Promise<AsyncIterableIterator<WorldEvent>>;
}

/** Opens the stream of events; resolves when its answer begins. */
function open(target: Target, { after }: FollowOptions): Promise<IncomingMessage> {
  const { url, headers } = requestOf(target, 'followEvents', { query: { after } });
  return new Promise((resolve, reject) => {
    const refuse = ({ message }: Error) => reject(noAnswer(target, 'followEvents', message));
    get(url, { headers, agent: false }, resolve).once('error', refuse);
  });
}

/** Reads events until the stream ends; leaving the loop closes it. */
async function* read(target: Target, stream: IncomingMessage): AsyncGenerator<WorldEvent, void> {
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event) });
  try {
    for await (const text of stream) {
      parser.feed(text);
      for (const { event, id, data } of events.splice(0)) {
        yield { event, ...(id !== undefined && { id: Number(id) }), data: JSON.parse(data) } as WorldEvent;
      }
    }
  } catch (error) {
    if (!target.closed?.aborted) throw noAnswer(target, 'followEvents', (error as Error).message);
  }
}

/** Returns the methods for the events of the target's merchant. */
export const eventsOf = (target: Target): Events => ({
  async follow(options = {}) {
    checkOptions('events.follow()', options, OPTIONS);
    if (target.closed?.aborted) throw noAnswer(target, 'followEvents');
    const stream = (await open(target, options)).setEncoding('utf8');
    const { statusCode = 0, headers } = stream;
    if (statusCode === 200) return read(target, stream);
    const text = (await stream.toArray()).join('');
    throw refusalBy('followEvents', { status: statusCode, headers, body: readBody(text, DOCUMENT_DEPTH) });
  },
});
