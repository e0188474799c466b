import type { Clock } from '../../../bridge/ports.js';
import { parseSipUri, type SipUri } from '../../../presence/ids.js';
import { encode } from '../codec/encode.js';
import { headerOf, type SipMessage, type SipRequest, type SipResponse } from '../codec/message.js';
import type { ActiveFault } from './active-fault.js';
import type { ByteStep, FaultBehaviour, Incoming, LineEnd, LineFacts, Sending, Stage } from './fault.js';
import type { FaultHooks } from './hooks.js';

/** Messages held back on one connection; with one more it ends. */
const MAX_HELD_BACK = 10_000;

/** What a line needs of its connection. */
export interface Wire {
  /** Gives a message of the client to the server. */
  deliver(message: SipMessage): void;
  /** `written` is called once the system has the octets. */
  write(bytes: Buffer, written?: () => void): void;
  end(how: LineEnd): void;
}

export interface LineOptions {
  readonly facts: LineFacts;
  readonly clock: Clock;
  /** Octets that may wait on the line; beyond that the connection ends. */
  readonly backlog: number;
  /** Called once the last octet of a message was written. */
  readonly onSent: (line: FaultLine, message: SipMessage) => void;
  readonly onClosed: (line: FaultLine) => void;
  readonly faults: () => Iterable<ActiveFault>;
}

interface QueuedStep {
  readonly bytes: Buffer;
  readonly gapMs: number;
  readonly alone: boolean;
  readonly sent: (() => void) | undefined;
}

/** One connection with its faults: messages pass through every fault that is on, in the order they were begun. */
export class FaultLine implements FaultHooks {
  readonly #options: LineOptions;
  readonly #wire: Wire;
  readonly #behaviours = new Map<ActiveFault, FaultBehaviour>();
  readonly #timers = new Set<() => void>();
  readonly #queue: QueuedStep[] = [];
  #queuedBytes = 0;
  #waiting = false;
  #gathered: QueuedStep[] = [];
  #user: SipUri | undefined;
  #closed = false;

  constructor(options: LineOptions, wire: Wire) {
    this.#options = options;
    this.#wire = wire;
  }

  /** Who the client said it is. */
  get user(): SipUri | undefined {
    return this.#user;
  }

