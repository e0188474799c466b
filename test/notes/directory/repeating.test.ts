import { beforeEach, describe, expect, test } from 'vitest';
import { Repeating } from '../../../src/notes/directory/repeating.js';
import { SimulatedClock, settle } from '../../support/simulated-clock.js';

describe('repeating', () => {
  let clock: SimulatedClock;
  let begun: number[];
  let end: (error?: Error) => void;
  let repeating: Repeating;

  beforeEach(() => {
    clock = new SimulatedClock(0);
    begun = [];
    repeating = new Repeating({
      clock,
      task: () => {
        begun.push(clock.now());
        return new Promise((resolve, reject) => {
          end = (error) => (error === undefined ? resolve() : reject(error));
        });
      },
      delay: (failures) => (failures === 0 ? 100 : 10 * failures),
    });
  });

  async function ended(error?: Error): Promise<void> {
    end(error);
    await settle();
  }

  test('the next run begins after the delay from the end of the one before', async () => {
    void repeating.now();
    await clock.advance(70);
    await ended();
    await clock.advance(99);
    expect(begun).toEqual([0]);
    await clock.advance(1);
    expect(begun).toEqual([0, 170]);
  });

  test('who asks while a run is under way gets that one', async () => {
    const both = [repeating.now(), repeating.now()];
    await ended();
    await Promise.all(both);
    expect(begun).toHaveLength(1);
  });

  test('a run on demand takes the place of the planned one', async () => {
    void repeating.now();
    await ended();
    await clock.advance(50);
    void repeating.now();
    await ended();
    await clock.advance(99);
    expect(begun).toEqual([0, 50]);
    expect(clock.pendingTimers).toBe(1);
  });

  test('delays grow with failures in a row, and who asked is told', async () => {
    const first = repeating.now();
    await ended(new Error('first'));
    await expect(first).rejects.toThrow('first');
    await clock.advance(10);
    await ended(new Error('second'));
    await clock.advance(20);
    await ended();
    await clock.advance(100);
    expect(begun).toEqual([0, 10, 30, 130]);
  });

  test('what is wanted soon during a run begins right after it, once', async () => {
    repeating.soon();
    repeating.soon();
    repeating.soon();
    await ended();
    await clock.advance(0);
    await ended();
    await clock.advance(99);
    expect(begun).toEqual([0, 0]);
  });

  test('after the stop nothing begins, not even what was wanted soon', async () => {
    void repeating.now();
    repeating.soon();
    const stopped = repeating.stop();
    await ended();
    await stopped;
    repeating.soon();
    await clock.advance(1_000);
    expect(begun).toEqual([0]);
    expect(clock.pendingTimers).toBe(0);
  });
});
