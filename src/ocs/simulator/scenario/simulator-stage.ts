import { availabilityOf, type Status } from '../../../presence/availability.js';
import { BridgeError } from '../../../presence/errors.js';
import type { SipUri } from '../../../presence/ids.js';
import type { CertificateFlaw, ServerAct } from '../faults/fault.js';
import type { FaultSpec } from '../faults/fault-spec.js';
import { OFFLINE_AVAILABILITY, type SimulatedPresence } from '../presence/simulated-presence.js';
import type { OcsSimulator } from '../simulator.js';
import type { ActorClient, ScenarioStage } from './stage.js';
import type { Counted } from './step.js';

/** Availability of somebody who is away with an out-of-office message. */
const AWAY_AVAILABILITY = 15_500;

export interface SimulatorStageOptions {
  readonly simulator: OcsSimulator;
  readonly uriOf: (name: string) => SipUri;
  /** Host name of a pool. */
  readonly hostNameOf: (pool: string) => string;
  readonly actors: ReadonlyMap<string, ActorClient>;
}

/** A stage on a simulated server. */
export class SimulatorStage implements ScenarioStage {
  readonly #options: SimulatorStageOptions;
  readonly #before: Readonly<Record<Counted, number>>;

  constructor(options: SimulatorStageOptions) {
    this.#options = options;
    this.#before = this.#counters();
  }

  becomes(person: string, status: Status, note: string | undefined): void {
    const availability = availabilityOf(status);
    if (availability === undefined) throw new BridgeError('SIM_SCENARIO', `nobody can become ${status}`);
    this.#set(person, { availability, note: note ?? '', outOfOffice: false });
  }

  outOfOffice(person: string, note: string | undefined): void {
    this.#set(person, { availability: AWAY_AVAILABILITY, note: note ?? '', outOfOffice: true });
  }

  async startServer(): Promise<void> {
    await this.#options.simulator.start();
  }

  async stopServer(): Promise<void> {
    await this.#options.simulator.stop();
  }

  begin(fault: FaultSpec): void {
    this.#options.simulator.beginFault(fault);
  }

  end(name: string | undefined): boolean {
    const { simulator } = this.#options;
    if (name !== undefined) return simulator.faults.end(name);
    simulator.endFaults();
    return true;
  }

  act(act: ServerAct, actor: string | undefined, person: string | undefined): void {
    const { simulator, uriOf } = this.#options;
    const whom = actor === undefined ? undefined : uriOf(actor);
    const whole = act.kind === 'resubscribe' && person !== undefined ? { ...act, person: uriOf(person) } : act;
    simulator.act(whole, whom);
  }

  setEnabled(actor: string, enabled: boolean): void {
    const { simulator, uriOf } = this.#options;
    if (enabled) simulator.enableUser(uriOf(actor));
    else simulator.disableUser(uriOf(actor));
  }

  move(actor: string, pool: string): void {
    const { simulator, uriOf, hostNameOf } = this.#options;
    simulator.movePerson(uriOf(actor), { kind: 'pool', hostName: hostNameOf(pool) });
  }

  userServices(down: boolean): void {
    this.#options.simulator.userServicesDown(down);
  }

  certificate(flaw: CertificateFlaw | undefined): void {
    this.#options.simulator.showCertificate(flaw);
  }

  counted(what: Counted): number {
    return this.#counters()[what] - this.#before[what];
  }

  actor(name: string): ActorClient {
    const client = this.#options.actors.get(name);
    if (!client) throw new BridgeError('SIM_SCENARIO', `there is no actor "${name}"`);
    return client;
  }

  #set(person: string, presence: Pick<SimulatedPresence, 'availability' | 'note' | 'outOfOffice'>): void {
    const uri = this.#options.uriOf(person);
    this.#options.simulator.setPerson(uri, { ...presence, activity: '', displayName: person });
  }

  #counters(): Readonly<Record<Counted, number>> {
    const { counters } = this.#options.simulator;
    return {
      connections: counters.connections,
      'sign-ins': counters.logonsOk,
      'failed-sign-ins': counters.logonsFailed,
      registrations: counters.registers,
      subscriptions: counters.subscribes,
      publications: counters.publishes,
      conflicts: counters.conflicts,
    };
  }
}

/** Puts the people of a scenario in place: known to the server, and offline. */
export function placePeople(simulator: OcsSimulator, people: readonly string[], uriOf: (name: string) => SipUri): void {
  for (const name of people) {
    const presence = { availability: OFFLINE_AVAILABILITY, activity: '', note: '', outOfOffice: false };
    simulator.setPerson(uriOf(name), { ...presence, displayName: name });
  }
}
