import type { OwnPresence, OwnStatus } from '../../bridge/ports.js';
import { BridgeError } from '../../presence/errors.js';
import { cleanText } from '../../presence/snapshot.js';
import type { OwnPorts } from '../agent/own-side.js';
import type { OwnStatusPublisher } from '../agent/own-status-publisher.js';

type KeeperPorts = Pick<OwnPorts, 'clock' | 'log'>;

interface Waiting {
  readonly goal: number;
  readonly resolve: () => void;
  readonly reject: (error: BridgeError) => void;
}

/** Longest delay a timer takes; a later end is waited for in pieces. */
const LONGEST_DELAY_MS = 3_600_000;
const MAX_ACTIVITY_TEXT = 64;
/** Callers that wait for an answer. */
const MAX_WAITING = 100;

/** Keeps what is wanted over all connections, and tells whichever publisher there is. */
export class OwnPresenceKeeper implements OwnPresence {
  readonly #ports: KeeperPorts;
  #publisher: OwnStatusPublisher | undefined;
  #wanted: OwnStatus | undefined;
  /** What the server has taken last, over this connection. */
  #shown: OwnStatus | undefined;
  #goal = 0;
  #waiting: Waiting[] = [];
  #cancelEnd: () => void = () => {};

  constructor(ports: KeeperPorts) {
    this.#ports = ports;
  }

  current(): OwnStatus | undefined {
    return this.#wanted;
  }

  publish(status: OwnStatus): Promise<void> {
    if (status.until !== undefined && !(status.until > this.#ports.clock.now())) {
      return Promise.reject(new BridgeError('OCS_PUBLISH', 'The own status would have ended already.'));
    }
    return this.#want(cleaned(status));
  }

  clear(): Promise<void> {
    return this.#want(undefined);
  }

  /** A connection that is signed in. What is wanted is published at once. */
  use(publisher: OwnStatusPublisher): void {
    this.#publisher = publisher;
    if (this.#wanted !== undefined) publisher.want(this.#wanted, this.#goal);
  }

  /** That connection is gone: nobody will answer any more. */
  drop(publisher: OwnStatusPublisher): void {
    if (this.#publisher !== publisher) return;
    this.#publisher = undefined;
    this.#shown = undefined;
    this.#reject(this.#goal, notSignedIn(this.#wanted !== undefined));
  }

  /** Takes the status back for the sign-off; it stays wanted. Resolves when the server took that, or refused it. */
  withdraw(publisher: OwnStatusPublisher): Promise<void> {
    if (this.#publisher !== publisher) return Promise.resolve();
    // The end of a withdrawal is not what those wait for who want to be shown.
    if (this.#wanted !== undefined) this.#reject(this.#goal, notSignedIn(true));
    const goal = ++this.#goal;
    return new Promise((resolve) => {
      this.#waiting.push({ goal, resolve, reject: () => resolve() });
      publisher.want(undefined, goal);
    });
  }

  /** The source has ended. */
  stop(): void {
    this.#cancelEnd();
    this.#wanted = undefined;
  }

  onSettled(goal: number, error: BridgeError | undefined, kept: boolean): void {
    if (error === undefined) {
      if (goal === this.#goal) this.#shown = this.#wanted;
      this.#settle(goal, ({ resolve }) => resolve());
      return;
    }
    const details = { ...error.details, kept };
    this.#reject(goal, new BridgeError(error.code, error.message, { cause: error.cause, details }));
    if (!kept && goal === this.#goal && this.#wanted !== undefined) this.#fallBack();
  }

  /**
   * After a refusal for good, what was shown before it is wanted again, with its end; when that is refused too, nothing.
   * The server may hold some of either.
   */
  #fallBack(): void {
    this.#wanted = this.#shown;
    this.#shown = undefined;
    this.#publisher?.want(this.#wanted, ++this.#goal);
    this.#armEnd();
  }

  #want(status: OwnStatus | undefined): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING) {
      return Promise.reject(new BridgeError('OCS_PUBLISH', 'Too many changes of the own status wait for the server.'));
    }
    this.#wanted = status;
    const goal = ++this.#goal;
    this.#armEnd();
    const publisher = this.#publisher;
    if (publisher === undefined) {
      // What the server may still show of us is looked for after the next sign-in.
      return status === undefined ? Promise.resolve() : Promise.reject(notSignedIn(true));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ goal, resolve, reject });
      publisher.want(status, goal);
    });
  }

  #armEnd(): void {
    this.#cancelEnd();
    const { clock, log } = this.#ports;
    const until = this.#wanted?.until;
    if (until === undefined) return;
    const left = until - clock.now();
    if (left > 0) {
      this.#cancelEnd = clock.after(Math.min(left, LONGEST_DELAY_MS), () => this.#armEnd());
      return;
    }
    log.info('ocs.own-status-over', {});
    this.clear().catch((thrown: unknown) => {
      log.warn('ocs.own-status-over', { error: BridgeError.from(thrown).message });
    });
  }

  #reject(goal: number, error: BridgeError): void {
    this.#settle(goal, ({ reject }) => reject(error));
  }

  #settle(goal: number, finish: (one: Waiting) => void): void {
    const done = this.#waiting.filter((one) => one.goal <= goal);
    this.#waiting = this.#waiting.filter((one) => one.goal > goal);
    for (const one of done) finish(one);
  }
}

function cleaned(status: OwnStatus): OwnStatus {
  const { activityText = '', note = '', ...rest } = status;
  return { ...rest, activityText: cleanText(activityText).slice(0, MAX_ACTIVITY_TEXT), note: cleanText(note) };
}

function notSignedIn(kept: boolean): BridgeError {
  const later = kept ? ' It will be published at the next sign-in.' : '';
  return new BridgeError('OCS_PUBLISH', `The own status was not taken: the account is not signed in.${later}`, {
    details: { kept },
  });
}
