/** A target: where requests go, and as whom. */
export interface Target {
  /** Base URL without a path. */
  url: string;
  /** User name, and password, of HTTP Basic authentication. */
  username: string;
  password: string;
  /** The host that requests name, when it is not that of the URL: answers that name it are then the same on every port. */
  host?: string;
  /** The command that plays, where the target is a sandbox: it marks its requests there, since they are no shop's. */
  harness?: 'replay' | 'verify' | 'drift';
}

/** A request as it was sent. */
export interface SentRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** An answer as it came. */
export interface Answer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** JSON as a value, anything else as text; undefined when there was none. */
  body: unknown;
}
