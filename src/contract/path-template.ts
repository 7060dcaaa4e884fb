const PARAMETER = /\{(\w+)\}/g;

/** Returns a template such as `/payments/v1/sessions/{session_id}` with each parameter replaced by the result of `written`. */
export const fillPath = (template: string, written: (name: string) => string): string =>
  template.replace(PARAMETER, (_, name: string) => written(name));

/** Returns the pattern of a template's paths, with a named group for each parameter. */
export const patternOf = (template: string): RegExp =>
  new RegExp(`^${fillPath(template, (name) => `(?<${name}>[^/]+)`)}$`);

/** Returns a path without doubled slashes and without a slash at its end, both of which Klarna accepts. */
export const plainPath = (path: string): string =>
  path.includes('//') || path.endsWith('/') ? path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1') : path;
