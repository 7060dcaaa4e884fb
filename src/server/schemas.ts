import type { FastifySchema, FastifySchemaCompiler, FastifyServerOptions } from 'fastify';
import { type Operation, operations } from '../contract/operations.js';
import { fillPath } from '../contract/path-template.js';
import { checkBody, checkQuery } from '../contract/validate.js';
import type { Violation } from '../klarna/decision.js';

/** The error of a request whose query or body breaks its contract. It has no stack, since it becomes an answer. */
export class ShapeError extends Error {
  override name = 'ShapeError';

  constructor(readonly violations: Violation[]) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super('the request breaks its contract');
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Returns the path of an operation as Fastify writes it: `/payments/v1/sessions/:session_id`. */
export const urlOf = ({ path }: Pick<Operation, 'path'>): string => fillPath(path, (name) => `:${name}`);

/** Returns the schemas of a request to an operation's route: references into its contract. */
export function schemaOf({ api, query, request }: Operation): FastifySchema {
  const parameters = Object.entries(query).map(([name, pointer]) => [name, { $ref: `${api}${pointer}` }]);
  return {
    ...(request && { body: { $ref: `${api}${request.schema}` } }),
    ...(parameters.length > 0 && { querystring: { type: 'object', properties: Object.fromEntries(parameters) } }),
  };
}

/** The operations by method and URL, as Fastify names routes. */
const byRoute = new Map(
  [...operations.values()].map((operation) => [`${operation.method} ${urlOf(operation)}`, operation]),
);

/**
 * Compiles a part of a route's schema: the contract reads that part of a request as the wire does, and checks it, by code that
 * was generated of it.
 */
const compileValidator: FastifySchemaCompiler<unknown> = ({ method, url, httpPart }) => {
  const operation = byRoute.get(`${method} ${url}`) as Operation;
  if (httpPart === 'querystring') {
    return (given) => {
      const checked = checkQuery(operation, given);
      return 'violations' in checked ? { error: new ShapeError(checked.violations) } : { value: checked.query };
    };
  }
  return (given) => {
    const checked = checkBody(operation, given);
    return 'violations' in checked ? { error: new ShapeError(checked.violations) } : { value: checked.body };
  };
};

/**
 * Compilers for the schemas of routes. With both given Fastify loads none of its own. Routes have no schemas of their answers,
 * which are complete: no field is to be dropped or converted.
 */
export const schemaController = {
  compilersFactory: { buildValidator: () => compileValidator, buildSerializer: () => () => JSON.stringify },
} as unknown as FastifyServerOptions['schemaController'];
