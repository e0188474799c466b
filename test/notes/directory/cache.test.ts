import { beforeEach, describe, expect, test } from 'vitest';
import { AgeingCache } from '../../../src/notes/directory/cache.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

describe('ageing cache', () => {
  let clock: SimulatedClock;
  let cache: AgeingCache<object>;

  beforeEach(() => {
    clock = new SimulatedClock();
    cache = new AgeingCache({ clock, max: 20 });
  });

  test('a value comes with its age, and is gone at the end of its life', async () => {
    cache.set('a', { of: 'a' }, 10_000);
    await clock.advance(9_999);
    expect(cache.get('a')).toEqual({ value: { of: 'a' }, age: 9_999 });
    await clock.advance(1);
    expect(cache.get('a')).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  test('everybody gets the same value, which nobody can change', () => {
    cache.set('a', { of: 'a' }, 10_000);
    expect(cache.get('a')?.value).toBe(cache.get('a')?.value);
    expect(Object.isFrozen(cache.get('a')?.value)).toBe(true);
  });

  test('it never holds more than allowed, and the newest stay, also when keys are numbers', () => {
    for (let key = 1_000; key > 0; key--) {
      cache.set(String(key), { key }, 10_000);
      expect(cache.size).toBeLessThanOrEqual(20);
    }
    for (let key = 1; key <= 18; key++) expect(cache.get(String(key))?.value).toEqual({ key });
  });

  test('expired entries make room before living ones do', async () => {
    for (let key = 0; key < 10; key++) cache.set(`living ${key}`, {}, 60_000);
    for (let key = 0; key < 10; key++) cache.set(`short ${key}`, {}, 1_000);
    await clock.advance(1_000);
    cache.set('new', {}, 60_000);
    expect(cache.size).toBe(11);
    expect(cache.get('living 0')).toBeDefined();
  });

  test('a value that is set again counts as new', () => {
    for (let key = 0; key < 20; key++) cache.set(`${key}`, {}, 60_000);
    cache.set('0', { again: true }, 60_000);
    cache.set('new', {}, 60_000);
    expect(cache.get('0')?.value).toEqual({ again: true });
    expect(cache.get('1')).toBeUndefined();
  });

  test('names of properties are keys like others', () => {
    for (const key of ['__proto__', 'constructor', 'hasOwnProperty']) {
      expect(cache.get(key)).toBeUndefined();
      cache.set(key, { key }, 10_000);
      expect(cache.get(key)?.value).toEqual({ key });
    }
  });

  test('it runs no timer', () => {
    cache.set('a', {}, 10_000);
    expect(clock.pendingTimers).toBe(0);
  });
});
