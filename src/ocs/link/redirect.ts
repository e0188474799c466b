import { bad, ok, type Result } from '../../presence/result.js';
import { isAllowedName, isHostName, plainName } from './domain-rule.js';
import type { ServerAddress } from './server-address.js';
import { sameServer, serverText } from './server-text.js';

/** Server that another one sends us to, as it was named. */
export interface RedirectTarget {
  readonly host: string;
  readonly port: number | undefined;
  readonly transport: 'tls' | 'tcp';
}

/** Redirects that are followed in a row: a director and two pools, which is more than a site needs. */
export const MAX_REDIRECTS = 3;

const DEFAULT_PORT = { tls: 5061, tcp: 5060 } as const;

/**
 * The server to connect to after a redirect, or why not. `chain` holds the servers that were asked before, the one that
 * sent us here last. The name must lie in one of `domains`; encryption is never given up; the certificate will be
 * compared with the new name, whatever name the server before was known under.
 */
export function followRedirect(
  targets: readonly RedirectTarget[],
  chain: readonly ServerAddress[],
  domains: readonly string[],
): Result<ServerAddress> {
  if (targets.length === 0) return bad('no server is named');
  if (chain.length > MAX_REDIRECTS) return bad(`it would be redirect number ${chain.length} in a row`);
  const before = chain.at(-1);
  let reason = '';
  for (const target of targets) {
    const { transport } = target;
    const host = plainName(target.host);
    const server: ServerAddress = {
      host,
      port: target.port ?? DEFAULT_PORT[transport],
      transport,
      ...(before?.tls === undefined ? {} : { tls: before.tls }),
    };
    const objection = objectionTo(server, before, chain, domains);
    if (objection === undefined) return ok(server);
    if (reason === '') reason = objection;
  }
  return bad(reason);
}

function objectionTo(
  server: ServerAddress,
  before: ServerAddress | undefined,
  chain: readonly ServerAddress[],
  domains: readonly string[],
): string | undefined {
  if (!isHostName(server.host) || server.port === 0) return `${server.host}:${server.port} is no name of a server`;
  if (!isAllowedName(server.host, domains)) return `${server.host} is in no trusted domain`;
  if (before?.transport === 'tls' && server.transport !== 'tls') return `${serverText(server)} is without TLS`;
  return chain.some((one) => sameServer(one, server)) ? `${serverText(server)} was asked before: a loop` : undefined;
}
