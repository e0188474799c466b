import type { Clock, Log, Random } from '../../bridge/ports.js';
import { BridgeError } from '../../presence/errors.js';
import { type SipKey, sipKeyOf } from '../../presence/ids.js';
import { type Discovery, discover } from '../link/discovery/discover.js';
import type { NameLookUp } from '../link/discovery/look-up.js';
import { type DiscoveryStep, describeStep } from '../link/discovery/step.js';
import { isAllowedName, parentDomain } from '../link/domain-rule.js';
import {
  addressesFor,
  formatLastGood,
  isFresh,
  type LastGood,
  parseLastGood,
  type ServerMemory,
} from '../link/last-good.js';
import type { ServerAddress } from '../link/server-address.js';
import { hostAndPort, sameServer, serverText } from '../link/server-text.js';
import type { OcsSourceOptions } from '../options.js';

export interface FinderPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly names: NameLookUp;
  readonly servers: ServerMemory;
}

export interface Found {
  readonly candidates: readonly ServerAddress[];
  /** Empty when the servers were set by hand. */
  readonly steps: readonly DiscoveryStep[];
  /** Why there is no candidate. */
  readonly error?: BridgeError;
}

/** Domains that a redirect may lead to: the account's, those of the servers that we were told of, the trusted ones. */
export function redirectDomains({ account, server, alternates = [], trustedDomains = [] }: OcsSourceOptions): string[] {
  const own = account.slice(account.lastIndexOf('@') + 1);
  const told = 'host' in server ? [server, ...alternates].flatMap(namesOf) : [server.domain];
  return [own, ...told, ...trustedDomains];
}

/** Its own name, since it may have further ports, and the domain of its neighbours. */
function namesOf({ host, serverName = host }: ServerAddress): string[] {
  const parent = parentDomain(serverName);
  return parent === undefined ? [serverName] : [serverName, parent];
}

/** Why a look-up in DNS led to no server, as one sentence. */
function describeNone(domain: string, { failed, steps }: Discovery): string {
  const [refused] = steps.flatMap((step) => step.refused);
  if (refused !== undefined)
    return `No server that DNS names for ${domain} may be used; the first is ${refused.server}: ${refused.reason}.`;
  if (!failed) return `DNS names no OCS server for ${domain}.`;
  const answers = [...new Set(steps.map(({ answer }) => answer))].join(', ');
  return `The name service does not say where the OCS server of ${domain} is: ${answers}.`;
}

/** Servers of one account, and where they are: from settings, DNS and memory. */
export class ServerFinder {
  readonly #options: OcsSourceOptions;
  readonly #ports: FinderPorts;
  readonly #key: SipKey;
  #lastGood: LastGood | undefined;
  /** Addresses of the server that is being tried. */
  #located: { readonly server: ServerAddress; readonly addresses: readonly string[] } | undefined;

  constructor(options: OcsSourceOptions, ports: FinderPorts) {
    this.#options = options;
    this.#ports = ports;
    this.#key = sipKeyOf(options.account);
    const kept = ports.servers.read(this.#key);
    const read = kept === undefined ? undefined : parseLastGood(kept);
    if (read !== undefined && this.#mayBeUsed(read)) this.#lastGood = read;
  }

  /** The server that accepted the last sign-in, as far as the settings still allow it. */
  lastGood(): ServerAddress | undefined {
    return this.#lastGood && this.#addressOf(this.#lastGood);
  }

  /** All servers to try, best first. */
  async find(): Promise<Found> {
    const { server, alternates = [], trustedDomains = [] } = this.#options;
    if ('host' in server) return { candidates: [server, ...alternates], steps: [] };
    const { names, random, clock, log } = this.#ports;
    const found = await discover({ ...server, trustedDomains }, names, () => random.unit());
    for (const step of found.steps) log.debug('ocs.looked-up', { step: describeStep(step) });
    if (found.candidates.length > 0) {
      log.info('ocs.discovered', { servers: found.candidates.map(serverText).join(', ') });
      return found;
    }
    if (found.failed && isFresh(this.#lastGood, clock.now())) {
      log.warn('ocs.name-service-down', { server: serverText(this.#lastGood) });
      return { candidates: [this.#addressOf(this.#lastGood)], steps: found.steps };
    }
    const text = describeNone(server.domain, found);
    return { ...found, error: new BridgeError('OCS_NOT_FOUND', text, { details: { domain: server.domain } }) };
  }

  /** The server with its addresses, or why it has none. */
  async locate(server: ServerAddress): Promise<ServerAddress | BridgeError> {
    const { names, clock, log } = this.#ports;
    const answer = await names.addresses(server.host);
    const outcome = addressesFor(server.host, answer, this.#lastGood, clock.now());
    if ('reason' in outcome) {
      const text = `No connection to ${hostAndPort(server)}: ${outcome.reason}.`;
      return new BridgeError('OCS_UNREACHABLE', text, {
        details: { server: serverText(server), cause: outcome.reason },
      });
    }
    if (outcome.from === 'memory') log.warn('ocs.name-service-down', { server: serverText(server) });
    this.#located = { server, addresses: outcome.addresses };
    return { ...server, addresses: outcome.addresses };
  }

  /** This server is good, as of now. */
  remember(server: ServerAddress): void {
    const known = [this.#located, this.#lastGood && { server: this.#lastGood, addresses: this.#lastGood.addresses }];
    const addresses = known.find((one) => one !== undefined && sameServer(one.server, server))?.addresses ?? [];
    const { host, port, transport } = server;
    this.#lastGood = { host, port, transport, addresses, at: this.#ports.clock.now() };
    this.#ports.servers.write(this.#key, formatLastGood(this.#lastGood));
  }

  forget(): void {
    this.#lastGood = undefined;
    this.#ports.servers.write(this.#key, undefined);
  }

  /** Settings may have changed since it was remembered. */
  #mayBeUsed(known: LastGood): boolean {
    const { server, alternates = [] } = this.#options;
    if ('host' in server) {
      if ([server, ...alternates].some((one) => sameServer(one, known))) return true;
      return server.transport === known.transport && isAllowedName(known.host, redirectDomains(this.#options));
    }
    if (server.transports !== 'any' && server.transports !== known.transport) return false;
    return isAllowedName(known.host, redirectDomains(this.#options));
  }

  #addressOf({ host, port, transport }: LastGood): ServerAddress {
    const { server, alternates = [] } = this.#options;
    const told =
      'host' in server ? [server, ...alternates].find((one) => sameServer(one, { host, port, transport })) : undefined;
    if (told !== undefined) return told;
    return { host, port, transport, ...(server.tls === undefined ? {} : { tls: server.tls }) };
  }
}
