import autocannon from 'autocannon';
import { headers } from './purchase.js';

/** How many clients call at once. */
export const CONNECTIONS = 10;

/** No load takes longer unless it is allowed to; of a slow server fewer requests are made. */
const LONGEST = 2_500;

/**
 * Sends `amount` requests, each connection going through the steps in turn. Returns how many were answered, and how many a
 * second. Throws when a status comes that no step names.
 */
export async function load(url, steps, amount, longest = LONGEST) {
  const statuses = new Set(steps.map(({ status }) => status));
  const strays = new Map();
  let answered = 0;
  let first;
  let last;
  const tracker = autocannon({
    url,
    amount,
    connections: CONNECTIONS,
    // Ends soon after the last answer; the rate is taken from the answers themselves.
    sampleInt: 100,
    requests: steps.map(requestOf),
  });
  tracker.on('response', (_client, status) => {
    last = performance.now();
    first ??= last;
    answered++;
    if (!statuses.has(status)) strays.set(status, (strays.get(status) ?? 0) + 1);
  });
  const guard = setTimeout(() => tracker.stop(), longest);
  const { errors } = await tracker;
  clearTimeout(guard);
  if (strays.size > 0 || errors > 0) {
    const counts = [...strays].map(([status, count]) => `${count} with ${status}`);
    throw new Error(
      `${url}: expected answers with ${[...statuses].join(', ')}, got ${[...counts, `${errors} errors`].join(', ')}`,
    );
  }
  return { answered, rate: ((answered - 1) / (last - first)) * 1000 };
}

/**
 * A step as autocannon takes it. What an answer names is kept for the paths of the steps after it; `vary` may change
 * each request before it is sent.
 */
function requestOf({ method, path, body, from, answers, vary, ...step }, _index, steps) {
  const request = { method, path, headers: { ...headers, ...step.headers }, body: JSON.stringify(body) };
  if (vary) return { ...request, setupRequest: vary };
  if (steps.length === 1) return request;
  return {
    ...request,
    ...(from && {
      setupRequest: (given, context) => ({ ...given, path: path.replace(/\{\w+\}/, context[from]) }),
    }),
    ...(answers && {
      onResponse: (_status, text, context) => {
        context[answers] = JSON.parse(text)[answers];
      },
    }),
  };
}

/** Sends one request without a load around it; throws unless it is answered as expected. */
export async function once(url, { method, path, body, status, ...step }) {
  const response = await fetch(url + path, {
    method,
    headers: { ...headers, ...step.headers },
    body: JSON.stringify(body),
  });
  await response.arrayBuffer();
  if (response.status !== status) {
    throw new Error(`${method} ${url}${path}: expected ${status}, got ${response.status}`);
  }
}
