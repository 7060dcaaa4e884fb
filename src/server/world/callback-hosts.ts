import { BlockList, isIP, isIPv6 } from 'node:net';
import { withoutBrackets } from '../../client/loopback.js';

/** The expected form of hosts to which callbacks may be sent, for messages. */
export const CALLBACK_HOSTS =
  'a host (shop.test, 192.0.2.7), a host and port (shop.test:8443), the names below a domain (*.shop.test) or a network (192.0.2.0/24)';

/** Tells whether callbacks may be sent to a URL. */
export type MayCall = (url: URL) => boolean;

/** Returns the host of a URL, without the brackets of an IPv6 address and the dot at the end of a complete name. */
export const hostOf = ({ hostname }: URL): string => withoutBrackets(hostname).replace(/\.$/, '');

const family = (version: number): 'ipv4' | 'ipv6' => (version === 6 ? 'ipv6' : 'ipv4');

/** Reads a network such as `192.0.2.0/24`: every address in it may be called, by its number and not by a name. */
function readNetwork(text: string): MayCall | undefined {
  const [, address = '', bits = ''] = /^([\da-f.:]+)\/(\d{1,3})$/i.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0 || Number(bits) > (version === 4 ? 32 : 128)) return undefined;
  const network = new BlockList();
  network.addSubnet(address, Number(bits), family(version));
  return (url) => {
    const host = hostOf(url);
    const called = isIP(host);
    return called !== 0 && network.check(host, family(called));
  };
}

/** Reads a name or address as URLs spell it; an IPv6 address may have brackets. Returns undefined where it is none. */
export function readHost(text: string): string | undefined {
  const address = `http://${isIPv6(text) ? `[${text}]` : text}`;
  const url = URL.canParse(address) && !text.endsWith(':') ? new URL(address) : undefined;
  if (!url || url.href !== `http://${url.hostname}/`) return undefined;
  const host = hostOf(url);
  return isIP(host) !== 0 || /^[\w-]+(?:\.[\w-]+)*$/.test(host) ? host : undefined;
}

const USUAL_PORTS: Record<string, string> = { 'http:': '80', 'https:': '443' };

/** Returns the port of a URL, that of its scheme where it names none. */
export const portOf = ({ protocol, port }: URL): string => port || (USUAL_PORTS[protocol] as string);

/** Reads a host such as `shop.test`, `shop.test:8443`, `*.shop.test` or `[::1]:8080`; without a port, any is meant. */
function readName(text: string): MayCall | undefined {
  const [, wildcard, given = '', port] = isIPv6(text)
    ? [text, undefined, text]
    : (/^(\*\.)?(.*?)(?::(\d+))?$/.exec(text) ?? []);
  const host = readHost(given);
  if (!host || (wildcard !== undefined && isIP(host) !== 0)) return undefined;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return undefined;
  const matches =
    wildcard === undefined ? (name: string) => name === host : (name: string) => name.endsWith(`.${host}`);
  return (url) => matches(hostOf(url)) && (port === undefined || portOf(url) === String(Number(port)));
}

const read = (text: string): MayCall | undefined => readNetwork(text) ?? readName(text);

/** Returns what somebody probably meant: the host of a URL, or the names below a domain. */
function nearest(text: string): string | undefined {
  const host = /^\w+:\/\//.test(text) && URL.canParse(text) ? new URL(text).host : '';
  return [host, text.replace(/^\*?\.?/, '*.')].find((candidate) => candidate !== '' && read(candidate));
}

/**
 * Reads hosts outside the loopback interface to which callbacks may be sent.
 * @throws {TypeError} when one is none
 */
export function readCallbackHosts(hosts: readonly string[]): MayCall {
  const known = hosts.map((given) => {
    const rule = read(given.trim());
    if (rule) return rule;
    const meant = nearest(given.trim());
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    throw new TypeError(`given ${JSON.stringify(given)}, expected ${CALLBACK_HOSTS}${hint}`);
  });
  return (url) => known.some((mayCall) => mayCall(url));
}
