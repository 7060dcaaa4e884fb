/** The contracts that there are. */
export const CONTRACTS = ['payments', 'customer-token', 'order-management', 'hosted-payment-page', 'sandbox'];

/**
 * An operation as the contracts have it.
 * @typedef {object} Operation
 * @property {string} name
 * @property {string} method
 * @property {string} path
 * @property {any[]} bodies the examples of its body, the usual one first
 * @property {[string, any][]} query the parameters of its query with their examples
 * @property {'credentials' | 'client token' | 'nothing'} opened what opens it
 */

/** Returns every operation of some contracts by its name. */
export const readOperations = (documents) =>
  new Map(documents.flatMap(({ document }) => operationsOf(document)).map((each) => [each.name, each]));

/** @returns {Operation[]} */
export function operationsOf(document) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, { operationId }]) => operationId !== undefined)
      .map(([method, operation]) => ({
        name: operation.operationId,
        method: method.toUpperCase(),
        path,
        bodies: examplesOf(operation.requestBody?.content?.['application/json']),
        query: [...(item.parameters ?? []), ...(operation.parameters ?? [])]
          .map((parameter) => resolve(document, parameter))
          .filter((parameter) => parameter.in === 'query')
          .map(({ name, example }) => [name, example]),
        opened: openedBy(operation.security ?? document.security),
      })),
  );
}

function examplesOf({ example, examples = {} } = {}) {
  const values = Object.values(examples).map(({ value }) => value);
  return example === undefined ? values : [example, ...values];
}

function resolve(document, parameter) {
  if (parameter.$ref === undefined) return parameter;
  return parameter.$ref
    .slice(2)
    .split('/')
    .reduce((at, key) => at[key], document);
}

function openedBy(security) {
  const schemes = security.flatMap((each) => Object.keys(each));
  if (schemes.includes('basicAuth')) return 'credentials';
  return schemes.length > 0 ? 'client token' : 'nothing';
}
