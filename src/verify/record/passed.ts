/** One exchange that went through the proxy. */
export interface Passed {
  /** When the request arrived, epoch ms. */
  at: number;
  /** What the clock of its merchant showed then, epoch ms, where the target is a sandbox and said so. */
  clock?: number;
  /** Until the end of the answer, in ms. */
  ms: number;
  method: string;
  /** Path and query. */
  target: string;
  /** Names as they were spelt; one that came more than once has its values in one text. */
  requestHeaders: Record<string, string>;
  requestBody?: string;
  /** 0 where no whole answer came. */
  status: number;
  responseHeaders: Record<string, string>;
  responseBody?: string;
  /** Why no whole answer came, or why a body is not kept. */
  trouble?: string;
}
