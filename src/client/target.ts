/** The address and the merchant of requests. */
export interface Target {
  /** Base URL without a path. */
  url: string;
  /** User name, and password, of HTTP Basic authentication. */
  username: string;
  password: string;
  /** Host header of requests, if it is not the URL's host: answers that name it are then the same on every port. */
  host?: string;
  /** The command that sends the requests, if the target is a sandbox: marks them there as none of a shop's. */
  harness?: 'replay' | 'verify' | 'drift';
  /** Aborted when the target was closed, with the reason in words: calls end with it from then on. */
  closed?: AbortSignal;
}

/** A request as it was sent. */
export interface SentRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** An answer as received. */
export interface Answer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** JSON as a value, anything else as text; undefined for none. */
  body: unknown;
}
