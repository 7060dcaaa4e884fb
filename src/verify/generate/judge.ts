import { ask } from '../../client/control.js';
import type { Answer, Target } from '../../client/target.js';
import type { Operation } from '../../contract/operations.js';
import { fillPath } from '../../contract/path-template.js';
import { type Fields, isFields } from '../../exchange/fields.js';
import { type Finding, finding, type SeenExchange } from '../../report/finding.js';
import { SeenExchanges, seenAt } from '../../report/seen.js';
import { shorten } from '../../report/text.js';
import { extend } from '../../scenario/paths.js';
import { judgeAnswer } from '../answer.js';
import { asRecorded } from '../recordings/compare.js';
import { reasonIn } from '../recordings/recorded-call.js';
import type { Mutation } from './mutations.js';

type Path = (string | number)[];

/** The most smaller bodies that are tried. */
const ATTEMPTS = 200;

/**
 * Returns the smallest body that fast-check finds to fail as a body does, made by leaving fields and elements out.
 * @param fails tells if a body still fails in the same way
 */
export async function shrink(body: Fields, fails: (smaller: Fields) => Promise<boolean>): Promise<Fields> {
  const { asyncProperty, check, subarray } = await import('fast-check');
  const all = pathsIn(body);
  let attempts = 0;
  let smallest = body;
  const holds = asyncProperty(subarray(all), async (paths) => {
    if (attempts++ >= ATTEMPTS) return true;
    const smaller = keepOnly(body, new Set(paths), []) as Fields;
    if (!(await fails(smaller))) return true;
    smallest = smaller;
    return false;
  });
  // The first example is the whole body, which fails; fast-check tries smaller ones after it.
  await check(holds, { seed: 1, numRuns: 1, examples: [[all]] });
  return smallest;
}

/** Returns every path in a body, as JSON. */
function pathsIn(value: unknown, path: Path = []): string[] {
  const own = path.length > 0 ? [JSON.stringify(path)] : [];
  return [...own, ...entriesOf(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))];
}

function entriesOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return value.map((element, index) => [index, element]);
  return isFields(value) ? Object.entries(value) : [];
}

/** Returns a value without the parts at other paths. */
function keepOnly(value: unknown, paths: ReadonlySet<string>, path: Path): unknown {
  const inner = entriesOf(value)
    .filter(([key]) => paths.has(JSON.stringify([...path, key])))
    .map(([key, part]) => [key, keepOnly(part, paths, [...path, key])] as const);
  if (Array.isArray(value)) return inner.map(([, part]) => part);
  return isFields(value) ? Object.fromEntries(inner) : value;
}

/** A request that was made. */
export interface Generated {
  /** Its number among those of its operation, from 1. */
  number: number;
  path: Record<string, string>;
  body: Fields | undefined;
}

/** A wrong answer to a generated request. */
interface Fault {
  check: 'accepted' | 'refused' | 'named' | 'answered';
  /** The kind of failure: the same for requests that fail in the same way. */
  how: string;
  /** The answer in words. */
  text: string;
  expected: string;
  got: unknown;
}

/** Longer bodies are cut in a message. */
const LONGEST_SHOWN = 600;

/** Judges generated requests of one operation. Of those that fail in the same way the first is reported, shrunk. */
export class Judge {
  readonly #operation: Operation;
  readonly #target: Target;
  readonly #found = new Map<string, Found>();
  /** The number of requests that were judged. */
  judged = 0;

  constructor(operation: Operation, target: Target) {
    this.#operation = operation;
    this.#target = target;
  }

