import type { SipUri } from '../../../presence/ids.js';
import type { Dialect, Home, ServerSettings } from '../options.js';
import { type Link, nominalPort } from './link.js';

/** One pool while it runs. */
export interface Pool {
  readonly hostName: string;
  readonly dialect: Dialect;
  readonly isDirector: boolean;
  /** Host that redirects to this pool name. */
  readonly contactHost: string;
  /** Ports that are open; the well-known ones are named while there are none. */
  readonly ports: { TLS?: number; TCP?: number };
}

/** The pools of the site, which connection belongs to which, and who is homed where. */
export class Pools {
  readonly all: readonly [Pool, ...Pool[]];
  readonly #byName = new Map<string, Pool>();
  readonly #byLink = new WeakMap<Link, Pool>();
  readonly #homes = new Map<SipUri, Pool | 'federated'>();
  readonly #defaultHome: Pool;

  /** Throws `RangeError` when two pools have one name, none can be a home, or an account's pool does not exist. */
  constructor({ hostName, dialect, pools, accounts }: ServerSettings) {
    const [first = { hostName }, ...others] = pools;
    const poolOf = (pool: (typeof pools)[number]): Pool => ({
      hostName: pool.hostName,
      dialect: pool.dialect ?? dialect,
      isDirector: pool.director ?? false,
      contactHost: pool.contactHost ?? pool.hostName,
      ports: {},
    });
    this.all = [poolOf(first), ...others.map(poolOf)];
    for (const pool of this.all) this.#byName.set(pool.hostName.toLowerCase(), pool);
    if (this.#byName.size !== this.all.length) throw new RangeError('two pools have the same host name');
    const home = this.all.find(({ isDirector }) => !isDirector);
    if (!home) throw new RangeError('a site needs a pool that is no director');
    this.#defaultHome = home;
    for (const { uri, pool } of accounts) if (pool !== undefined) this.move(uri, { kind: 'pool', hostName: pool });
  }

  /** Notes that a connection came in over this pool's port; without it, it belongs to the first. */
  connect(link: Link, pool: Pool): void {
    this.#byLink.set(link, pool);
  }

  of(link: Link): Pool {
    return this.#byLink.get(link) ?? this.all[0];
  }

  /** The pool that a URI without user names, such as `sip:pool2.contoso.example:5061;transport=tls`. */
  named(uri: string): Pool | undefined {
    const host = /^(?:sips?:)?([^@;:?>]+)(?=[;:?>]|$)/i.exec(uri)?.[1];
    return host === undefined ? undefined : this.#byName.get(host.toLowerCase());
  }

  homeOf(user: SipUri): Pool | 'federated' {
    return this.#homes.get(user) ?? this.#defaultHome;
  }

  /** Throws `RangeError` when there is no such pool, or it is a director. */
  move(user: SipUri, home: Home): void {
    if (home.kind === 'federated') {
      this.#homes.set(user, 'federated');
      return;
    }
    const pool = this.#byName.get(home.hostName.toLowerCase());
    if (!pool || pool.isDirector) throw new RangeError(`"${home.hostName}" is no pool that people can be homed on`);
    if (pool === this.#defaultHome) this.#homes.delete(user);
    else this.#homes.set(user, pool);
  }
}

/** The address of a pool for subscriptions, as `poolFqdn` names it (MS-PRES 3.4.5.1.3). */
export function poolUri({ hostName }: Pool): string {
  return `sip:${hostName}:${nominalPort('TLS')};transport=tls`;
}

/** Where a redirect to this pool leads, over the transport that the client came by. */
export function redirectContact({ contactHost, ports }: Pool, transport: Link['transport']): string {
  const host = contactHost.includes(':') ? `[${contactHost}]` : contactHost;
  return `<sip:${host}:${ports[transport] ?? nominalPort(transport)};transport=${transport.toLowerCase()}>`;
}
