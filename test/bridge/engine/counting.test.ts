import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createState, type EngineState } from '../../../src/bridge/engine/state.js';
import { step } from '../../../src/bridge/engine/step.js';
import type { EngineEvent } from '../../../src/bridge/engine/vocabulary.js';
import { ENGINE_CONFIG } from '../../support/engine-run.js';
import { person } from '../../support/people.js';

const LEVELS = [3500, 5000, 6500, 7500, 9500, 12_500, 15_500, 18_500];

/** The engine with a store that confirms at once; documents that were written are counted. */
class Counted {
  readonly state: EngineState;
  readonly people = ['ana', 'ben', 'cem'].map((user) => person(`${user}@contoso.example`));
  now = Date.UTC(2026, 0, 5, 9);
  written: readonly string[] = [];

  constructor() {
    this.state = createState({ ...ENGINE_CONFIG, flapChanges: Number.POSITIVE_INFINITY }, this.now);
    this.handle({ type: 'roster', roster: { people: this.people, optedOut: new Set() } });
    this.handle({ type: 'start' });
    this.handle({
      type: 'store-opened',
      contents: { people: [], highestEpoch: 0, duplicates: 0, conflicts: 0, leftAlone: 0 },
    });
    this.handle({ type: 'source-link', report: { state: 'connected', since: this.now } });
    for (const index of this.people.keys()) this.tell(index, 3500);
    this.flush();
  }

  handle(event: EngineEvent): void {
    for (const effect of step(this.state, event, this.now).effects) {
      if (effect.type !== 'write') continue;
      const keys = effect.records.map(({ person }) => person.key);
      this.written = [...this.written, ...keys];
      this.handle({ type: 'written', outcome: { written: keys, failed: new Map() } });
    }
  }

  tell(person: number, availability: number): void {
    const uri = this.people[person]?.uri;
    if (uri === undefined) throw new RangeError('nobody');
    this.now += 1_000;
    const state = { availability, activity: '', publishedAt: this.now };
    this.handle({ type: 'observed', observations: [{ uri, state }], authoritative: false });
  }

  /** Ends the window and gives back whose documents were written since the last time. */
  flush(): readonly string[] {
    this.handle({ type: 'timer', name: 'flush' });
    const { written } = this;
    this.written = [];
    return written;
  }
}

describe('documents written in a window', () => {
  test('are one for each person, however often the status changed, and none when it came back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(2), fc.constantFrom(...LEVELS)), { minLength: 1, maxLength: 200 }),
        (changes) => {
          const run = new Counted();
          const before = new Map(run.people.map(({ uri, key }) => [key, run.state.entries.get(uri)?.snapshot]));
          for (const [person, level] of changes) run.tell(person, level);
          const written = run.flush();
          expect(new Set(written).size).toBe(written.length);
          const after = run.people.filter(({ uri, key }) => {
            const [one, other] = [before.get(key), run.state.entries.get(uri)?.snapshot];
            return one?.status !== other?.status || one?.since !== other?.since;
          });
          expect([...written].sort()).toEqual(after.map(({ key }) => key).sort());
        },
      ),
    );
  });

  test('are none when the same statuses are told again, as after each sign-in', () => {
    const run = new Counted();
    const observations = run.people.map(({ uri }) => {
      const { since = 0 } = run.state.entries.get(uri)?.snapshot ?? {};
      return { uri, state: { availability: 3500, activity: '', publishedAt: since } };
    });
    for (let again = 0; again < 10; again++) run.handle({ type: 'observed', observations, authoritative: true });
    expect(run.flush()).toEqual([]);
    expect(run.state.counters.observations).toBe(33);
  });
});
