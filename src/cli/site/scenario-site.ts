import type { Clock, Log, Person, Random } from '../../bridge/ports.js';
import type { ServerAddress } from '../../ocs/link/server-address.js';
import type { SimulatorAccount } from '../../ocs/simulator/options.js';
import { OutsideActor } from '../../ocs/simulator/scenario/outside-actor.js';
import { type RunOptions, runScenario, type StepReport } from '../../ocs/simulator/scenario/runner.js';
import { hostNameOf, poolsOf } from '../../ocs/simulator/scenario/scenario-pools.js';
import { placePeople, SimulatorStage } from '../../ocs/simulator/scenario/simulator-stage.js';
import type { ActorClient } from '../../ocs/simulator/scenario/stage.js';
import type { Actor, Scenario } from '../../ocs/simulator/scenario/step.js';
import { OcsSimulator, type SimulatorAddress } from '../../ocs/simulator/simulator.js';
import { type SipUri, sipKeyOf } from '../../presence/ids.js';
import { OwnActor } from './own-actor.js';
import { addressOf, startSimulator } from './site.js';

export interface ScenarioSiteOptions {
  readonly scenario: Scenario;
  readonly domain: string;
  readonly listen: { readonly host: string; readonly tlsPort: number; readonly tcpPort?: number };
  /** One password for all accounts. */
  readonly password: string;
}

export interface ScenarioPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** A simulated server with the people and accounts of one scenario. */
export class ScenarioSite {
  readonly simulator: OcsSimulator;
  readonly people: readonly Person[];
  /** Accounts by the name of the actor. */
  readonly accounts: ReadonlyMap<string, SimulatorAccount>;
  readonly #options: ScenarioSiteOptions;
  readonly #ports: ScenarioPorts;
  readonly #own: OwnActor[] = [];

  constructor(options: ScenarioSiteOptions, ports: ScenarioPorts) {
    const { scenario, domain, password, listen } = options;
    const windowsDomain = (domain.split('.')[0] ?? domain).toUpperCase();
    this.#options = options;
    this.#ports = ports;
    this.accounts = new Map(
      scenario.actors.map(({ name, account, pool }) => [
        name,
        {
          uri: addressOf(account, domain),
          user: account,
          domain: windowsDomain,
          password,
          displayName: name,
          ...(pool === undefined ? {} : { pool: hostNameOf(pool, domain) }),
        },
      ]),
    );
    this.people = scenario.people.map((name) => {
      const uri = addressOf(name, domain);
      return { uri, key: sipKeyOf(uri), name: undefined, displayName: name };
    });
    this.simulator = new OcsSimulator({
      domain,
      listen,
      accounts: [...this.accounts.values()],
      ...poolsOf(scenario, domain, listen),
      ...ports,
    });
  }

  /** The first actor that comes from outside, if there is one. */
  get outside(): Actor | undefined {
    return this.#options.scenario.actors.find(({ outside }) => outside);
  }

  /** Opens the ports. Throws `BridgeError`: `SIM_PORT` or `SIM_ADDRESS`. */
  async start(): Promise<SimulatorAddress> {
    placePeople(this.simulator, this.#options.scenario.people, this.#uriOf);
    return await startSimulator(this.simulator);
  }

  /** Plays the scenario, once the server listens there. */
  async play(address: SimulatorAddress, options: Omit<RunOptions, 'clock'>): Promise<readonly StepReport[]> {
    const server: ServerAddress = {
      host: this.#options.listen.host,
      port: address.tlsPort ?? 0,
      transport: 'tls',
      serverName: 'localhost',
      tls: { ca: address.caCertificate },
    };
    const actors = new Map(this.#options.scenario.actors.map((actor) => [actor.name, this.#actor(actor, server)]));
    const stage = new SimulatorStage({
      simulator: this.simulator,
      uriOf: this.#uriOf,
      hostNameOf: (pool) => hostNameOf(pool, this.#options.domain),
      actors,
    });
    return await runScenario(this.#options.scenario, stage, { clock: this.#ports.clock, ...options });
  }

  async stop(): Promise<void> {
    this.simulator.endFaults();
    await Promise.all(this.#own.map((actor) => actor.signOff()));
    await this.simulator.stop();
  }

  #actor(actor: Actor, server: ServerAddress): ActorClient {
    const uriOf = this.#uriOf;
    const account = uriOf(actor.name);
    if (actor.outside) return new OutsideActor({ account, uriOf, faults: this.simulator.faults });
    const { user = actor.account, domain = '', password = '' } = this.accounts.get(actor.name) ?? {};
    const source = { account, user, domain, password, server, notes: true, trustedDomains: ['localhost'] };
    const own = new OwnActor({ source, uriOf }, this.#ports);
    this.#own.push(own);
    return own;
  }

  readonly #uriOf = (name: string): SipUri => this.accounts.get(name)?.uri ?? addressOf(name, this.#options.domain);
}
