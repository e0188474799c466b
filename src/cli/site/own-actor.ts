import type { Clock, LinkReport, LinkState, Log, Random } from '../../bridge/ports.js';
import type { ActorClient, Seen } from '../../ocs/simulator/scenario/stage.js';
import type { LinkWord } from '../../ocs/simulator/scenario/step.js';
import { createOcsSource, type OcsSource, type OcsSourceOptions } from '../../ocs/source.js';
import type { Status } from '../../presence/availability.js';
import { BridgeError, type ErrorCode } from '../../presence/errors.js';
import type { SipUri } from '../../presence/ids.js';
import { merge, type Observation, type Snapshot, unknownSnapshot } from '../../presence/snapshot.js';

export interface OwnActorOptions {
  /** How it signs in; a wrong password is made from this one. */
  readonly source: OcsSourceOptions;
  readonly uriOf: (name: string) => SipUri;
}

export interface OwnActorPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

const LINK_WORD: Readonly<Record<LinkState, LinkWord>> = {
  starting: 'disconnected',
  connecting: 'disconnected',
  connected: 'connected',
  'transient-disconnect': 'disconnected',
  'bad-credentials': 'bad-credentials',
  'untrusted-peer': 'untrusted',
  refused: 'refused',
  stopped: 'signed-off',
};

/** An actor of a scenario that is played by the project's own client. */
export class OwnActor implements ActorClient {
  readonly obeys = true;
  readonly #options: OwnActorOptions;
  readonly #ports: OwnActorPorts;
  readonly #listeners = new Set<() => void>();
  readonly #people = new Map<SipUri, Snapshot>();
  readonly #heard = new Map<SipUri, string[]>();
  #watched: readonly SipUri[] = [];
  #source: OcsSource | undefined;
  #link: LinkReport | undefined;
  #error: ErrorCode | 'none' = 'none';

  constructor(options: OwnActorOptions, ports: OwnActorPorts) {
    this.#options = options;
    this.#ports = ports;
  }

  signIn(wrongPassword: boolean): void {
    if (this.#source) throw new BridgeError('SIM_SCENARIO', 'this actor has signed in already');
    const { source: options } = this.#options;
    const password = wrongPassword ? `not ${options.password}` : options.password;
    const source = createOcsSource({ ...options, password }, this.#ports);
    this.#source = source;
    source.messages.onMessage(({ from, text }) => {
      this.#heard.set(from, [...(this.#heard.get(from) ?? []), text]);
      this.#changed();
    });
    source.watch(this.#watched);
    source.start({
      onLink: (report) => this.#onLink(report),
      onObservations: (observations, authoritative) => this.#onObservations(observations, authoritative),
      onLost: (uris) => {
        for (const uri of uris) this.#people.delete(uri);
        this.#changed();
      },
    });
  }

  async signOff(): Promise<void> {
    const source = this.#source;
    this.#source = undefined;
    await source?.stop();
  }

  watch(people: readonly string[]): void {
    this.#watched = people.map(this.#options.uriOf);
    for (const uri of this.#people.keys()) if (!this.#watched.includes(uri)) this.#people.delete(uri);
    this.#source?.watch(this.#watched);
  }

  sees(person: string): Seen {
    const snapshot = this.#people.get(this.#options.uriOf(person));
    return { status: snapshot?.status ?? 'unknown', note: snapshot?.note ?? '' };
  }

  link(): LinkWord {
    return this.#link === undefined ? 'disconnected' : LINK_WORD[this.#link.state];
  }

  lastError(): ErrorCode | 'none' {
    return this.#error;
  }

  async publish(status: Status, note: string | undefined): Promise<void> {
    if (status === 'unknown' || status === 'available-idle' || status === 'busy-idle') {
      throw new BridgeError('SIM_SCENARIO', `nobody can choose to be ${status}`);
    }
    await this.#signedIn().own.publish({ status, ...(note === undefined ? {} : { note }) });
  }

  async say(text: string, to: string): Promise<void> {
    await this.#signedIn().messages.send(this.#options.uriOf(to), text);
  }

  heard(from: string): readonly string[] {
    return this.#heard.get(this.#options.uriOf(from)) ?? [];
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #signedIn(): OcsSource {
    if (!this.#source) throw new BridgeError('SIM_SCENARIO', 'this actor has not signed in');
    return this.#source;
  }

  #onLink(report: LinkReport): void {
    this.#link = report;
    if (report.error) this.#error = report.error.code;
    if (report.state !== 'connected') this.#people.clear();
    this.#changed();
  }

  #onObservations(observations: readonly Observation[], authoritative: boolean): void {
    const now = this.#ports.clock.now();
    for (const one of observations) {
      if (!this.#watched.includes(one.uri)) continue;
      const before = this.#people.get(one.uri) ?? unknownSnapshot(one.uri);
      this.#people.set(one.uri, merge(before, one, { now, notes: true, authoritative }));
    }
    this.#changed();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
