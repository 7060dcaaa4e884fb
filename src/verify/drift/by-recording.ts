import { control } from '../../client/control.js';
import { locate } from '../../contract/locate.js';
import type { Operation } from '../../contract/operations.js';
import type { Unjudged } from '../../exchange/recorded.js';
import { nameOf, type RecordedExchange } from '../../exchange/recorded.js';
import type { Place, SeenExchange } from '../../report/finding.js';
import { type RecordedCall, reasonIn, whyNoAnswer, whyNoRequest } from '../recordings/recorded-call.js';
import { makeShowRecorded, type ShowRecorded } from '../recordings/shown.js';
import { repeatExchange, State } from '../recordings/state.js';
import type { Pair, RecordingSide, TargetSide } from './differences.js';

/** The result of comparing a recording. */
export interface ComparedRecording {
  pairs: Pair[];
  unjudged: Unjudged[];
}

const placeOf = ({ file, index }: RecordedExchange) => ({ file, exchange: index });

/** The exchanges of a recording that are Klarna's, the reasons why the others are not, and how each is shown. */
interface Story {
  story: RecordedCall[];
  unjudged: Unjudged[];
  show: ShowRecorded;
}

function readStory({ exchanges, unjudged }: RecordingSide): Story {
  const story: RecordedCall[] = [];
  const others = [...unjudged];
  for (const exchange of exchanges) {
    const located = locate(exchange.request.method, exchange.request.target);
    if (located && located.operation.api !== 'sandbox') story.push({ ...located, exchange });
    else others.push({ what: nameOf(exchange), why: 'no operation of Klarna has this method and path' });
  }
  return { story, unjudged: others, show: makeShowRecorded(exchanges) };
}

/**
 * Repeats the recorded requests on a sandbox that is brought into the same states.
 * @param swapped true if the recording is the second side
 */
export async function compareRecordingWithTarget(
  recording: RecordingSide,
  { target, sandbox, name }: TargetSide,
  swapped: boolean,
): Promise<ComparedRecording> {
  const { story, unjudged, show } = readStory(recording);
  if (!sandbox) {
    const why = `${name} is no sandbox, which could be brought into the recorded states`;
    return { pairs: [], unjudged: [...unjudged, ...story.map(({ exchange }) => ({ what: nameOf(exchange), why }))] };
  }
  const own = { ...target, username: `${target.username}.recording` };
  await control(own, 'resetMerchant');
  const state = new State(own, story);
  const pairs: Pair[] = [];
  for (const call of story) {
    const unsent = whyNoRequest(call);
    if (unsent !== undefined) {
      unjudged.push({ what: nameOf(call.exchange), why: unsent });
      continue;
    }
    try {
      const { answer } = await repeatExchange(own, call, state);
      const { response } = call.exchange;
      const pair = pairOf(call, swapped ? [answer, response] : [response, answer], (where) => [
        show(call.exchange, where, recording.name),
      ]);
      enter(pair, [call], { pairs, unjudged });
    } catch (error) {
      unjudged.push({ what: nameOf(call.exchange), why: reasonIn(error) });
    }
  }
  return { pairs, unjudged };
}

/** Enters a pair; one that lacks the body of a recording is judged by its status only. */
function enter(pair: Pair, recorded: readonly RecordedCall[], { pairs, unjudged }: ComparedRecording): void {
  const [first, second] = pair.answers;
  const blind = recorded.find((call) => whyNoAnswer(call) !== undefined);
  if (blind === undefined || first.status !== second.status) pairs.push(pair);
  else unjudged.push({ what: nameOf(blind.exchange), why: String(whyNoAnswer(blind)) });
}

/** Pairs the exchanges of two recordings in their order, operation by operation. */
export function compareRecordings(first: RecordingSide, second: RecordingSide): ComparedRecording {
  const [{ story, unjudged: left, show }, counterparts] = [readStory(first), readStory(second)];
  const waiting = new Map<Operation, RecordedCall[]>();
  for (const call of counterparts.story) waiting.set(call.operation, [...(waiting.get(call.operation) ?? []), call]);
  const unjudged = [...left, ...counterparts.unjudged];
  const pairs: Pair[] = [];
  for (const call of story) {
    const counterpart = waiting.get(call.operation)?.shift();
    if (counterpart) {
      const pair = pairOf(call, [call.exchange.response, counterpart.exchange.response], (where) => [
        show(call.exchange, where, first.name),
        counterparts.show(counterpart.exchange, where, second.name),
      ]);
      enter(pair, [call, counterpart], { pairs, unjudged });
    } else unjudged.push({ what: nameOf(call.exchange), why: `${second.name} has no counterpart` });
  }
  for (const { exchange } of [...waiting.values()].flat()) {
    unjudged.push({ what: nameOf(exchange), why: `${first.name} has no counterpart` });
  }
  return { pairs, unjudged };
}

function pairOf(
  { operation, exchange }: RecordedCall,
  answers: Pair['answers'],
  seen: (where: Place) => SeenExchange[],
): Pair {
  const where = placeOf(exchange);
  return { operation, what: `exchange ${exchange.index}`, answers, where, seen: () => seen(where) };
}
