import { documentOf, type Operation, propertiesOf, resolve, type Schema } from '../contract/operations.js';

/** An order or a customer token; a list of the control API shows its payment method. */
export interface Paid {
  /** Operation that lists it, and the field of the list's items that has the id. */
  list: 'listOrders' | 'listCustomerTokens';
  field: 'order_id' | 'token_id';
  id: string;
}

/** Fields with the id of an order or a customer token, and where it is listed. An order goes before its token. */
const names: readonly [name: string, list: Paid['list'], field: Paid['field']][] = [
  ['order_id', 'listOrders', 'order_id'],
  ['token_id', 'listCustomerTokens', 'token_id'],
  ['customerToken', 'listCustomerTokens', 'token_id'],
];

/** Tells whether a call of an operation is about an order or a customer token. */
export function isAboutPaid({ api, parameters, answers }: Operation): boolean {
  const document = documentOf(api);
  const fields = [...answers.values()].flatMap(({ status, schema }) =>
    schema && status < 300 ? Object.keys(propertiesOf(document, resolve<Schema>(document, schema))) : [],
  );
  return names.some(([name]) => parameters.path.includes(name) || fields.includes(name));
}

/**
 * Returns the order or customer token that a request is about: the one in its answer, or else in its path.
 * @param path the parameters of the request's path
 * @param body the body of the answer
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
