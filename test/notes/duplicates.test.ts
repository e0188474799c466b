import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FoundDocument } from '../../src/notes/driver.js';
import { resolveDuplicates } from '../../src/notes/duplicates.js';
import { textOf } from '../../src/notes/item-access.js';
import type { Unid } from '../../src/presence/ids.js';

function found(unid: string, key: string, created: number | undefined, bridge = 'bridge-1'): FoundDocument {
  return { unid: unid as Unid, created, items: { SipKey: key, Bridge: bridge } };
}

function conflict(unid: string, key: string, bridge = 'bridge-1'): FoundDocument {
  const document = found(unid, key, 1, bridge);
  return { ...document, items: { ...document.items, $Conflict: '' } };
}

const resolve = (documents: readonly FoundDocument[]) =>
  resolveDuplicates(
    documents,
    (items) => textOf(items, 'SipKey') || undefined,
    (items) => textOf(items, 'Bridge') !== '',
  );

describe('resolveDuplicates', () => {
  test('keeps the oldest document of a key, whatever the order', () => {
    const documents = [found('B', 'ana', 20), found('A', 'ana', 10), found('C', 'ana', 30), found('D', 'ben', 40)];
    fc.assert(
      fc.property(fc.shuffledSubarray(documents, { minLength: documents.length }), (shuffled) => {
        const { kept, surplus } = resolve(shuffled);
        expect(kept.get('ana')?.unid).toBe('A');
        expect(surplus.map(({ unid }) => unid).sort()).toEqual(['B', 'C']);
      }),
    );
  });

  test('of two of the same moment, or of none, all bridges choose the same', () => {
    expect(resolve([found('B', 'ana', 10), found('A', 'ana', 10)]).kept.get('ana')?.unid).toBe('A');
    expect(resolve([found('A', 'ana', undefined), found('B', 'ana', 10)]).kept.get('ana')?.unid).toBe('B');
  });

  test('leaves documents alone that no bridge made', () => {
    const { kept, surplus } = resolve([found('A', 'ana', 10), found('B', 'ana', 20, '')]);
    expect([kept.get('ana')?.unid, surplus]).toEqual(['A', []]);
  });

  test('counts documents without a key and touches none of them', () => {
    expect(resolve([found('A', '', 10)])).toMatchObject({ kept: new Map(), surplus: [], keyless: 1, foreign: 0 });
  });

  test('counts later documents, and those of them that no bridge made', () => {
    const documents = [found('A', 'ana', 10), found('B', 'ana', 20), found('C', 'ana', 30, '')];
    expect(resolve(documents)).toMatchObject({ duplicates: 2, conflicts: 0, foreign: 1 });
  });

  test('keeps no conflict, however old it is, and says whose document it contests', () => {
    const { kept, surplus, contested, conflicts, duplicates } = resolve([conflict('A', 'ana'), found('B', 'ana', 20)]);
    expect([kept.get('ana')?.unid, surplus.map(({ unid }) => unid), [...contested]]).toEqual(['B', ['A'], ['ana']]);
    expect([conflicts, duplicates]).toEqual([1, 0]);
  });

  test('keeps nothing of a key of which only the conflict is left', () => {
    const { kept, surplus } = resolve([conflict('A', 'ana')]);
    expect([kept.size, surplus.length]).toEqual([0, 1]);
  });

  test('leaves conflicts alone that no bridge made', () => {
    expect(resolve([conflict('A', 'ana', ''), found('B', 'ana', 20)])).toMatchObject({ surplus: [], foreign: 1 });
  });
});
