import { literal } from './match.js';
import { escapeDollar, isWord, unescapeDollar } from './matchers.js';
import { follow, parsePath } from './paths.js';

const VARIABLE = /\$\$|\$\{([^}]*)\}/g;

/** What stands in a request's place for a value made when it is sent, or for a field that is left out. */
export const generators: ReadonlySet<string> = new Set(['$newUuid', '$absent']);

/** What the texts of a step are filled in with. */
export interface Scope {
  /** Variables by name: built-in ones and what earlier steps kept. */
  variables: Readonly<Record<string, unknown>>;
  newUuid(): string;
}

/** A variable that leads to nothing, met while a step is filled in. */
export class NothingThere extends Error {
  constructor(readonly variable: string) {
    super(`\${${variable}} is nothing`);
  }
}

/** The variables a text names, in order: `${order.order_id}` names `order.order_id`. */
export function variablesOf(text: string): string[] {
  return [...text.matchAll(VARIABLE)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/** The first part of a variable's name: what was kept, without the way into it. */
export const rootOf = (variable: string): string => variable.replace(/\W.*/s, '');

/**
 * A part of a request with variables and generated values put in; fields that are `$absent` are left out.
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
 * An expectation with variables put in; its matchers stay, and nothing that a variable brings in is taken for one.
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
      // In a regular expression `$` is its own.
      key === '$match' ? value : fillExpected(value, scope),
    ]),
  );
}

/** A text that is one variable becomes its value, whatever its type; in a longer text the value is written out. */
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