  get findings(): Finding[] {
    return [...this.#found.values()].map(({ finding }) => finding);
  }

  /** The requests that the findings are about, with the answers to them. */
  get exchanges(): SeenExchange[] {
    const seen = new SeenExchanges();
    for (const { finding, exchange } of this.#found.values()) seen.add(finding, () => [exchange]);
    return seen.list();
  }

  /**
   * Sends a request that is to be accepted.
   * @param again makes the state anew, in which a smaller request can be tried; gives the parameters of the path
   */
  async valid(request: Generated, again: () => Promise<Record<string, string>>): Promise<void> {
    const faultOf = (answer: Answer | string) => unanswered(answer) ?? notAccepted(answer as Answer);
    await this.#judge({ request, kind: 'valid', faultOf, again });
  }

  /** Sends a request with one mistake, which is to be refused for it. */
  async broken(request: Generated, mutation: Mutation): Promise<void> {
    const faultOf = (answer: Answer | string) => unanswered(answer) ?? notRefused(answer as Answer, mutation);
    await this.#judge({ request, kind: mutation.kind, faultOf, again: async () => request.path, mutation });
  }

  async #judge({ request, kind, faultOf, again, mutation }: Trial): Promise<void> {
    this.judged++;
    const answer = await this.#send(request);
    if (typeof answer !== 'string') {
      for (const found of judgeAnswer(this.#operation, answer, {}, `generated request ${request.number}`)) {
        if (!this.#found.has(found.fingerprint)) this.#enter(found.fingerprint, found, { kind, request, answer });
      }
    }
    const fault = faultOf(answer);
    if (!fault) return;
    const at = mutation?.path.reduce<string>(extend, '$');
    const parts = { ...fault, kind, at };
    const key = keyOf(parts);
    if (this.#found.has(key)) return;
    let smallest = { kind, request, answer };
    const fails = async (body: Fields) => {
      const smaller = { ...request, path: await again(), body };
      const got = await this.#send(smaller);
      const same = faultOf(got);
      const isSame = same?.check === fault.check && same.how === fault.how;
      if (isSame) smallest = { kind, request: smaller, answer: got };
      return isSame;
    };
    // Entered before it is shrunk: what fails meanwhile is told behind it.
    this.#enter(key, this.#finding(parts, request), smallest);
    if (request.body) {
      await shrink(request.body, fails);
      this.#enter(key, this.#finding(parts, { ...request, body: smallest.request.body }), smallest);
    }
  }

  /** Enters a finding at the place of its request. Its fingerprint goes by what failed, and by no number. */
  #enter(key: string, found: Finding, { kind, request, answer }: Trying): void {
    const { name, method, path } = this.#operation;
    const where = { case: `${kind === 'valid' ? 'valid' : 'wrong'} request ${request.number} of ${name}` };
    const got = typeof answer === 'string' ? undefined : asRecorded(answer);
    const exchange = seenAt(where, {
      method,
      path: fillPath(path, (parameter) => encodeURIComponent(String(request.path[parameter]))),
      request: { headers: { host: new URL(this.#target.url).host }, body: request.body },
      status: got?.status ?? 0,
      response: { headers: got?.headers ?? {}, body: got?.body },
    });
    this.#found.set(key, { finding: { ...found, where }, exchange });
  }

  /** @returns the answer, or why there is none */
  async #send({ path, body }: Generated): Promise<Answer | string> {
    try {
      return await ask(this.#target, this.#operation.name, { path, body });
    } catch (error) {
      return reasonIn(error);
    }
  }

  #finding(
    { check, how, text, expected, got, kind, at }: Fault & { kind: string; at?: string },
    request: Generated,
  ): Finding {
    const { number, path, body } = request;
    const sent = body === undefined ? `of ${JSON.stringify(path)}` : `with the body ${shorten(body, LONGEST_SHOWN)}`;
    const broken = kind === 'valid' ? 'valid request' : `request with a mistake (${kind}${at ? ` at ${at}` : ''})`;
    return finding({
      check: `generated/${check}`,
      severity: 'violation',
      operation: this.#operation.name,
      message: `${broken} ${number} ${text}; the smallest one is ${sent}`,
      ...(at && { path: at }),
      expected,
      got,
      where: {},
      identity: `${kind} ${how}`,
    });
  }
}

/** A request that was tried, and the answer to it, or the reason why there is none. */
interface Trying {
  kind: string;
  request: Generated;
  answer: Answer | string;
}

/** A finding, and the exchange that it is about. */
interface Found {
  finding: Finding;
  exchange: SeenExchange;
}

interface Trial {
  request: Generated;
  kind: string;
  faultOf: (answer: Answer | string) => Fault | undefined;
  again: () => Promise<Record<string, string>>;
  mutation?: Mutation;
}

const keyOf = ({ check, how, kind, at = '' }: Fault & { kind: string; at?: string }): string =>
  [check, how, kind, at.replace(/\[\d+\]/g, '[]')].join(' ');

function unanswered(answer: Answer | string): Fault | undefined {
  if (typeof answer === 'string') {
    return { check: 'answered', how: 'no answer', text: answer, expected: 'an answer', got: undefined };
  }
  if (answer.status < 500) return undefined;
  const how = `status ${answer.status}`;
  return {
    check: 'answered',
    how,
    text: `was answered ${describeAnswer(answer)}`,
    expected: 'no 5xx',
    got: answer.status,
  };
}

function notAccepted(answer: Answer): Fault | undefined {
  if (answer.status < 300) return undefined;
  const how = `status ${answer.status} ${codeOf(answer)}`;
  return { check: 'accepted', how, text: `was refused ${describeAnswer(answer)}`, expected: '2xx', got: answer.status };
}

function notRefused(answer: Answer, { path }: Mutation): Fault | undefined {
  if (answer.status < 300) {
    const text = `was accepted with ${answer.status}`;
    return { check: 'refused', how: `status ${answer.status}`, text, expected: '4xx', got: answer.status };
  }
  if (path.length === 0 || names(answer, path)) return undefined;
  const expected = `an answer that names ${path.reduce<string>(extend, '$').slice(2)}`;
  const text = `was refused ${describeAnswer(answer)}, expected ${expected}`;
  return { check: 'named', how: `status ${answer.status} ${codeOf(answer)}`, text, expected, got: answer.body };
}

/** Tells if a refusal names a field, as Klarna Payments does or as Order Management does. */
function names({ headers, body }: Answer, path: Mutation['path']): boolean {
  const texts = [headers['mock-klarna-explain'], ...(isFields(body) ? [body.error_messages].flat() : [])].map(String);
  const dotted = path.reduce<string>(extend, '$').slice(2);
  const slashed = path.filter((key) => typeof key === 'string').join('/');
  return texts.some((text) => text.includes(dotted) || text.includes(slashed));
}

const codeOf = ({ body }: Answer): string => (isFields(body) ? String(body.error_code) : '');

function describeAnswer({ status, headers, body }: Answer): string {
  const why = headers['mock-klarna-explain'] ?? (isFields(body) ? shorten(body.error_messages, 200) : undefined);
  return why === undefined ? `with ${status}` : `with ${status} (${why})`;
}
