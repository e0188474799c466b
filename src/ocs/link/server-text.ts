import type { ServerAddress } from './connection.js';

type Server = Pick<ServerAddress, 'host' | 'port' | 'transport'>;

/** A server for people: `ocs01.contoso.example:5061 TLS`. */
export function serverText({ host, port, transport }: Server): string {
  return `${host}:${port} ${transport.toUpperCase()}`;
}

export function sameServer(a: Server, b: Server): boolean {
  return a.host.toLowerCase() === b.host.toLowerCase() && a.port === b.port && a.transport === b.transport;
}
