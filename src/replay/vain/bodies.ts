import { type AnswerContract, type Operation, operations } from '../../contract/operations.js';
import type { Outcome, Scenario, Step } from '../../scenario/scenario.js';
import { type Stray, strayIn } from '../../shop/contract/strays.js';
import type { Warning } from '../result.js';
import { isFields } from '../words.js';

/** The bodies of a scenario that test nothing: fields that no contract has, and answers that have no body. */
export function vainBodies({ steps, outcomes }: Scenario): Warning[] {
  return [...steps.flatMap((step) => [...vainRequest(step), ...vainExpectation(step)]), ...outcomes.flatMap(vainWhen)];
}

function vainRequest({ operation, request, at }: Step): Warning[] {
  const { name } = operation;
  // A text is sent as it stands, wrong on purpose or not.
  if (!isFields(request.body)) return [];
  if (!operation.request) return [{ ...at, message: `${name} takes no body, and ignores the one it is sent` }];
  return unknownIn(operation, sent(request.body)).map((stray) => ({
    ...at,
    message: `${name} is sent ${inBody(stray)}, which it does not know${hintOf(stray)}`,
  }));
}

/** A template without the fields that are `$absent`. */
export function sent(template: unknown): unknown {
  if (Array.isArray(template)) return template.map(sent);
  if (!isFields(template)) return template;
  const given = Object.entries(template).filter(([, value]) => value !== '$absent');
  return Object.fromEntries(given.map(([name, value]) => [name, sent(value)]));
}

function unknownIn({ api, request }: Operation, body: unknown): Stray[] {
  const strays = request ? strayIn(api, request.schema, body) : [];
  return strays.filter((stray) => (stray.kind === 'unknown' || stray.kind === 'misplaced') && !isMatcher(stray));
}

const isMatcher = ({ given }: Stray): boolean => String(given).startsWith('$');

const inBody = ({ path }: Pick<Stray, 'path'>): string => path.replace(/^\$\.body\.?/, '');

function hintOf({ kind, expected }: Stray): string {
  if (kind !== 'misplaced') return expected === undefined ? '' : ` (did you mean "${expected}"?)`;
  return ` there; it belongs into ${(expected as string[]).map((path) => inBody({ path })).join(' or ')}`;
}

/** A condition is held against what Klarna reads of a body: it cannot be met by a field that is not read. */
function vainWhen({ on, when, line }: Outcome): Warning[] {
  const strays = unknownIn(operations.get(on) as Operation, when);
  return strays.map((stray) => ({
    line,
    message: `"when" asks for ${inBody(stray)}, which ${on} does not know${hintOf(stray)}`,
  }));
}

function vainExpectation({ operation, expect, at }: Step): Warning[] {
  if (expect?.body === undefined || expect.body === '$absent') return [];
  const { name, api } = operation;
  if (expect.status === '$absent') return [{ ...at, message: `${name} is to get no answer, and so no body` }];
  const answers = answersOf(operation, expect.status);
  if (answers.length === 0) return [];
  if (answers.every(({ contentTypes }) => contentTypes.length === 0)) {
    return [{ ...at, message: `${name} answers ${expect.status} without a body, and one is expected` }];
  }
  const strays = answers.flatMap(({ schema }) => (schema === undefined ? [] : [strayIn(api, schema, expect.body)]));
  const [first = [], ...others] = strays.map((found) => found.filter(isUnread).map(inBody));
  return first
    .filter((path) => others.every((paths) => paths.includes(path)))
    .map((path) => ({ ...at, message: `an answer of ${name} is expected to say of ${path}, which it never has` }));
}

/** Fields that the schema of an answer does not have, wherever else they may belong. */
const isUnread = (stray: Stray): boolean =>
  ['unknown', 'misplaced', 'foreign'].includes(stray.kind) && !isMatcher(stray);

/** The answers that a step may be about; none where the contract does not list its status, as with a fault. */
function answersOf({ answers }: Operation, status: unknown): AnswerContract[] {
  if (typeof status !== 'number') return [...answers.values()];
  const answer = answers.get(status);
  return answer ? [answer] : [];
}
