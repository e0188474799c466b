import { isIP } from 'node:net';
import { plainName } from './domain-rule.js';
import type { ServerAddress } from './server-address.js';

type Server = Pick<ServerAddress, 'host' | 'port' | 'transport'>;

/** `ocs01.contoso.example:5061`, `[2001:db8::7]:5061`. */
export function hostAndPort({ host, port }: Pick<Server, 'host' | 'port'>): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

/** A server for people: `ocs01.contoso.example:5061 TLS`. */
export function serverText(server: Server): string {
  return `${hostAndPort(server)} ${server.transport.toUpperCase()}`;
}

export function sameServer(a: Server, b: Server): boolean {
  return plainName(a.host) === plainName(b.host) && a.port === b.port && a.transport === b.transport;
}
