import { describe, expect, test } from 'vitest';
import { Arrivals } from '../../src/cli/demo/arrivals.js';

const everywhere = (shown: string) => ({ document: shown, view: shown, stream: shown });

describe('the account of changes and arrivals', () => {
  test('measures from the change to the place where exactly that state is seen', () => {
    const arrivals = new Arrivals(2000);
    arrivals.changed('ana', everywhere('busy'), 1000, ['document', 'stream']);
    arrivals.seen('document', 'ana', 'available', 1050);
    arrivals.seen('document', 'ana', 'busy', 1100);
    expect(arrivals.complete).toBe(false);
    arrivals.seen('stream', 'ana', 'busy', 1300);
    expect(arrivals.report()).toMatchObject({
      changes: 1,
      missing: [],
      places: {
        document: { expected: 1, arrived: 1, max: 100 },
        stream: { arrived: 1, max: 300 },
        view: { expected: 0 },
      },
    });
  });

  test('does not ask for a state that a newer one overtook in time', () => {
    const arrivals = new Arrivals(2000);
    arrivals.changed('ana', everywhere('busy'), 0, ['document']);
    arrivals.changed('ana', everywhere('away'), 100, ['document']);
    arrivals.seen('document', 'ana', 'away', 300);
    expect(arrivals.report()).toMatchObject({
      missing: [],
      places: { document: { expected: 2, arrived: 1, overtaken: 1 } },
    });
  });

  test('does not wait for a state that is shown already, after one that was taken back within the window', () => {
    const arrivals = new Arrivals(2000);
    arrivals.seen('document', 'ana', 'available', 0);
    arrivals.changed('ana', everywhere('busy'), 10, ['document']);
    arrivals.changed('ana', everywhere('available'), 20, ['document']);
    expect(arrivals.complete).toBe(true);
    expect(arrivals.report()).toMatchObject({ missing: [], places: { document: { expected: 2, overtaken: 2 } } });
  });

  test('names a change that never arrived, one that came too late, and one overtaken only after its time', () => {
    const arrivals = new Arrivals(2000);
    arrivals.changed('ana', everywhere('busy'), 0, ['document']);
    arrivals.changed('ben', everywhere('busy'), 0, ['document']);
    arrivals.seen('document', 'ben', 'busy', 2500);
    arrivals.changed('cleo', everywhere('busy'), 0, ['document']);
    arrivals.changed('cleo', everywhere('away'), 2500, ['document']);
    arrivals.seen('document', 'cleo', 'away', 2600);
    expect(arrivals.report().missing).toEqual([
      'document ben busy (after 2500 ms)',
      'document cleo busy',
      'document ana busy',
    ]);
  });
});
