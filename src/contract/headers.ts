/**
 * Headers about the framing of a message or the hops that it took. Proxies may change, add or drop them, so that a
 * client cannot know what the server sent. Names in lower case.
 */
export const framingHeaders: ReadonlySet<string> = new Set([
  'age',
  'connection',
  'content-encoding',
  'content-length',
  'date',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'vary',
  'via',
]);

/** Tells whether a header is a framing header; the name in any case. */
export const isFraming = (name: string): boolean => framingHeaders.has(name.toLowerCase());

/**
 * Request headers that address the sandbox and not Klarna; names in lower case. They do not change the answer, except
 * for the choice of a scenario.
 */

/** Asks for the time of the merchant's clock. The answer has it in a header of the same name, in ISO 8601. */
export const CLOCK_HEADER = 'mock-klarna-clock';

/** Names the command that sent a request, which marks it as none of a shop's. */
export const HARNESS_HEADER = 'mock-klarna-harness';

/** Names the checks, separated by commas, that must skip a request because it is wrong on purpose. */
export const OFF_HEADER = 'mock-klarna-off';
