import type { Violation } from './decision.js';
import type { SessionData } from './records.js';

/** The attachment of a request; its body is extra merchant data as JSON text. */
export type Attachment = NonNullable<SessionData['attachment']>;

/**
 * The names of the packages of extra merchant data that Klarna publishes, each a list of objects (docs: attachment
 * schema; the subscription is in its older form).
 */
export const packages: readonly string[] = [
  'air_reservation_details',
  'bus_reservation_details',
  'car_rental_reservation_details',
  'customer_account_info',
  'customer_tokens',
  'event',
  'ferry_reservation_details',
  'hotel_reservation_details',
  'in_store_payment',
  'marketplace_seller_info',
  'marketplace_winner_info',
  'other_delivery_address',
  'payment_history_full',
  'payment_history_simple',
  'subscription',
  'train_reservation_details',
  'trip_reservation_details',
  'voucher',
];

/** Fields of the packages that hold a date or a time, or an object with only such fields (docs: attachment schema). */
const dated = new Set([
  'account_last_modified',
  'account_registration_date',
  'birth_date',
  'date_of_first_paid_purchase',
  'date_of_last_paid_purchase',
  'departure_date',
  'end_time',
  'start_time',
]);

const DATE = String.raw`(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])`;
const TIME = String.raw`([01]\d|2[0-3]):[0-5]\d(:([0-5]\d|60)([.,]\d+)?)?`;
const ZONE = String.raw`(Z|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)`;
const MOMENT = new RegExp(`^${DATE}(T${TIME}${ZONE}?)?$`);

/** Tells whether a text is an ISO 8601 date, or date and time; seconds and time zone are optional (docs). */
function isMoment(text: string): boolean {
  const found = MOMENT.exec(text);
  if (!found) return false;
  const [, year, month, day] = found.map(Number) as [number, number, number, number];
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The first thing that is wrong, in one sentence; undefined when nothing is. */
type Complaint = string | undefined;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names the kind of a value for a message. The value itself may be personal data and is not shown. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return isObject(value) ? 'an object' : `a ${value === null ? 'null' : typeof value}`;
}

/** A value in the document that is still to be checked. */
interface Place {
  value: unknown;
  path: string;
  /** True when the value must be a date or time, or contain only those. */
  date: boolean;
}

/** Checks that each date field of a package holds a date or time. Iterates, so any depth of nesting is safe. */
function checkDates(within: unknown, path: string): Complaint {
  const places: Place[] = [{ value: within, path, date: false }];
  for (let place = places.pop(); place; place = places.pop()) {
    const { value, path: at, date } = place;
    // A field that is null counts as absent.
    if (value === null) continue;
    // The last is looked at first, hence the reversal.
    if (Array.isArray(value)) {
      const items = value.map((item, index) => ({ value: item, path: `${at}[${index}]`, date }));
      for (const item of items.reverse()) places.push(item);
    } else if (isObject(value)) {
      for (const [name, inner] of Object.entries(value).reverse()) {
        places.push({ value: inner, path: `${at}.${name}`, date: date || dated.has(name) });
      }
    } else if (date && !(typeof value === 'string' && isMoment(value))) {
      const given = /\.birth_date\b/.test(at) ? 'another form' : JSON.stringify(value);
      return `given ${given} as ${at}, expected a date or time of ISO 8601, such as 2026-11-24T15:00:00Z`;
    }
  }
  return undefined;
}

/** Parses the body. Returns the object, or one sentence that says why it is not one. */
export function readAttachment({ body }: Attachment): Record<string, unknown> | string {
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return `given text that is no JSON, expected an object of extra merchant data as JSON text`;
  }
  return isObject(document)
    ? document
    : `given ${kindOf(document)} as JSON text, expected an object of extra merchant data`;
}

function complain(attachment: Attachment): Complaint {
  const document = readAttachment(attachment);
  if (typeof document === 'string') return document;
  for (const name of packages) {
    const content = document[name];
    if (content === undefined || content === null) continue;
    if (!Array.isArray(content)) return `given ${kindOf(content)} as ${name}, expected a list of objects`;
    const stranger = content.findIndex((item) => !isObject(item));
    if (stranger >= 0) return `given ${kindOf(content[stranger])} as ${name}[${stranger}], expected an object`;
    const wrong = checkDates(content, name);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** Returns the top-level names that are not in `packages`. Such names pass: Klarna's own software sends some. */
export function unknownPackages(document: Record<string, unknown>): string[] {
  return Object.keys(document).filter((name) => !packages.includes(name));
}

/** Checks that an attachment is JSON text of extra merchant data. The refusal names the field as Klarna does (docs). */
export function checkAttachment(attachment: Attachment | undefined): Violation[] {
  const wrong = attachment && complain(attachment);
  if (wrong === undefined) return [];
  return [{ rule: 'attachment', field: 'attachment.attachment', text: `attachment.body: ${wrong}` }];
}
