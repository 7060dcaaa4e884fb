import type { Address, OrderLine, OrderRequest, SessionData } from './records.js';

type Fields = Record<string, unknown>;

/** What Klarna takes a line's field for when it is absent (recorded: an order read back). */
const lineDefaults: Partial<OrderLine> = {
  type: 'physical',
  quantity_unit: '',
  total_discount_amount: 0,
  tax_rate: 0,
  total_tax_amount: 0,
};

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isEmpty = (value: unknown) => value === undefined || value === null || value === '';

function same(left: unknown, right: unknown, name: string): boolean {
  if (isEmpty(left) && isEmpty(right)) return true;
  // A country code means the same in either case.
  if (name === 'country') return String(left).toUpperCase() === String(right).toUpperCase();
  return left === right;
}

/** The paths of the fields that differ between two objects, nested objects included. */
function differences(authorized: Fields, ordered: Fields, at: string): string[] {
  const names = new Set([...Object.keys(authorized), ...Object.keys(ordered)]);
  return [...names].flatMap((name) => {
    const [left, right, path] = [authorized[name], ordered[name], `${at}.${name}`];
    if (isObject(left) || isObject(right)) {
      return differences(isObject(left) ? left : {}, isObject(right) ? right : {}, path);
    }
    return same(left, right, name) ? [] : [path];
  });
}

function differingLines(authorized: readonly OrderLine[], ordered: readonly OrderLine[]): string[] {
  if (authorized.length !== ordered.length) {
    return [`Incorrect number of items in the cart. Expected: ${authorized.length}, Actual: ${ordered.length}`];
  }
  return authorized.flatMap((line, index) =>
    differences({ ...lineDefaults, ...line }, { ...lineDefaults, ...ordered[index] }, `order_lines[${index}]`),
  );
}

function differingAddress(authorized: Address | undefined, ordered: Address | undefined, at: string): string[] {
  // What one side never said cannot differ (docs: an empty payload matches).
  const said = authorized && Object.keys(authorized).length > 0;
  return said && ordered ? differences(authorized, ordered, at) : [];
}

/**
 * Compares an order with the authorization it is placed on, after defaults: an address that the order leaves out for
 * shipping is the billing address; an object absent at authorize matches anything.
 * @returns what does not match, in the words that stand in `Not matching fields: [a, b]`
 */
export function differingFields(authorized: SessionData, ordered: OrderRequest): string[] {
  const was = authorized.order_lines ?? ordered.order_lines;
  const lines = differingLines(was, ordered.order_lines);
  // A line more or less changes the tax as well, but only the lines are named (reported).
  const compared = was.length === ordered.order_lines.length ? (['order_tax_amount'] as const) : [];
  const amounts = ([...compared, 'purchase_currency'] as const).filter(
    (name) =>
      authorized[name] !== undefined &&
      ordered[name] !== undefined &&
      String(authorized[name]).toUpperCase() !== String(ordered[name]).toUpperCase(),
  );
  return [
    ...differingAddress(authorized.billing_address, ordered.billing_address, 'billing_address'),
    ...differingAddress(
      authorized.shipping_address,
      ordered.shipping_address ?? ordered.billing_address,
      'shipping_address',
    ),
    ...lines,
    ...amounts,
  ];
}
