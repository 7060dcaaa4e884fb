import autocannon from 'autocannon';
import { headers } from './purchase.js';

/** How many clients call at once. */
export const CONNECTIONS = 10;

/** No load takes longer; on a slow machine fewer requests are made. */
const LONGEST = 5_000;

/** Sends `amount` requests, each connection going through the steps in turn. Returns requests a second. */
export async function load(url, steps, amount) {
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
  tracker.on('response', () => {
    last = performance.now();
    first ??= last;
    answered++;
  });
  const guard = setTimeout(() => tracker.stop(), LONGEST);
  const { non2xx, errors } = await tracker;
  clearTimeout(guard);
  if (non2xx > 0 || errors > 0) throw new Error(`${url}: ${non2xx} answers other than 2xx, ${errors} errors`);
  return { answered, rate: ((answered - 1) / (last - first)) * 1000 };
}

/** A step as autocannon takes it. What an answer names is kept for the paths of the steps after it. */
function requestOf({ method, path, body, from, answers }, _index, steps) {
  const request = { method, path, headers, body: JSON.stringify(body) };
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

/** One request without a load around it. Throws unless it is answered with 200. */
export async function once(url, { method, path, body }) {
  const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${method} ${url}${path} answered ${response.status}`);
}
