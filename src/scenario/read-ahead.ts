import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { operationNamed } from '../contract/operations.js';
import { callsFromJson } from './plan.js';
import type { Scenario, Step } from './scenario.js';
import { marketVariables } from './steps.js';

/**
 * The scenario files that ship and the contract cases, as scripts/generate-read-ahead.js read them when the program was
 * built: a line of JSON with the place of each by the hash of its file, then the scenarios, each a line of JSON.
 */
const READ_AHEAD = new URL('read-ahead.jsonl', import.meta.url);

/** A scenario as its file was read. It is made when it is first asked for. */
export interface FileRead {
  readonly name: string;
  readonly alias: string | undefined;
  readonly scenario: Scenario;
}

/** The alias of a scenario that was read ahead, and the bytes between which it stands behind the first line. */
type Place = [alias: string | null, from: number, to: number];

interface Index {
  places: Readonly<Record<string, Place>>;
  scenarios: Buffer;
}

let index: Index | undefined;

function loadIndex(): Index {
  const file = readFileSync(READ_AHEAD);
  const end = file.indexOf('\n');
  const { places } = JSON.parse(file.toString('utf8', 0, end));
  return { places, scenarios: file.subarray(end + 1) };
}

/**
 * Returns the scenario of a file by the file's content, if a file with this content was there when the program was
 * built. It is what `readScenario` would make of it.
 */
export function readAhead(content: Uint8Array, path: string, name: string): FileRead | undefined {
  index ??= loadIndex();
  const place = index.places[hash('sha256', content)];
  if (!place) return undefined;
  const [alias, from, to] = place;
  const { scenarios } = index;
  let scenario: Scenario | undefined;
  return {
    name,
    alias: alias ?? undefined,
    get scenario() {
      scenario ??= restore(JSON.parse(scenarios.toString('utf8', from, to)), path, name);
      return scenario;
    },
  };
}

/** A scenario as JSON has it: without what is undefined, with the names of operations. */
interface Saved extends Omit<Scenario, 'name' | 'path' | 'variables' | 'steps'> {
  steps: (Omit<Step, 'operation'> & { operation: string })[];
}

function restore({ outcomes, steps, ...saved }: Saved, path: string, name: string): Scenario {
  const { alias, title, evidence, source, market, tags, merchant, needs, categories, shopper, callbacks } = saved;
  return {
    name,
    path,
    alias,
    title,
    evidence,
    source,
    market,
    tags,
    merchant,
    needs,
    variables: marketVariables(market),
    categories,
    shopper,
    outcomes: outcomes.map((outcome) => ({ ...outcome, calls: callsFromJson(outcome.calls) })),
    callbacks,
    steps: steps.map(restoreStep),
  };
}

function restoreStep({
  kind,
  operation,
  request,
  title,
  at,
  as,
  times,
  expect,
  keep,
  lines,
}: Saved['steps'][number]): Step {
  const { path, query, headers, body } = request;
  return {
    kind,
    operation: operationNamed(operation),
    request: { path, query, headers, body },
    title,
    at,
    as,
    times,
    expect,
    keep,
    lines,
  };
}
