import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Turns } from '../../../src/ocs/link/turns.js';

/** A clock on which only work takes time, and whose turns the test plays. */
class WorkClock {
  #now = 0;
  #next: (() => void) | undefined;

  monotonic(): number {
    return this.#now;
  }

  after(_delay: number, callback: () => void): () => void {
    this.#next = callback;
    return () => {
      this.#next = undefined;
    };
  }

  takes(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Whether a turn is waiting to come. */
  get isArmed(): boolean {
    return this.#next !== undefined;
  }

  turn(): void {
    const next = this.#next;
    this.#next = undefined;
    next?.();
  }
}

function stage(turnMs = 4) {
  const clock = new WorkClock();
  const said: unknown[] = [];
  const turns = new Turns(
    clock,
    { onBusy: (busy) => said.push(busy ? 'busy' : 'idle'), onThrown: (thrown) => said.push(`threw ${thrown}`) },
    turnMs,
  );
  const task = (name: string, milliseconds = 1) => {
    turns.take(() => {
      clock.takes(milliseconds);
      said.push(name);
    });
  };
  function* slices(name: string, count: number): Generator<void, string, undefined> {
    for (let slice = 1; slice <= count; slice++) {
      clock.takes(1);
      said.push(`${name}${slice}`);
      yield;
    }
    return name;
  }
  const long = (name: string, count: number) =>
    turns.take(() => turns.long(slices(name, count), (done) => said.push(done)));
  return { clock, said, turns, task, long, slices };
}

describe('turns', () => {
  test('do a task at once while there is time', () => {
    const { said, task } = stage();
    task('a');
    task('b');
    expect(said).toEqual(['a', 'b']);
  });

  test('leave the rest for the next turn when the time is used up, and say so', () => {
    const { clock, said, task } = stage();
    for (const name of ['a', 'b', 'c', 'd', 'e']) task(name, 2);
    expect(said).toEqual(['a', 'b', 'busy']);
    clock.turn();
    expect(said).toEqual(['a', 'b', 'busy', 'c', 'd']);
    clock.turn();
    expect(said).toEqual(['a', 'b', 'busy', 'c', 'd', 'e', 'idle']);
  });

  test('count the time of several calls in one turn together', () => {
    const { clock, said, task } = stage();
    task('a', 3);
    task('b', 3);
    task('c', 3);
    expect(said).toEqual(['a', 'b', 'busy']);
    clock.turn();
    task('d', 3);
    expect(said).toEqual(['a', 'b', 'busy', 'c', 'idle', 'd']);
  });

  test('arm nothing while nothing comes', () => {
    const { clock, task } = stage();
    expect(clock.isArmed).toBe(false);
    task('a');
    clock.turn();
    expect(clock.isArmed).toBe(false);
  });

  test('do long work within the call when it fits', () => {
    const { said, long, task } = stage();
    long('x', 2);
    task('after');
    expect(said).toEqual(['x1', 'x2', 'x', 'after']);
  });

  test('spread long work over turns and let no later task overtake it', () => {
    const { clock, said, long, task } = stage();
    long('x', 6);
    task('after');
    expect(said).toEqual(['x1', 'x2', 'x3', 'x4', 'busy']);
    clock.turn();
    expect(said.slice(5)).toEqual(['x5', 'x6', 'x', 'after', 'idle']);
  });

  test('do two pieces of long work of one task one after the other', () => {
    const { clock, said, turns, slices } = stage(3);
    turns.take(() => {
      turns.long(slices('x', 2), (done) => said.push(done));
      turns.long(slices('y', 2), (done) => said.push(done));
    });
    clock.turn();
    expect(said.filter((word) => word !== 'busy' && word !== 'idle')).toEqual(['x1', 'x2', 'x', 'y1', 'y2', 'y']);
  });

  test('take long work from outside a task too', () => {
    const { said, turns, slices } = stage();
    turns.long(slices('x', 2), (done) => said.push(done));
    expect(said).toEqual(['x1', 'x2', 'x']);
  });

  test('pass on what a task or a slice throws, and go on', () => {
    const { said, turns, task } = stage();
    turns.take(() => {
      throw new Error('task');
    });
    turns.take(() =>
      turns.long(
        (function* () {
          yield;
          throw new Error('slice');
        })(),
        () => said.push('never'),
      ),
    );
    task('after');
    expect(said).toEqual(['threw Error: task', 'threw Error: slice', 'after']);
  });

  test('do nothing any more once stopped, not even what has begun', () => {
    const { clock, said, turns, long, task } = stage();
    long('x', 9);
    task('after');
    turns.stop();
    clock.turn();
    task('later');
    expect(said).toEqual(['x1', 'x2', 'x3', 'x4', 'busy']);
    expect(clock.isArmed).toBe(false);
  });

  test('keep the order and the budget whatever comes', () => {
    const piece = fc.record({ slices: fc.integer({ min: 0, max: 9 }), pause: fc.boolean() });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { clock, said, turns, slices } = stage();
        let used = 0;
        const turn = () => {
          const before = clock.monotonic();
          clock.turn();
          used = clock.monotonic() - before;
          expect(used).toBeLessThanOrEqual(4);
        };
        for (const [index, { slices: count, pause }] of pieces.entries()) {
          turns.take(() => turns.long(slices('s', count), () => said.push(index)));
          if (pause) turn();
        }
        while (clock.isArmed) turn();
        expect(said.filter((word) => typeof word === 'number')).toEqual(pieces.map((_, index) => index));
      }),
    );
  });
});
