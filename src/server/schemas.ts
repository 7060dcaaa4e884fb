import type { FastifySchema, FastifySchemaCompiler, FastifyServerOptions } from 'fastify';
import { documentOf, type Operation, operations, resolve } from '../contract/operations.js';
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

/** Returns the schemas of an operation's route: references into its contract, and the parameters of its query. */
export function schemaOf({ api, query, request, answers }: Operation): FastifySchema {
  const parameters = Object.entries(query).map(([name, pointer]) => [name, resolve(documentOf(api), pointer)]);
  const withBody = [...answers.values()].filter(({ schema }) => schema !== undefined);
  return {
    ...(request && { body: { $ref: `${api}${request.schema}` } }),
    ...(parameters.length > 0 && { querystring: { type: 'object', properties: Object.fromEntries(parameters) } }),
    response: Object.fromEntries(withBody.map(({ status, schema }) => [status, { $ref: `${api}${schema}` }])),
  };
}

/** The operations by method and URL, as Fastify names routes. */
const byRoute = new Map(
  [...operations.values()].map((operation) => [`${operation.method} ${urlOf(operation)}`, operation]),
);

/**
 * Compiles a part of a route's schema: the contract reads that part of a request as the wire does, and checks it. The
 * contract compiles its own schemas when the route is first called.
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

/** Serializes an answer as JSON. Answers are complete by then: no field is dropped or converted. */
const compileSerializer = () => (answer: unknown) => JSON.stringify(answer);

/** Compilers for the schemas of routes. With both given Fastify loads none of its own. */
export const schemaController = {
  compilersFactory: { buildValidator: () => compileValidator, buildSerializer: () => compileSerializer },
} as unknown as FastifyServerOptions['schemaController'];
