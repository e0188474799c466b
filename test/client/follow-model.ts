import type { FollowEffect, FollowEvent } from '../../src/client/follow-events.js';
import { type FollowState, startState } from '../../src/client/follow-state.js';
import { dueAt, stepFollow } from '../../src/client/follow-step.js';
import type { PeopleMessage, PersonPresence, SubscribeMessage } from '../../src/client/messages.js';
import type { Subscription } from '../../src/client/subscription.js';

export const FRESH_MS = 45_000;

export function presence(address: string, told: Partial<PersonPresence> = {}): PersonPresence {
  return { address, status: 'available', outOfOffice: false, source: 'ocs', confirmed: true, ...told };
}

/** Follows in simulated time: events go in, effects are kept. */
export class FollowRun {
  readonly state: FollowState;
  readonly effects: FollowEffect[] = [];
  now = 1_000_000;
  random = 1;
  resubscribes = true;

  constructor(subscription: Subscription = { people: ['ana'] }) {
    this.state = startState(subscription);
  }

  /** The effects of one event. */
  on(event: FollowEvent): readonly FollowEffect[] {
    const { now, random, resubscribes } = this;
    const effects = stepFollow(this.state, event, { now, random, resubscribes });
    this.effects.push(...effects);
    return effects;
  }

  hear(message: PeopleMessage): readonly FollowEffect[] {
    return this.on({ type: 'message', turn: this.state.turn, message });
  }

  /** Lets time pass, with everything that falls due. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (let due = dueAt(this.state); due <= end; due = dueAt(this.state)) {
      this.now = Math.max(this.now, due);
      this.on({ type: 'time' });
    }
    this.now = end;
  }

  /** Connected, and told of these people. */
  live(...people: readonly PersonPresence[]): this {
    this.on({ type: 'start' });
    this.snapshot(people);
    return this;
  }

  snapshot(people: readonly PersonPresence[], rest: object = {}): readonly FollowEffect[] {
    const asked = people.map(({ address }) => ({ query: address, address }));
    return this.hear({
      type: 'snapshot',
      cursor: 'c1',
      at: this.now,
      freshUntil: this.now + FRESH_MS,
      asked,
      people,
      ...rest,
    });
  }

  changes(people: readonly PersonPresence[], rest: object = {}): readonly FollowEffect[] {
    return this.hear({ type: 'changes', cursor: 'c2', at: this.now, people, ...rest });
  }

  status(freshFor = FRESH_MS): readonly FollowEffect[] {
    const link = { state: 'connected', since: 0 };
    const { now } = this;
    return this.hear({
      type: 'status',
      now,
      freshUntil: now + freshFor,
      bridge: 'b',
      role: link,
      ocs: link,
      notes: link,
    });
  }

  /** What the newest connection asked for. */
  get asked(): SubscribeMessage | undefined {
    const asked = this.effects.flatMap((effect) =>
      effect.type === 'connect' || effect.type === 'subscribe' ? [effect.message] : [],
    );
    return asked.at(-1);
  }

  statuses(): Record<string, string> {
    const fresh = this.now < this.state.freshUntil;
    return Object.fromEntries(
      [...this.state.people].map(([address, { status }]) => [address, fresh ? status : 'unknown']),
    );
  }
}

export function typesOf(effects: readonly FollowEffect[]): string[] {
  return effects.map(({ type }) => type);
}
