import { isLoopback } from '../client/loopback.js';

/** The options of a start that say who can reach it and who may come in. */
export interface Exposure {
  host: string;
  adminToken?: string;
  open?: boolean;
}

/** Tells whether other machines reach an address to listen on. Names are not looked up: all but `localhost` count as reached. */
export const isExposed = (host: string): boolean => !isLoopback(host);

/** Tells whether a start would let other machines in without anybody having said so. */
export const isUnasked = ({ host, adminToken, open = false }: Exposure): boolean =>
  isExposed(host) && adminToken === undefined && !open;
