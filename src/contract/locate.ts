import { type Operation, operations } from './operations.js';
import { patternOf, plainPath } from './path-template.js';

/** The operation of a request, with the parameters of its target. */
export interface Located {
  operation: Operation;
  /** Parameters of the path, decoded. */
  params: Record<string, string>;
  query: Record<string, string>;
}

let patterns: [RegExp, Operation][] | undefined;

/** Returns every operation with the pattern of its path, made at first use. */
function allPatterns(): [RegExp, Operation][] {
  patterns ??= [...operations.values()].map((operation) => [patternOf(operation.path), operation]);
  return patterns;
}

/**
 * Finds the operation of a request; undefined where no contract has one.
 * @param method in any case
 * @param target the path, with a query if there is one
 */
export function locate(method: string, target: string): Located | undefined {
  const parts = /^([^?#]*)(?:\?([^#]*))?/s.exec(target) as unknown as [string, string, string?];
  const path = plainPath(parts[1]);
  const wanted = method.toUpperCase();
  for (const [pattern, operation] of allPatterns()) {
    const found = operation.method === wanted ? pattern.exec(path) : null;
    if (!found) continue;
    const params = Object.entries(found.groups ?? {}).map(([name, text]) => [name, decoded(text)]);
    return { operation, params: Object.fromEntries(params), query: Object.fromEntries(new URLSearchParams(parts[2])) };
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
