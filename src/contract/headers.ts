/**
 * Headers that say how a message is framed, or which hops it took: every proxy on the way may change, add or drop them,
 * so that nobody who is asked through one can tell what the server sent. Names in lower case.
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

/** Tells whether a header, in any case, is one of those. */
export const isFraming = (name: string): boolean => framingHeaders.has(name.toLowerCase());

/**
 * Headers of requests by which those who use the sandbox speak to it and not to Klarna; names in lower case. None of them
 * changes what is answered, but for the scenario that is chosen.
 */

/** Asks for the time of the merchant's clock: the answer has it under the same name, in ISO 8601. */
export const CLOCK_HEADER = 'mock-klarna-clock';

/** Names the command that sent a request: what the harness sends is no shop's. */
export const HARNESS_HEADER = 'mock-klarna-harness';

/** Names the checks, with commas between, that are to say nothing of a request, since it is wrong on purpose. */
export const OFF_HEADER = 'mock-klarna-off';
