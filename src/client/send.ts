import type { Mismatch } from '../scenario/match.js';
import type { Answer, SentRequest } from './target.js';

/** What came of sending one request: an answer and how it was judged, or why there is none. */
export interface Exchange {
  answer?: Answer;
  mismatches: Mismatch[];
  trouble?: string;
}

/** A request waits this long for its answer unless told otherwise, in ms. */
const TIMEOUT = 10_000;

/**
 * Sends a request with pactum, which takes the judge's word for whether the answer is as expected. Follows no redirects.
 * @param timeout ms to wait for the answer
 */
export async function exchange(
  request: SentRequest,
  judge: (answer: Answer) => Mismatch[],
  timeout = TIMEOUT,
): Promise<Exchange> {
  const { spec } = await loadPactum();
  let judged: Exchange | undefined;
  const playing = spec()
    .withMethod(request.method)
    .withPath(request.url)
    .withHeaders(request.headers)
    .withRequestTimeout(timeout)
    .withFollowRedirects(false)
    .expect(({ res }) => {
      const answer = readAnswer(res as unknown as RawAnswer);
      judged = { answer, mismatches: judge(answer) };
      if (judged.mismatches.length > 0) throw new Error('not as expected');
    });
  if (request.body !== undefined) playing.withBody(request.body);
  try {
    await playing.toss();
  } catch (error) {
    return judged ?? { mismatches: [], trouble: troubleOf(error as Error) };
  }
  return judged as Exchange;
}

let loading: Promise<typeof import('pactum')> | undefined;

/** pactum takes a third of a second to load: not before something is played. */
function loadPactum(): Promise<typeof import('pactum')> {
  loading ??= import('pactum').then(({ default: pactum }) => {
    pactum.settings.setLogLevel('SILENT');
    return pactum;
  });
  return loading;
}

interface RawAnswer {
  statusCode: number;
  headers: Answer['headers'];
  text: string;
}

function readAnswer({ statusCode, headers, text }: RawAnswer): Answer {
  return { status: statusCode, headers, body: readBody(text) };
}

/** JSON as a value, anything else as text; undefined when there is none. */
export function readBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The error of the connection, in one line. */
function troubleOf(error: Error): string {
  return error.message.replace(/\s+/g, ' ').trim();
}
