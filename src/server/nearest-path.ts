import { type Operation, operations } from '../contract/operations.js';
import { upsert } from '../exchange/fields.js';
import { nearestWord } from '../scenario/problem.js';

/** Longest path for which a call is sought, and the most that are remembered: it takes a while, and who errs does so again. */
const LONGEST = 100;
const MOST = 100;

const sought = new Map<string, { call: string | undefined }>();

/** Returns the path of an operation with those of the parameters that a given path has in their places. */
function fill({ path }: Operation, given: readonly string[]): string {
  return path
    .split('/')
    .map((segment, at) => (segment.startsWith('{') ? (given[at] ?? segment) : segment))
    .join('/');
}

/**
 * Returns the call that a path which is none of ours stands for, such as `POST /payments/v1/sessions`: of the paths spelled most
 * alike, or that lack or have something before them, by the same method if there is one.
 */
export function nearestPath(method: string, path: string): string | undefined {
  if (path.length > LONGEST) return undefined;
  if (sought.size === MOST) sought.clear();
  return upsert(sought, `${method} ${path}`, () => ({ call: seek(method, path) })).call;
}

function seek(method: string, path: string): string | undefined {
  const given = path.split('/');
  const calls = [...operations.values()].map((operation) => ({
    method: operation.method,
    path: fill(operation, given),
  }));
  const ends = calls.filter((call) => path.endsWith(call.path) || call.path.endsWith(path));
  const [nearest] = ends.sort((one, other) => other.path.length - one.path.length);
  const found =
    nearest?.path ??
    nearestWord(
      path,
      calls.map((call) => call.path),
    );
  const same = calls.filter((call) => call.path === found);
  const call = same.find((other) => other.method === method) ?? same[0];
  return call && `${call.method} ${call.path}`;
}
