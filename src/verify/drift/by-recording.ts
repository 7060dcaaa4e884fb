import { control } from '../../client/control.js';
import { locate } from '../../contract/locate.js';
import type { Operation } from '../../contract/operations.js';
import type { Unjudged } from '../../exchange/recorded.js';
import { nameOf, type RecordedExchange } from '../../exchange/recorded.js';
import { reasonIn, type Told, whyNoAnswer, whyNoRequest } from '../recordings/recalled.js';
import { repeatExchange, State } from '../recordings/state.js';
import type { Pair, RecordingSide, TargetSide } from './differences.js';

/** What came of comparing a recording. */
export interface ComparedRecording {
  pairs: Pair[];
  unjudged: Unjudged[];
}

const placeOf = ({ file, index }: RecordedExchange) => ({ file, exchange: index });

/** The exchanges of a recording that are Klarna's, and why the others are not. */
function readStory({ exchanges, unjudged }: RecordingSide): { story: Told[]; unjudged: Unjudged[] } {
  const story: Told[] = [];
  const others = [...unjudged];
  for (const exchange of exchanges) {
    const located = locate(exchange.request.method, exchange.request.target);
    if (located && located.operation.api !== 'sandbox') story.push({ ...located, exchange });
    else others.push({ what: nameOf(exchange), why: 'no operation of Klarna has this method and path' });
  }
  return { story, unjudged: others };
}

/**
 * Repeats what was recorded on a sandbox that is brought into the same states.
 * @param swapped whether the recording is the second side
 */
export async function compareRecordingWithTarget(
  recording: RecordingSide,
  { target, sandbox, name }: TargetSide,
  swapped: boolean,
): Promise<ComparedRecording> {
  const { story, unjudged } = readStory(recording);
  if (!sandbox) {
    const why = `${name} is no sandbox, which could be brought into the recorded states`;
    return { pairs: [], unjudged: [...unjudged, ...story.map(({ exchange }) => ({ what: nameOf(exchange), why }))] };
  }
  const own = { ...target, username: `${target.username}.recording` };
  await control(own, 'resetMerchant');
  const state = new State(own, story);
  const pairs: Pair[] = [];
  for (const told of story) {
    const unsent = whyNoRequest(told);
    if (unsent !== undefined) {
      unjudged.push({ what: nameOf(told.exchange), why: unsent });
      continue;
    }
    try {
      const { answer } = await repeatExchange(own, told, state);
      const { response } = told.exchange;
      const pair = pairOf(told, swapped ? [answer, response] : [response, answer]);
      enter(pair, [told], { pairs, unjudged });
    } catch (error) {
      unjudged.push({ what: nameOf(told.exchange), why: reasonIn(error) });
    }
  }
  return { pairs, unjudged };
}

/** Enters a pair; one that differs in nothing but a body that a recording does not have is not judged. */
function enter(pair: Pair, recorded: readonly Told[], { pairs, unjudged }: ComparedRecording): void {
  const [first, second] = pair.answers;
  const blind = recorded.find((told) => whyNoAnswer(told) !== undefined);
  if (blind === undefined || first.status !== second.status) pairs.push(pair);
  else unjudged.push({ what: nameOf(blind.exchange), why: String(whyNoAnswer(blind)) });
}

/** Puts two recordings side by side: of each operation the first with the first, the second with the second. */
export function compareRecordings(first: RecordingSide, second: RecordingSide): ComparedRecording {
  const [one, other] = [readStory(first), readStory(second)];
  const waiting = new Map<Operation, Told[]>();
  for (const told of other.story) waiting.set(told.operation, [...(waiting.get(told.operation) ?? []), told]);
  const unjudged = [...one.unjudged, ...other.unjudged];
  const pairs: Pair[] = [];
  for (const told of one.story) {
    const counterpart = waiting.get(told.operation)?.shift();
    if (counterpart) {
      const pair = pairOf(told, [told.exchange.response, counterpart.exchange.response]);
      enter(pair, [told, counterpart], { pairs, unjudged });
    } else unjudged.push({ what: nameOf(told.exchange), why: `${second.name} has no counterpart` });
  }
  for (const { exchange } of [...waiting.values()].flat()) {
    unjudged.push({ what: nameOf(exchange), why: `${first.name} has no counterpart` });
  }
  return { pairs, unjudged };
}

const pairOf = ({ operation, exchange }: Told, answers: Pair['answers']): Pair => ({
  operation,
  what: `exchange ${exchange.index}`,
  answers,
  where: placeOf(exchange),
});
