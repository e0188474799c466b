import { statusOf } from '../../../presence/availability.js';
import type { ErrorCode } from '../../../presence/errors.js';
import type { SipUri } from '../../../presence/ids.js';
import { cseqOf, headerOf, type SipMessage } from '../codec/message.js';
import type { FaultSet } from '../faults/fault-set.js';
import type { ActorClient, Seen } from './stage.js';
import type { LinkWord } from './step.js';

export interface OutsideActorOptions {
  readonly account: SipUri;
  readonly uriOf: (person: string) => SipUri;
  readonly faults: FaultSet;
}

/** Longest document that is looked at, characters. */
const MAX_LOOKED_AT = 8 * 1024 * 1024;

/** A client from outside, as far as the server can tell: whether it is signed in, and what it was told. */
export class OutsideActor implements ActorClient {
  readonly obeys = false;
  readonly #options: OutsideActorOptions;
  /** Connections over which it is registered. */
  readonly #lines = new Set<object>();
  readonly #told = new Map<string, Seen>();
  readonly #listeners = new Set<() => void>();

  constructor(options: OutsideActorOptions) {
    this.#options = options;
    options.faults.listen({
      onSent: (line, message) => {
        if (line.user !== options.account) return;
        if (isRegistered(message)) this.#lines.add(line);
        if (isSignedOff(message)) this.#left(line);
        if (message.body.length > 0) this.#read(message);
        this.#changed();
      },
      onClosed: (line) => {
        this.#left(line);
        this.#changed();
      },
    });
  }

  signIn(): void {}

  async signOff(): Promise<void> {}

  watch(): void {}

  /** What it was told last. */
  sees(person: string): Seen {
    return this.#told.get(this.#options.uriOf(person)) ?? { status: 'unknown', note: undefined };
  }

  link(): LinkWord {
    return this.#lines.size > 0 ? 'connected' : 'disconnected';
  }

  lastError(): ErrorCode | 'none' | undefined {
    return undefined;
  }

  async publish(): Promise<void> {}

  async say(): Promise<void> {}

  heard(): readonly string[] | undefined {
    return undefined;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Our own server's documents, as it writes them (see `documents/categories`). */
  #read(message: SipMessage): void {
    const text = message.body.toString('utf8', 0, MAX_LOOKED_AT);
    for (const [, uri = '', content = ''] of text.matchAll(
      /<categories [^>]*uri="([^"]*)"[^>]*>(.*?)<\/categories>/gs,
    )) {
      const before = this.#told.get(uri) ?? { status: 'unknown', note: undefined };
      const availability = /type="aggregateState"[^>]*><availability>(\d+)</.exec(content)?.[1];
      const note = /<note [^>]*><body [^>]*>([^<]*)</.exec(content)?.[1];
      const noNote = /<category name="note"\/>/.test(content);
      this.#told.set(uri, {
        status: availability === undefined ? before.status : statusOf(Number(availability)),
        note: note ?? (noNote ? '' : before.note),
      });
    }
  }

  #left(line: object): void {
    if (this.#lines.delete(line) && this.#lines.size === 0) this.#told.clear();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function isRegistered(message: SipMessage): boolean {
  return isAnswerToRegister(message) && headerOf(message, 'expires') !== '0';
}

function isSignedOff(message: SipMessage): boolean {
  return isAnswerToRegister(message) && headerOf(message, 'expires') === '0';
}

function isAnswerToRegister(message: SipMessage): boolean {
  return message.kind === 'response' && message.status === 200 && cseqOf(message)?.method === 'REGISTER';
}
