/** The host name that stands in reports for any sandbox, whose port differs from run to run. RFC 6761 reserves it for tests. */
export const ANY_HOST = 'klarna.test';
