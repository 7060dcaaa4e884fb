import type { ErrorObject } from 'ajv';

/**
 * Returns a path as Order Management writes it: `/shipping_info/0/shipping_company` is
 * `shipping_info/shipping_company` (docs).
 */
const pathOf = (instancePath: string, property?: string): string =>
  [...instancePath.split('/').slice(1), ...(property === undefined ? [] : [property])]
    .filter((token) => !/^\d+$/.test(token))
    .join('/') || 'body';

type Message = (path: string, error: ErrorObject) => string;

const size: Message = (path, { parentSchema }) => {
  const { minLength, minItems, maxLength, maxItems } = parentSchema as Record<string, number | undefined>;
  return `The size of the ${path} value must be between ${minLength ?? minItems ?? 0} and ${maxLength ?? maxItems}`;
};

const pattern: Message = (path, { params }) =>
  `'${path}' must match "${params.pattern?.replace(/^\^|\$$/g, '') ?? (params.allowedValues as string[]).join('|')}"`;

/** Messages in the words of Java's Bean Validation, by JSON Schema keyword. */
const messages: Record<string, Message> = {
  minLength: size,
  maxLength: size,
  minItems: size,
  maxItems: size,
  minimum: (path, { params }) => `'${path}' must be greater than or equal to ${params.limit}`,
  maximum: (path, { params }) => `'${path}' must be less than or equal to ${params.limit}`,
  pattern,
  enum: pattern,
  type: (path, { params }) => `'${path}' must be of type ${params.type}`,
};

/**
 * Returns the message of Order Management for a wrong shape. `'x' must not be null` is recorded and the size of a text
 * is documented; the others follow the same library (inferred).
 */
export function beanWords(error: ErrorObject): string {
  if (error.keyword === 'required')
    return `'${pathOf(error.instancePath, error.params.missingProperty)}' must not be null`;
  const path = pathOf(error.instancePath);
  return messages[error.keyword]?.(path, error) ?? `'${path}' is not valid`;
}
