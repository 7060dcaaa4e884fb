import { documentOf, type Operation, propertiesOf, resolve, type Schema } from '../contract/operations.js';

/** Something that is paid in a way which a list of the control API shows: an order or a customer token. */
export interface Paid {
  /** The list, and the field of its items that has the id. */
  list: 'listOrders' | 'listCustomerTokens';
  field: 'order_id' | 'token_id';
  id: string;
}

/** Fields that name an order or a customer token, with where the control API lists those. What was made goes before what it was made from. */
const names: readonly [name: string, list: Paid['list'], field: Paid['field']][] = [
  ['order_id', 'listOrders', 'order_id'],
  ['token_id', 'listCustomerTokens', 'token_id'],
  ['customerToken', 'listCustomerTokens', 'token_id'],
];

/** Whether a step that calls an operation is about an order or a customer token. */
export function isAboutPaid({ api, parameters, answers }: Operation): boolean {
  const document = documentOf(api);
  const fields = [...answers.values()].flatMap(({ status, schema }) =>
    schema && status < 300 ? Object.keys(propertiesOf(document, resolve<Schema>(document, schema))) : [],
  );
  return names.some(([name]) => parameters.path.includes(name) || fields.includes(name));
}

/**
 * The order or customer token that a request is about: what its answer names, or else what its path names.
 * @param path the parameters of the request's path
 */
export function paidIn(path: Readonly<Record<string, unknown>> = {}, body?: unknown): Paid | undefined {
  const answered = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  for (const named of [answered, path]) {
    for (const [name, list, field] of names) {
      const id = named[name];
      if (typeof id === 'string') return { list, field, id };
    }
  }
  return undefined;
}
