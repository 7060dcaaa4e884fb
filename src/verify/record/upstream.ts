import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { CLOCK_HEADER } from '../../contract/headers.js';

export interface UpstreamOptions {
  target: URL;
  /** In the place of the shop's credentials. */
  credentials?: { username: string; password: string };
  /** Whether the target is a sandbox, which tells the time of a merchant's clock when it is asked. */
  sandbox?: boolean;
}

/** Whether a host is this machine. */
export const isLoopback = (hostname: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[::1\]|.+\.localhost)$/i.test(hostname);

/** Sends requests on to the target as they came. */
export class Upstream {
  readonly #options: UpstreamOptions;
  /** A connection to the target for each of the shop's, so that each ends with the other. */
  readonly #agents = new WeakMap<Socket, http.Agent>();

  constructor(options: UpstreamOptions) {
    this.#options = options;
  }

  /** Begins a request; its body is still to be written. */
  begin(request: IncomingMessage): ClientRequest {
    const { target } = this.#options;
    const secure = target.protocol === 'https:';
    return (secure ? https : http).request({
      protocol: target.protocol,
      // The brackets belong to the URL, not to the address.
      hostname: target.hostname.replace(/^\[|\]$/g, ''),
      port: target.port,
      method: request.method,
      path: target.pathname.replace(/\/$/, '') + pathOf(request.url as string),
      headers: this.#headers(request) as unknown as http.OutgoingHttpHeaders,
      setHost: false,
      agent: this.#agentOf(request.socket, secure),
    });
  }

  #agentOf(socket: Socket, secure: boolean): http.Agent {
    const known = this.#agents.get(socket);
    if (known) return known;
    const agent = new (secure ? https : http).Agent({ keepAlive: true, maxSockets: 1 });
    this.#agents.set(socket, agent);
    socket.once('close', () => agent.destroy());
    return agent;
  }

  /** Names and values in turn, in the order and the spelling of the shop. */
  #headers({ rawHeaders, method = '' }: IncomingMessage): string[] {
    const { target, credentials, sandbox } = this.#options;
    const replaced = new Map<string, string>();
    // A target elsewhere is found by its name; one on this machine answers with links to where it was asked.
    if (!isLoopback(target.hostname)) replaced.set('host', target.host);
    if (credentials) {
      const { username, password } = credentials;
      replaced.set('authorization', `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
    }
    const headers: string[] = [];
    const seen = new Set<string>();
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const [name, value] = [rawHeaders[at] as string, rawHeaders[at + 1] as string];
      const lower = name.toLowerCase();
      seen.add(lower);
      headers.push(name, replaced.get(lower) ?? value);
    }
    if (credentials && !seen.has('authorization')) {
      headers.push('Authorization', replaced.get('authorization') as string);
    }
    if (!seen.has('host')) headers.push('Host', target.host);
    if (sandbox) headers.push(CLOCK_HEADER, 'tell');
    // Without a length Node would announce a body that does not come.
    const bodiless = !seen.has('content-length') && !seen.has('transfer-encoding');
    if (bodiless && !/^(GET|HEAD|DELETE|OPTIONS|TRACE|CONNECT)$/.test(method)) headers.push('Content-Length', '0');
    return headers;
  }
}

/** Path and query, also of a request that names all of the URL, as those to a proxy do. */
export function pathOf(url: string): string {
  if (url.startsWith('/') || !URL.canParse(url)) return url;
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}
