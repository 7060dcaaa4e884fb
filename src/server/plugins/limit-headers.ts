/** Returns the headers of a limit on calls a second. */
export const limitHeaders = (limit: number, remaining: number) => ({
  'x-ratelimit-limit': `${limit}, ${limit};w=1`,
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': '1',
});
