import { type Fields, isFields } from '../../replay/words.js';
import type { Unjudged } from '../../report/finding.js';
import { contentOf } from '../recordings/content.js';
import { readHeaders, readMessage } from '../recordings/message.js';
import { readDocument } from '../recordings/read.js';
import { type RecordedExchange, type RecordedMessage, Unreadable } from '../recordings/recorded.js';
import { type Matching, readMatching } from './matching.js';

/** What a shop's team expects of Klarna: a request, and the answer that the shop can live with. */
export interface Interaction {
  /** In words, with the states that it needs. */
  description: string;
  /** As if it had been recorded: the answer is what is expected. */
  exchange: RecordedExchange;
  /** Where the body of the answer may be another than the example. */
  matching: Matching;
  /** Whether any status of the sort will do, as a matching rule of Pact's version 4 says. */
  anyStatus: boolean;
}

/** What a Pact file holds. */
export interface Pact {
  interactions: Interaction[];
  unjudged: Unjudged[];
}

/** Reads a Pact file of the versions 2, 3 and 4. Messages are told, and so is what is damaged. */
export async function readPact(file: string): Promise<Pact> {
  const read = await readDocument(file);
  if ('why' in read) return { interactions: [], unjudged: [read] };
  const { document, damage } = read;
  if (!isFields(document) || !(Array.isArray(document.interactions) || Array.isArray(document.messages))) {
    return { interactions: [], unjudged: [{ what: file, why: 'is no Pact file: it has no interactions' }] };
  }
  const pact: Pact = { interactions: [], unjudged: damage === undefined ? [] : [{ what: file, why: damage }] };
  for (const [at, entry] of listOf(document.interactions).entries()) {
    try {
      pact.interactions.push(readInteraction(entry, file, at + 1));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      pact.unjudged.push({ what: `${file} interaction ${at + 1}${named(entry)}`, why: error.message });
    }
  }
  for (const [at, message] of listOf(document.messages).entries()) {
    pact.unjudged.push({ what: `${file} message ${at + 1}${named(message)}`, why: IS_MESSAGE });
  }
  return pact;
}

const IS_MESSAGE = 'it is a message, and Klarna is asked by HTTP';

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const named = (entry: unknown): string => (isFields(entry) && entry.description ? ` (${entry.description})` : '');

function readInteraction(entry: unknown, file: string, index: number): Interaction {
  if (!isFields(entry)) throw new Unreadable('is no mapping');
  if (typeof entry.type === 'string' && entry.type !== 'Synchronous/HTTP') throw new Unreadable(IS_MESSAGE);
  const { request, response } = entry;
  if (!isFields(request) || typeof request.path !== 'string') throw new Unreadable('has no request with a path');
  if (!isFields(response)) throw new Unreadable('has no response');
  const query = queryOf(request.query);
  const status = response.status === undefined ? 200 : Number(response.status);
  if (!Number.isInteger(status)) throw new Unreadable(`expects no status, but ${JSON.stringify(response.status)}`);
  const target = `${request.path}${query && `?${query}`}`;
  return {
    description: [...statesOf(entry), entry.description].filter(Boolean).join(': ') || `interaction ${index}`,
    exchange: {
      file,
      index,
      request: {
        method: String(request.method ?? 'GET').toUpperCase(),
        url: target,
        target,
        ...messageOf(request),
      },
      response: { status, ...messageOf(response) },
    },
    matching: readMatching(response.matchingRules),
    anyStatus: isFields(response.matchingRules) && isFields(response.matchingRules.status),
  };
}

function statesOf({ providerStates, providerState, provider_state }: Fields): unknown[] {
  const names = listOf(providerStates).map((state) => (isFields(state) ? state.name : state));
  return [...names, providerState ?? provider_state];
}

/** `a=1&b=2` in version 2, lists of values by name since. */
function queryOf(query: unknown): string {
  if (typeof query === 'string') return query;
  const pairs = Object.entries(isFields(query) ? query : {}).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map((value): [string, string] => [name, String(value)]),
  );
  return String(new URLSearchParams(pairs));
}

/** Headers and body; in version 4 the body says what it is. JSON may stand there as its text. */
function messageOf({ headers, body }: Fields): RecordedMessage {
  const read = readHeaders(headers);
  const four = isFields(body) && 'content' in body;
  const { content, contentType, encoded } = four ? body : { content: body };
  const typed = { ...(typeof contentType === 'string' && { 'Content-Type': contentType }), ...read };
  if (typeof content !== 'string') return { headers: typed, body: content ?? undefined };
  return readMessage(typed, contentOf(content, encoded === true ? 'base64' : encoded));
}
