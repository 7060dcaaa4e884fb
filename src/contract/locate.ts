import { type Operation, operations } from './operations.js';
import { patternOf, plainPath } from './path-template.js';

/** The operation of a request, with the parameters of its target. */
export interface Located {
  operation: Operation;
  /** Parameters of the path, decoded. */
  params: Record<string, string>;
  query: Record<string, string>;
}

type Pattern = [RegExp, Operation];

let patterns: ReadonlyMap<string, Pattern[]> | undefined;

/** The form of a request that the operations with a pattern of that form share: method and number of parts of the path. */
const formOf = (method: string, path: string): string => `${method} ${path.split('/').length}`;

function patternsByForm(): Map<string, Pattern[]> {
  const byForm = new Map<string, Pattern[]>();
  for (const operation of operations.values()) {
    const form = formOf(operation.method, operation.path);
    byForm.set(form, [...(byForm.get(form) ?? []), [patternOf(operation.path), operation]]);
  }
  return byForm;
}

/** Returns the operations that a request may be of, each with the pattern of its path. They are sorted at first use. */
function patternsFor(method: string, path: string): Pattern[] {
  patterns ??= patternsByForm();
  return patterns.get(formOf(method, path)) ?? [];
}

/**
 * Finds the operation of a request; undefined where no contract has one.
 * @param method in any case
 * @param target the path, with a query if there is one
 */
export function locate(method: string, target: string): Located | undefined {
  const parts = /^([^?#]*)(?:\?([^#]*))?/s.exec(target) as unknown as [string, string, string?];
  const path = plainPath(parts[1]);
  for (const [pattern, operation] of patternsFor(method.toUpperCase(), path)) {
    const found = pattern.exec(path);
    if (!found) continue;
    const params: Record<string, string> = {};
    for (const name in found.groups) params[name] = decoded(found.groups[name] as string);
    const query = parts[2] === undefined ? {} : Object.fromEntries(new URLSearchParams(parts[2]));
    return { operation, params, query };
  }
  return undefined;
}

/** Decodes a text of a URL; one that is not UTF-8 is returned unchanged. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