  /** A message from the client. */
  receive(message: SipMessage): void {
    this.#user ??= message.kind === 'request' ? userOf(message) : undefined;
    let messages: readonly SipMessage[] = [message];
    for (const [fault, { incoming }] of this.#active()) {
      messages = messages.flatMap((one) => {
        const outcome = this.#decide<SipMessage, Incoming>(fault, incoming, one);
        for (const response of outcome?.reply ?? []) this.send(response);
        return outcome?.deliver ?? [one];
      });
    }
    for (const one of messages) if (!this.#closed) this.#wire.deliver(one);
  }

  answerInstead(request: SipRequest): SipResponse | undefined {
    for (const [fault, { answer }] of this.#active()) {
      const response = this.#decide(fault, answer, request);
      if (response) return response;
    }
    return undefined;
  }

  /** A message to the client, signed already. */
  send(message: SipMessage): void {
    let sendings: readonly Sending[] = [{ message, delayMs: 0 }];
    for (const [fault, { outgoing }] of this.#active()) {
      sendings = sendings.flatMap((sending) => {
        const outcome = this.#decide(fault, outgoing, sending.message);
        return (
          outcome?.map((made) => ({ message: made.message, delayMs: sending.delayMs + made.delayMs })) ?? [sending]
        );
      });
    }
    for (const { message: made, delayMs } of sendings) {
      if (delayMs === 0) this.#transmit(made);
      else if (this.#timers.size >= MAX_HELD_BACK) this.#wire.end('close');
      else this.#after(delayMs, () => this.#transmit(made));
    }
  }

  /** To be called when the connection is gone. */
  close(): void {
    this.#closed = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#queue.length = 0;
    this.#gathered = [];
    this.#options.onClosed(this);
  }

  #transmit(message: SipMessage): void {
    if (this.#closed) return;
    const bytes = encode(message);
    let steps: readonly ByteStep[] = [{ kind: 'write', bytes, gapMs: 0 }];
    for (const [fault, behaviour] of this.#active()) {
      steps = steps.flatMap((step) =>
        step.kind === 'write' ? (this.#decide(fault, behaviour.bytes, step.bytes) ?? [step]) : [step],
      );
    }
    const last = steps.at(-1);
    for (const step of steps) {
      this.#perform(step, step === last ? () => this.#options.onSent(this, message) : undefined);
    }
  }

  #perform(step: ByteStep, sent: (() => void) | undefined): void {
    switch (step.kind) {
      case 'end':
        this.#wire.end(step.how);
        return;
      case 'gather':
        this.#gather(step, sent);
        return;
      case 'write':
        this.#enqueue({ bytes: step.bytes, gapMs: step.gapMs, alone: step.alone ?? false, sent });
    }
  }

  #gather({ bytes, withinMs }: ByteStep & { readonly kind: 'gather' }, sent: (() => void) | undefined): void {
    if (this.#gathered.length === 0) {
      this.#after(withinMs, () => {
        const parts = this.#gathered;
        this.#gathered = [];
        const all = Buffer.concat(parts.map((part) => part.bytes));
        this.#queuedBytes -= all.length;
        this.#enqueue({ bytes: all, gapMs: 0, alone: true, sent: () => tellAll(parts) });
      });
    }
    this.#gathered.push({ bytes, gapMs: 0, alone: true, sent });
    this.#queuedBytes += bytes.length;
    this.#endAtBacklog();
  }

  /** True when so much waits that the connection ends. */
  #endAtBacklog(): boolean {
    if (this.#queuedBytes <= this.#options.backlog) return false;
    this.#wire.end('close');
    return true;
  }

  #enqueue(step: QueuedStep): void {
    if (this.#closed) return;
    if (step.gapMs === 0 && !step.alone && !this.#waiting) {
      this.#write(step);
      return;
    }
    this.#queuedBytes += step.bytes.length;
    if (this.#endAtBacklog()) return;
    this.#queue.push(step);
    this.#next();
  }

  #next(): void {
    const [step] = this.#queue;
    if (this.#waiting || !step) return;
    this.#waiting = true;
    const go = (): void => {
      this.#queue.shift();
      this.#queuedBytes -= step.bytes.length;
      this.#write(step, () => {
        this.#waiting = false;
        this.#next();
      });
    };
    if (step.gapMs === 0) go();
    else this.#after(step.gapMs, go);
  }

  #write({ bytes, alone, sent }: QueuedStep, next?: () => void): void {
    if (this.#closed) return;
    this.#wire.write(bytes, alone ? next : undefined);
    sent?.();
    if (!alone) next?.();
  }

  #decide<Input, Outcome>(
    fault: ActiveFault,
    stage: Stage<Input, Outcome> | undefined,
    input: Input,
  ): Outcome | undefined {
    if (!stage || this.#closed) return undefined;
    return fault.decide(this.#user, () => stage(input));
  }

  *#active(): Generator<readonly [ActiveFault, FaultBehaviour]> {
    for (const fault of this.#options.faults()) {
      let behaviour = this.#behaviours.get(fault);
      if (behaviour === undefined) {
        behaviour = fault.behaviourFor(this.#options.facts);
        this.#behaviours.set(fault, behaviour);
      }
      yield [fault, behaviour];
    }
  }

  #after(delayMs: number, callback: () => void): void {
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#timers.delete(cancel);
      if (!this.#closed) callback();
    });
    this.#timers.add(cancel);
  }
}

function tellAll(parts: readonly QueuedStep[]): void {
  for (const { sent } of parts) sent?.();
}

function userOf(request: SipRequest): SipUri | undefined {
  const from = parseSipUri(headerOf(request, 'from') ?? '');
  return from.ok ? from.value : undefined;
}
