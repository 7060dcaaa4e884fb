import { control } from '../../client/control.js';
import { inOrder } from '../../client/in-order.js';
import type { Target } from '../../client/target.js';
import { type Operation, operations } from '../../contract/operations.js';
import type { Unjudged } from '../../exchange/recorded.js';
import { type MarketCountry, markets } from '../../klarna/catalogue/markets.js';
import type { Check, Finding, SeenExchange } from '../../report/finding.js';
import { answerCheck } from '../answer.js';
import { reasonIn } from '../recordings/recorded-call.js';
import type { Verified } from '../verified.js';
import { type Generated, Judge } from './judge.js';
import { mutate, mutatePath, mutationsOf, pickMutation, type Random, randomOf } from './mutations.js';
import { type Recipe, recipeFor, type State } from './states.js';
import { makeValid } from './valid.js';

/** Options of generated requests. */
export interface GenerateOptions {
  /** The number of valid requests of every operation, and of invalid ones. */
  count: number;
  /** The same seed makes the same requests. */
  seed: string;
  /** The target is a sandbox, without which no state can be brought about. */
  sandbox: boolean;
  /** Called with the number of requests sent since the last call. */
  onRequests?: (sent: number) => void;
}

/** The checks of generated requests. */
const checks: Check[] = [
  { id: 'generated/accepted', severity: 'violation', title: 'What the contract allows is accepted' },
  { id: 'generated/refused', severity: 'violation', title: 'What goes against the contract is refused' },
  { id: 'generated/named', severity: 'violation', title: 'A refusal names the field that is wrong' },
  { id: 'generated/answered', severity: 'violation', title: 'No request gets a 5xx, or nothing' },
];

/** The number of operations that are tried at once. */
const PARALLEL = 4;

/**
 * Makes requests of every operation of Klarna's APIs from the contracts, valid ones and ones with a single mistake, and
 * judges the answers: valid ones must be accepted, the others refused for the right reason. Each operation has a merchant of its own.
 */
export async function verifyGenerated(target: Target, options: GenerateOptions): Promise<Verified> {
  const all = [...operations.values()].filter(({ api }) => api !== 'sandbox');
  const results = await inOrder(all, {
    parallel: PARALLEL,
    work: (operation) => judgeOperation(operation, target, options),
  });
  return {
    findings: results.flatMap(({ findings }) => findings),
    exchanges: results.flatMap(({ exchanges }) => exchanges),
    judged: results.reduce((sum, { judged }) => sum + judged, 0),
    unjudged: results.flatMap(({ unjudged }) => unjudged),
    checks: [...checks, ...all.map(answerCheck)],
  };
}

interface Judged {
  findings: Finding[];
  exchanges: SeenExchange[];
  judged: number;
  unjudged: Unjudged[];
}

async function judgeOperation(operation: Operation, target: Target, options: GenerateOptions): Promise<Judged> {
  const what = `generated requests of ${operation.name}`;
  if (!options.sandbox) return unjudged(what, 'they need a sandbox: sessions, shoppers and orders are made for them');
  const own = { ...target, username: `${target.username}.generated.${operation.name}` };
  const judge = new Judge(operation, own);
  try {
    await control(own, 'resetMerchant');
    await run({ operation, target: own, recipe: recipeFor(operation), judge }, options);
    return { ...judgedBy(judge), unjudged: [] };
  } catch (error) {
    return { ...unjudged(what, reasonIn(error)), ...judgedBy(judge) };
  }
}

const judgedBy = ({ findings, exchanges, judged }: Judge): Omit<Judged, 'unjudged'> => ({
  findings,
  exchanges,
  judged,
});

const unjudged = (what: string, why: string): Judged => ({
  findings: [],
  exchanges: [],
  judged: 0,
  unjudged: [{ what, why }],
});

interface Run {
  operation: Operation;
  target: Target;
  recipe: Recipe;
  judge: Judge;
}

const countries = Object.keys(markets) as MarketCountry[];

async function run(
  { operation, target, recipe, judge }: Run,
  { count, seed, onRequests }: GenerateOptions,
): Promise<void> {
  let country = countries[0] as MarketCountry;
  let state: State = { path: {}, serves: 0 };
  for (let number = 1; number <= count; number++) {
    const random = randomOf(seed, operation.name, number);
    const isNew = state.serves <= 0;
    if (isNew) country = random.pick(countries);
    const made = await makeValid(operation, country, random);
    const fitting = recipe.fit?.(made) ?? made;
    const make = () => recipe.make(target, country, fitting);
    if (isNew) state = await make();
    state = { ...state, serves: state.serves - 1 };
    const body = operation.request && { ...fitting, ...state.body };
    const request = { number, path: state.path, body };
    // The invalid request comes first: a refusal leaves the state as it was.
    await sendBroken(operation, request, random, judge);
    await judge.valid(request, async () => (await make()).path);
    onRequests?.(2);
  }
}

async function sendBroken(operation: Operation, request: Generated, random: Random, judge: Judge): Promise<void> {
  if (request.body) {
    const mutation = pickMutation(mutationsOf(operation, request.body), random);
    if (mutation) await judge.broken({ ...request, body: mutate(request.body, mutation) }, mutation);
  } else if (Object.keys(request.path).length > 0) {
    const { kind, path } = mutatePath(request.path, random);
    await judge.broken({ ...request, path }, { kind, path: [], value: undefined });
  }
}
