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
