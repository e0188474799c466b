import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PersonPresence } from '../../src/client/messages.js';
import { FollowRun, FRESH_MS, presence } from './follow-model.js';

const NAMES = ['ana', 'ben', 'cem', 'dua', 'eva', 'fia'];
const STATUSES = ['available', 'busy', 'away', 'offline'] as const;
const addressOf = (name: string): string => `sip:${name}@contoso.example`;

/** A bridge as `messages.ts` describes it, and the wire from it, on which things wait and get lost. */
class FakeBridge {
  readonly #run: FollowRun;
  readonly #statuses = new Map<string, { status: PersonPresence['status']; changedAt: number }>();
  #sequence = 0;
  /** Deliveries under way on the newest connection. */
  #wire: (() => void)[] = [];
  #turn = -1;
  #followed: readonly string[] = [];
  #told = 0;
  /** Parts of a snapshot that were not sent. */
  #parts: string[][] = [];
  #start = 0;
  #first = false;
  #read = 0;

  constructor(run: FollowRun) {
    this.#run = run;
    for (const name of NAMES) this.#statuses.set(addressOf(name), { status: 'offline', changedAt: 0 });
  }

  /** Takes what the client asked for since the last call. */
  serve(): void {
    for (const effect of this.#run.effects.slice(this.#read)) {
      if (effect.type === 'disconnect') this.cut();
      if (effect.type !== 'connect' && effect.type !== 'subscribe') continue;
      if (effect.type === 'connect') {
        this.cut();
        this.#turn = effect.turn;
        this.speak();
      }
      const { people = [], cursor } = effect.message;
      this.#followed = people.map(addressOf);
      const [sequence, meaning] = cursor?.split(' ') ?? [];
      if (meaning === this.#followed.join()) {
        this.#parts = [];
        this.#told = Number(sequence);
        this.#news(true);
      } else {
        this.#beginAnew();
      }
    }
    this.#read = this.#run.effects.length;
  }

