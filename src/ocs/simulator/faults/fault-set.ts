import type { Clock, Log } from '../../../bridge/ports.js';
import type { SipUri } from '../../../presence/ids.js';
import type { SipMessage } from '../codec/message.js';
import { ActiveFault } from './active-fault.js';
import type { LineFacts, ServerAct } from './fault.js';
import { FaultLine, type Wire } from './fault-line.js';
import type { FaultSpec } from './fault-spec.js';

/** When an act happens that nobody gave a time, milliseconds. */
const ACT_AFTER_MS = 10_000;

export interface FaultSetOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Octets that may wait on one connection. */
  readonly backlog: number;
  /** Does what a fault asks of the server, to endpoints of `user` or to all. */
  readonly act: (act: ServerAct, user: SipUri | undefined) => void;
}

/** Whoever wants to know what really reached clients. */
export interface LineListener {
  /** Called once a message was written as a whole. */
  onSent(line: FaultLine, message: SipMessage): void;
  onClosed(line: FaultLine): void;
}

/** The faults of one server: begun and ended at any time, on all its connections. */
export class FaultSet {
  readonly #options: FaultSetOptions;
  readonly #active = new Map<ActiveFault, () => void>();
  readonly #listeners = new Set<LineListener>();

  constructor(options: FaultSetOptions) {
    this.#options = options;
  }

  /** How often each fault that is on struck, by the text it was begun with. */
  get struck(): ReadonlyMap<string, number> {
    return new Map([...this.#active.keys()].map((fault) => [fault.spec.text, fault.struck]));
  }

  /** Begins a fault of the line or an act; those of the kind `start` are for whoever starts the server. */
  begin(spec: FaultSpec): void {
    const { clock, log } = this.#options;
    log.info('simulator.fault', { fault: spec.text });
    const fault = new ActiveFault(spec, clock);
    this.#active.set(fault, spec.action.kind === 'act' ? this.#schedule(spec, spec.action.act) : () => undefined);
  }

  /** Ends all faults of this name; false when there is none. */
  end(name: string): boolean {
    const ending = [...this.#active].filter(([fault]) => fault.spec.name === name);
    for (const [fault, cancel] of ending) {
      cancel();
      this.#active.delete(fault);
    }
    return ending.length > 0;
  }

  endAll(): void {
    for (const cancel of this.#active.values()) cancel();
    this.#active.clear();
  }

  /** A connection's line, through which all its messages have to pass. */
  line(facts: LineFacts, wire: Wire): FaultLine {
    const { clock, backlog } = this.#options;
    return new FaultLine(
      {
        facts,
        clock,
        backlog,
        faults: () => this.#active.keys(),
        onSent: (line, message) => {
          for (const listener of this.#listeners) listener.onSent(line, message);
        },
        onClosed: (line) => {
          for (const listener of this.#listeners) listener.onClosed(line);
        },
      },
      wire,
    );
  }

  listen(listener: LineListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #schedule({ scope }: FaultSpec, act: ServerAct): () => void {
    const { from = ACT_AFTER_MS, every, count = every === undefined ? 1 : Number.POSITIVE_INFINITY } = scope;
    let left = count;
    let cancel: () => void = () => undefined;
    const wait = (delayMs: number): void => {
      if (left <= 0) return;
      cancel = this.#options.clock.after(delayMs, () => {
        left -= 1;
        this.#options.act(act, scope.user);
        if (every !== undefined) wait(every);
      });
    };
    wait(from);
    return () => cancel();
  }
}
