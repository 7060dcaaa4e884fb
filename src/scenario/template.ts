import { literal } from './match.js';
import { escapeDollar, isWord, unescapeDollar } from './matchers.js';
import { follow, parsePath } from './paths.js';

const VARIABLE = /\$\$|\$\{([^}]*)\}/g;

/** The words in a request for a value that is made when it is sent, and for a field that is left out. */
export const generators: ReadonlySet<string> = new Set(['$newUuid', '$absent']);

/** The values that are put into the texts of a step. */
export interface Scope {
  /** Variables by name: built-in ones and those that earlier steps kept. */
  variables: Readonly<Record<string, unknown>>;
  newUuid(): string;
}

/** The error for a variable in a step that has no value. */
export class NothingThere extends Error {
  constructor(readonly variable: string) {
    super(`\${${variable}} is nothing`);
  }
}

/** Returns the variables that a text names, in order: `${order.order_id}` names `order.order_id`. */
export function variablesOf(text: string): string[] {
  return [...text.matchAll(VARIABLE)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/** Returns the first part of a variable's path: the name under which it was kept. */
export const rootOf = (variable: string): string => variable.replace(/\W.*/s, '');

/**
 * Returns a part of a request with variables and generated values put in; fields that are `$absent` are left out.
 * @returns undefined when the part itself is `$absent`
 * @throws NothingThere
 */
export function fillRequest(template: unknown, scope: Scope): unknown {
  if (typeof template === 'string') {
    if (template === '$absent') return undefined;
    if (template === '$newUuid') return scope.newUuid();
    return fillText(template, scope, (value) => value, unescapeDollar);
  }
  if (Array.isArray(template)) {
    return template.map((element) => fillRequest(element, scope)).filter((element) => element !== undefined);
  }
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template)
      .map(([key, value]) => [unescapeDollar(key), fillRequest(value, scope)] as const)
      .filter(([, value]) => value !== undefined),
  );
}

/**
 * Returns an expectation with variables put in. Its matchers stay; a variable's value is never read as a matcher.
 * @throws NothingThere
 */
export function fillExpected(template: unknown, scope: Pick<Scope, 'variables'>): unknown {
  if (typeof template === 'string') {
    return isWord(template) ? template : fillText(template, scope, literal, (text) => text);
  }
  if (Array.isArray(template)) return template.map((element) => fillExpected(element, scope));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => [
      key,
      // In a regular expression `$` is part of the pattern.
      key === '$match' ? value : fillExpected(value, scope),
    ]),
  );
}

/** Puts variables into a text. A text that is one variable becomes its value of any type; in others values are text. */
function fillText(
  text: string,
  scope: Pick<Scope, 'variables'>,
  ofValue: (value: unknown) => unknown,
  ofText: (text: string) => string,
): unknown {
  const whole = /^\$\{([^}]*)\}$/.exec(text)?.[1];
  if (whole !== undefined) return ofValue(lookUp(whole, scope));
  return ofText(
    text.replace(VARIABLE, (found, name?: string) =>
      name === undefined ? found : escapeDollar(written(lookUp(name, scope))),
    ),
  );
}

const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function lookUp(variable: string, scope: Pick<Scope, 'variables'>): unknown {
  const path = parsePath(variable);
  const value = path && follow(scope.variables, [rootOf(variable), ...path]);
  if (value === undefined) throw new NothingThere(variable);
  return value;
}
