/** A request as reports show it. */
export interface ShownRequest {
  method: string;
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
  /** The body is cut off. */
  cut?: boolean;
}

/** An answer as reports show it; status 0 stands for none. */
export interface ShownAnswer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
  /** The body is cut off. */
  cut?: boolean;
}

/** Returns a request as text: method and path, headers, body. */
export const requestText = ({ method, path, ...message }: ShownRequest): string =>
  [`${method} ${path}`, ...messageLines(message)].join('\n');

/** Returns an answer as text: status, headers, body. */
export const answerText = ({ status, ...message }: ShownAnswer): string =>
  [status === 0 ? 'no answer' : String(status), ...messageLines(message)].join('\n');

function messageLines({ headers = {}, body, cut }: Omit<ShownAnswer, 'status'>): string[] {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [...lines, ...bodyBlock(body), ...(cut ? ['… (too long to be kept)'] : [])];
}

/** The longest text, and the longest body, in characters; the JSON report has all of it. */
const LONGEST_TEXT = 120;
const LONGEST_BODY = 20_000;

function bodyBlock(body: unknown): string[] {
  if (body === undefined) return [];
  const shown = (value: string) =>
    value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}… (${value.length} characters)` : value;
  const text = JSON.stringify(body, (_, value) => (typeof value === 'string' ? shown(value) : value), 2);
  return [text.length > LONGEST_BODY ? `${text.slice(0, LONGEST_BODY)}…` : text];
}
