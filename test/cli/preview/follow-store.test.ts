import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DocumentTable } from '../../../src/cli/preview/document-table.js';
import { followStore } from '../../../src/cli/preview/follow-store.js';
import type { Driver } from '../../../src/notes/driver.js';

describe('following a database', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const follow = async (readingTakes: number) => {
    let [moment, readings] = [0, 0];
    const end = await followStore({
      table: new DocumentTable(),
      clock: { monotonic: () => moment },
      onTrouble: () => undefined,
      withDriver: async (task) => {
        readings += 1;
        moment += readingTakes;
        await task({ find: async () => [] } as unknown as Driver);
      },
    });
    return { end, readings: () => readings };
  };

  test('reads a small one every two seconds', async () => {
    const { end, readings } = await follow(5);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(readings()).toBe(11);
    end();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(readings()).toBe(11);
  });

  test('leaves one that takes long to read alone for ten times as long', async () => {
    const { end, readings } = await follow(3_000);
    await vi.advanceTimersByTimeAsync(29_999);
    expect(readings()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(readings()).toBe(2);
    end();
  });
});
