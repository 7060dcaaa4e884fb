/** An object that a shop's page gave: options, or data of the purchase. */
export type Fields = Record<string, unknown>;

/** A function of the shop's page that takes an answer. */
export type Callback = (answer: object) => void;

/** The arguments of a call in one order, whatever order they came in. */
export interface Given {
  options: Fields;
  data: unknown;
  callback: Callback;
}

const isFunction = (value: unknown): value is Callback => typeof value === 'function';
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

/** Reads (options, callback) and (options, data, callback). A missing callback does nothing. */
export function readArguments(args: readonly unknown[]): Given {
  const at = args.findIndex(isFunction);
  const before = at < 0 ? args : args.slice(0, at);
  return {
    options: fieldsOf(before[0]),
    data: before[1],
    callback: at < 0 ? () => {} : (args[at] as Callback),
  };
}

/**
 * Reads as `readArguments` does, and the older order (data, options, callback) too: the second object is taken for the
 * options when it has one of the named fields.
 */
export function readEitherOrder(args: readonly unknown[], telling: readonly string[]): Given {
  const given = readArguments(args);
  const { data } = given;
  if (!isFields(data) || !telling.some((field) => field in data)) return given;
  return { ...given, options: data, data: given.options };
}