  /** Says how it is itself, as it does every 15 s: what was told counts for longer. */
  speak(): void {
    const link = { state: 'connected', since: 0 };
    this.#send((now) => ({
      type: 'status',
      now,
      freshUntil: now + FRESH_MS,
      bridge: 'b',
      role: link,
      ocs: link,
      notes: link,
    }));
  }

  change(name: string, status: PersonPresence['status']): void {
    this.#statuses.set(addressOf(name), { status, changedAt: ++this.#sequence });
  }

  /** Tells what is next: a part, or changes. */
  tell(): void {
    if (this.#turn < 0) return;
    const part = this.#parts.shift();
    if (part === undefined) {
      this.#news(false);
      return;
    }
    const more = this.#parts.length > 0;
    const asked = this.#first ? this.#followed.map((address) => ({ query: address, address })) : undefined;
    this.#first = false;
    if (!more) this.#told = this.#start;
    this.#send((at) => ({
      type: 'snapshot',
      at,
      freshUntil: at + FRESH_MS,
      people: part.map((address) => this.#person(address)),
      ...(asked ? { asked } : {}),
      ...(more ? { more } : { cursor: this.#cursor(this.#start) }),
    }));
  }

  /** The bridge tells everything anew, as it does to slow readers and with another roster. */
  beginAnew(): void {
    if (this.#turn >= 0) this.#beginAnew();
  }

  deliver(): void {
    this.#wire.shift()?.();
    this.serve();
  }

  /** The connection ends, with all that is on its way. */
  cut(): void {
    this.#wire = [];
    this.#turn = -1;
    this.#parts = [];
  }

  get idle(): boolean {
    return this.#wire.length === 0 && this.#parts.length === 0;
  }

  get open(): boolean {
    return this.#turn >= 0;
  }

  truth(): Record<string, string> {
    return Object.fromEntries(this.#followed.map((address) => [address, this.#person(address).status]));
  }

  #beginAnew(): void {
    this.#start = this.#sequence;
    this.#first = true;
    const half = Math.ceil(this.#followed.length / 2);
    this.#parts = [this.#followed.slice(0, half), this.#followed.slice(half)];
  }

  #news(resumed: boolean): void {
    const people = this.#followed.filter((address) => (this.#statuses.get(address)?.changedAt ?? 0) > this.#told);
    if (people.length === 0 && !resumed) return;
    this.#told = this.#sequence;
    const cursor = this.#cursor(this.#sequence);
    const told = people.map((address) => this.#person(address));
    this.#send((at) => ({ type: 'changes', cursor, at, people: told, ...(resumed ? { resumed } : {}) }));
  }

  #cursor(sequence: number): string {
    return `${sequence} ${this.#followed.join()}`;
  }

  #person(address: string): PersonPresence {
    return presence(address, { status: this.#statuses.get(address)?.status ?? 'unknown' });
  }

  /** Made now, delivered later. */
  #send(make: (at: number) => Parameters<FollowRun['hear']>[0]): void {
    const { now } = this.#run;
    const message = make(now);
    const turn = this.#turn;
    this.#wire.push(() => this.#run.on({ type: 'message', turn, message }));
  }
}

type Step = (run: FollowRun, bridge: FakeBridge) => void;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...STATUSES)).map(
      ([name, status]): Step =>
        (_run, bridge) =>
          bridge.change(name, status),
    ),
  },
  { weight: 5, arbitrary: fc.constant<Step>((_run, bridge) => bridge.tell()) },
  { weight: 5, arbitrary: fc.constant<Step>((_run, bridge) => bridge.deliver()) },
  {
    weight: 1,
    arbitrary: fc.constant<Step>((run, bridge) => {
      bridge.cut();
      run.on({ type: 'loss', turn: run.state.turn });
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>((_run, bridge) => bridge.cut()) },
  { weight: 1, arbitrary: fc.constant<Step>((_run, bridge) => bridge.beginAnew()) },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 1, max: 50_000 }).map(
      (ms): Step =>
        (run) =>
          run.pass(ms),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((run) => void run.on({ type: 'online' })) },
  {
    weight: 1,
    arbitrary: fc.uniqueArray(fc.constantFrom(...NAMES)).map(
      (people): Step =>
        (run) =>
          void run.on({ type: 'update', subscription: { people } }),
    ),
  },
);

test('whatever is lost, late, cut or asked anew: in the end everybody is shown as the bridge knows them', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, resubscribes) => {
      const run = new FollowRun({ people: ['ana', 'ben', 'cem'] });
      run.resubscribes = resubscribes;
      const bridge = new FakeBridge(run);
      run.on({ type: 'start' });
      bridge.serve();
      for (const take of steps) {
        take(run, bridge);
        bridge.serve();
      }
      // Now everything works again.
      for (let n = 0; n < 200 && !(bridge.open && bridge.idle && run.state.phase === 'live' && run.state.synced); n++) {
        if (!bridge.open) run.pass(35_000);
        bridge.serve();
        bridge.tell();
        bridge.deliver();
      }
      bridge.tell();
      bridge.deliver();
      // What was long on its way may be too old to count by now.
      bridge.speak();
      bridge.deliver();
      expect([run.state.phase, run.statuses()]).toEqual(['live', bridge.truth()]);
    }),
    { numRuns: 400 },
  );
});

test('a message told twice changes nothing', () => {
  const person = fc.record({ name: fc.constantFrom(...NAMES), status: fc.constantFrom(...STATUSES) });
  fc.assert(
    fc.property(fc.array(fc.array(person, { maxLength: 4 }), { maxLength: 10 }), (messages) => {
      const [once, twice] = [new FollowRun().live(), new FollowRun().live()];
      for (const people of messages) {
        const told = people.map(({ name, status }) => presence(addressOf(name), { status }));
        once.changes(told);
        twice.changes(told);
        twice.changes(told);
      }
      expect(twice.statuses()).toEqual(once.statuses());
    }),
  );
});
