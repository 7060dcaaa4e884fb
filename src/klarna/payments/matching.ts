import type { Address, OrderLine, OrderRequest, SessionData } from '../records.js';

type Fields = Record<string, unknown>;

/** The values that Klarna assumes for absent fields of a line (recorded: an order read back). */
const lineDefaults: Partial<OrderLine> = {
  type: 'physical',
  quantity_unit: '',
  total_discount_amount: 0,
  tax_rate: 0,
  total_tax_amount: 0,
};

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** Tells whether two values match. Empty text is not absent (reported: of an empty `organization_name`). */
function same(left: unknown, right: unknown, name: string): boolean {
  // Country codes match in either case.
  if (name === 'country' && left && right) return sameText(left, right);
  return (left ?? undefined) === (right ?? undefined);
}

const sameText = (left: unknown, right: unknown) => String(left).toUpperCase() === String(right).toUpperCase();

/** Returns the names of both objects, merged in the order of the contract as far as each shows it. */
function namesOf(authorized: Fields, ordered: Fields): string[] {
  const names = Object.keys(authorized);
  let at = 0;
  for (const name of Object.keys(ordered)) {
    const known = names.indexOf(name);
    if (known < 0) names.splice(at, 0, name);
    at = known < 0 ? at + 1 : known + 1;
  }
  return names;
}

/** Returns the paths of the fields that differ between two objects, nested objects included. */
function differences(authorized: Fields, ordered: Fields, at: string): string[] {
  return namesOf(authorized, ordered).flatMap((name) => {
    const left = authorized[name];
    const right = ordered[name];
    if (left === right) return [];
    const path = `${at}.${name}`;
    if (isObject(left) || isObject(right)) {
      return differences(isObject(left) ? left : {}, isObject(right) ? right : {}, path);
    }
    return same(left, right, name) ? [] : [path];
  });
}

/** Returns a line with the default of each absent field; its own fields keep their order. */
const withDefaults = (line: OrderLine | undefined): Fields => Object.assign({}, line, lineDefaults, line);

function differingLines(authorized: readonly OrderLine[], ordered: readonly OrderLine[]): string[] {
  if (authorized.length !== ordered.length) {
    return [`Incorrect number of items in the cart. Expected: ${authorized.length}, Actual: ${ordered.length}`];
  }
  return authorized.flatMap((line, index) =>
    differences(withDefaults(line), withDefaults(ordered[index]), `order_lines[${index}]`),
  );
}

/** Tells whether an address has fields: an empty one matches every other (docs). */
export function isNamed(address: Address | undefined): address is Address {
  return address !== undefined && Object.keys(address).length > 0;
}

function differingAddress(authorized: Address | undefined, ordered: Address | undefined, at: string): string[] {
  return isNamed(authorized) && ordered ? differences(authorized, ordered, at) : [];
}

/** Returns the names of the values that differ; a value absent on either side matches. */
function differingValues(
  authorized: SessionData,
  ordered: OrderRequest,
  names: readonly ('order_amount' | 'order_tax_amount' | 'purchase_currency')[],
): string[] {
  return names.filter(
    (name) =>
      authorized[name] !== undefined && ordered[name] !== undefined && !sameText(authorized[name], ordered[name]),
  );
}

/** Compares the purchase country. A billing address that only the order has may name the country instead (recorded). */
function differingCountry(authorized: SessionData, ordered: OrderRequest): string[] {
  const first = isNamed(authorized.billing_address) ? undefined : ordered.billing_address?.country;
  const was = authorized.purchase_country;
  if (was === undefined || [first, ordered.purchase_country].some((country) => sameText(country, was))) return [];
  return ['purchase_country'];
}

/**
 * Compares an order with its authorization, with defaults filled in. An order without a shipping address is compared by
 * its billing address; an object that was absent at authorize matches anything. References, URLs and locale may differ.
 * @returns the names of what differs, in Klarna's form and order for `Not matching fields: [a, b]`
 */
export function differingFields(authorized: SessionData, ordered: OrderRequest): string[] {
  const was = authorized.order_lines ?? ordered.order_lines;
  // A different number of lines changes the tax as well, but the tax is not named (reported).
  const tax = was.length === ordered.order_lines.length ? (['order_tax_amount'] as const) : [];
  return [
    ...differingAddress(authorized.billing_address, ordered.billing_address, 'billing_address'),
    ...differingAddress(
      authorized.shipping_address,
      ordered.shipping_address ?? ordered.billing_address,
      'shipping_address',
    ),
    ...differingValues(authorized, ordered, ['order_amount']),
    ...differingLines(was, ordered.order_lines),
    ...differingValues(authorized, ordered, [...tax, 'purchase_currency']),
    ...differingCountry(authorized, ordered),
  ];
}
