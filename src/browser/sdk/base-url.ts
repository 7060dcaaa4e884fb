import type { Script } from './script.js';

const KLARNAS = /(^|\.)klarna(\.com|\.net|cdn\.net)$/;

/** The hosts that Klarna's script takes for a developer's own machine. 127.0.0.1 is not among them. */
const DEVELOPERS = ['localhost', '0.0.0.0', 'dev-proxy'];

/** Names that never leave a machine or its network: loopback, names without a dot, and reserved endings. */
const LOCAL = /^(127(\.\d+){3}|\[::1\]|0\.0\.0\.0|[^.]+|.*\.(localhost|test|internal|local|svc))$/;

const parse = (url: string): URL | undefined => {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
};

/**
 * Says in one sentence why the SDK does not take a client token for its sandbox's, by the claim `base_url`; undefined when it
 * does. Klarna's script has a list of its own hosts; this one knows the host it came from, and local names.
 */
export function refuseBaseUrl(baseUrl: unknown, script: Pick<Script, 'url' | 'strict'>): string | undefined {
  if (typeof baseUrl !== 'string') {
    return 'the client token has no claim base_url, as the sample token of Klarna’s documentation; take the client_token of a session that the sandbox created';
  }
  const url = parse(baseUrl);
  if (!url || !/^https?:$/.test(url.protocol)) {
    return `the client token’s base_url “${baseUrl}” is no address of the web; give the sandbox its address by --public-url`;
  }
  const host = url.hostname;
  const own = script.url && new URL(script.url).hostname;
  if (KLARNAS.test(host) && host !== own && !(own && KLARNAS.test(own))) {
    return `the client token is Klarna’s own (its base_url is ${baseUrl}), and this script talks to a sandbox only; create the session at the sandbox`;
  }
  if (script.strict && !KLARNAS.test(host) && !DEVELOPERS.includes(host)) {
    return `Klarna’s script refuses a base_url at ${host} (data-strict): give the sandbox a --public-url at localhost`;
  }
  if (host !== own && !KLARNAS.test(host) && !LOCAL.test(host)) {
    return `the client token’s base_url names ${host}, which is neither where this script came from nor a local name; load the script from ${host}, or give the sandbox its address by --public-url`;
  }
  return undefined;
}
