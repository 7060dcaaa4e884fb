const PARAMETER = /\{(\w+)\}/g;

/** The names of the parameters of a template such as `/payments/v1/sessions/{session_id}`, in their order. */
export const parametersOf = (template: string): string[] =>
  [...template.matchAll(PARAMETER)].map(([, name]) => name as string);

/** A template with something else in the place of each parameter. */
export const fillPath = (template: string, written: (name: string) => string): string =>
  template.replace(PARAMETER, (_, name: string) => written(name));

/** The pattern of the paths of a template, in which each parameter is a group of its name. */
export const patternOf = (template: string): RegExp =>
  new RegExp(`^${fillPath(template, (name) => `(?<${name}>[^/]+)`)}$`);

/** A path as templates have it: without doubled slashes and a slash at the end, which Klarna takes as well. */
export const plainPath = (path: string): string => path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
