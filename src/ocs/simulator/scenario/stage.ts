import type { Status } from '../../../presence/availability.js';
import type { ErrorCode } from '../../../presence/errors.js';
import type { CertificateFlaw, ServerAct } from '../faults/fault.js';
import type { FaultSpec } from '../faults/fault-spec.js';
import type { Counted, LinkWord } from './step.js';

/** What an actor shows of one person. */
export interface Seen {
  readonly status: Status;
  /** `undefined` for a client from outside that does not ask for notes. */
  readonly note: string | undefined;
}

/** Somebody who signs in: the project's own client, or one from outside that is only looked at from the server's side. */
export interface ActorClient {
  /** For a client from outside: false when it cannot be made to do so, and is expected to do it by itself. */
  readonly obeys: boolean;
  signIn(wrongPassword: boolean): void;
  signOff(): Promise<void>;
  watch(people: readonly string[]): void;
  /** For a client from outside: what it was told last; whether it shows `unknown` cannot be told from here. */
  sees(person: string): Seen;
  /** For a client from outside: only whether it is signed in. */
  link(): LinkWord;
  /** The last error it reported; `undefined` when that cannot be told from here. */
  lastError(): ErrorCode | 'none' | undefined;
  /** Resolves once the server took it. Rejects with `BridgeError`. */
  publish(status: Status, note: string | undefined): Promise<void>;
  say(text: string, to: string): Promise<void>;
  /** Texts that came from this actor; `undefined` when that cannot be told from here. */
  heard(from: string): readonly string[] | undefined;
  onChange(listener: () => void): () => void;
}

/** Where a scenario is played. */
export interface ScenarioStage {
  becomes(person: string, status: Status, note: string | undefined): void;
  outOfOffice(person: string, note: string | undefined): void;
  startServer(): Promise<void>;
  stopServer(): Promise<void>;
  begin(fault: FaultSpec): void;
  /** False when there is no such fault. */
  end(name: string | undefined): boolean;
  act(act: ServerAct, actor: string | undefined, person: string | undefined): void;
  setEnabled(actor: string, enabled: boolean): void;
  /** `pool` by its name in the scenario. */
  move(actor: string, pool: string): void;
  userServices(down: boolean): void;
  /** From the next start of the server on. */
  certificate(flaw: CertificateFlaw | undefined): void;
  counted(what: Counted): number;
  actor(name: string): ActorClient;
}
