import type { Clock, Log, Person, Random } from '../../bridge/ports.js';
import { accountOf, type CastMember, castOf } from '../../ocs/simulator/cast.js';
import type { ServerCertificate } from '../../ocs/simulator/certificates.js';
import type { SimulatorAccount } from '../../ocs/simulator/options.js';
import { DayPlayer, type Pace } from '../../ocs/simulator/player.js';
import { OcsSimulator, type SimulatorAddress } from '../../ocs/simulator/simulator.js';
import { BridgeError } from '../../presence/errors.js';
import { parseSipUri, type SipUri, sipKeyOf } from '../../presence/ids.js';

export interface SiteOptions {
  readonly domain: string;
  /** People of the cast. */
  readonly size: number;
  readonly seed: number;
  readonly pace: Pace;
  readonly listen: { readonly host: string; readonly tlsPort?: number; readonly tcpPort?: number };
  /** One password for all accounts of this made-up company. */
  readonly password: string;
  /** Certificate to use again, so that who trusted it once still does; otherwise a new one. */
  readonly certificates?: ServerCertificate;
}

export interface SitePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Names of people who have an account but no part to play: for clients of your own. */
const GUESTS = ['alice', 'robert'] as const;

/** What the system says of an address that is none, or none of this machine. */
const ADDRESS_ERRORS: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/** A made-up company with its OCS server: accounts, people, their working day. */
export class SimulatedSite {
  readonly simulator: OcsSimulator;
  readonly cast: readonly CastMember[];
  readonly guests: readonly SimulatorAccount[];
  readonly player: DayPlayer;
  /** The account a bridge signs in with. */
  readonly service: SimulatorAccount;

  constructor(options: SiteOptions, ports: SitePorts) {
    const { domain, password } = options;
    const windowsDomain = (domain.split('.')[0] ?? domain).toUpperCase();
    const account = (user: string, displayName: string): SimulatorAccount => ({
      uri: addressOf(user, domain),
      user,
      domain: windowsDomain,
      password,
      displayName,
    });
    this.service = account('presence.bridge', 'Presence Bridge');
    this.guests = GUESTS.map((name) => account(name, `${name.charAt(0).toUpperCase()}${name.slice(1)} (guest)`));
    this.cast = castOf(options.size, domain, options.seed);
    const members = this.cast.map((member) => accountOf(member, windowsDomain, password));
    this.simulator = new OcsSimulator({
      domain,
      listen: options.listen,
      accounts: [this.service, ...this.guests, ...members],
      ...(options.certificates === undefined ? {} : { certificates: options.certificates }),
      ...ports,
    });
    const { simulator } = this;
    this.player = new DayPlayer({
      cast: this.cast,
      stage: simulator,
      clock: ports.clock,
      pace: options.pace,
      seed: options.seed,
    });
  }

  /** Everybody whose presence can be watched, as a bridge's roster. */
  get people(): readonly Person[] {
    return [
      ...this.cast.map(({ uri, notesName }) => ({ uri, key: sipKeyOf(uri), name: notesName, displayName: '' })),
      ...this.guests.map(({ uri, displayName }) => ({ uri, key: sipKeyOf(uri), name: undefined, displayName })),
    ];
  }

  /** Opens the ports. Throws `BridgeError`: `SIM_PORT` when one cannot be opened, `SIM_ADDRESS` when none could be. */
  async start(): Promise<SimulatorAddress> {
    return await startSimulator(this.simulator);
  }

  async stop(): Promise<void> {
    this.player.stop();
    await this.simulator.stop();
  }
}

/** Opens the ports of a simulated server. Throws as `SimulatedSite.start`. */
export async function startSimulator(simulator: OcsSimulator): Promise<SimulatorAddress> {
  try {
    return await simulator.start();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const isAddress = ADDRESS_ERRORS.has((cause as NodeJS.ErrnoException).code ?? '');
    throw new BridgeError(isAddress ? 'SIM_ADDRESS' : 'SIM_PORT', `the simulated server cannot listen: ${reason}`, {
      cause,
    });
  }
}

/** A made-up person's address. Throws `CLI_USAGE` for a domain that cannot be one. */
export function addressOf(user: string, domain: string): SipUri {
  const read = parseSipUri(`sip:${user}@${domain}`);
  if (!read.ok) throw new BridgeError('CLI_USAGE', `"${domain}" cannot be a SIP domain: ${read.reason}`);
  return read.value;
}
