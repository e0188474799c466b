import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FoundDocument } from '../../src/notes/driver.js';
import { resolveDuplicates } from '../../src/notes/duplicates.js';
import { textOf } from '../../src/notes/item-access.js';
import type { Unid } from '../../src/presence/ids.js';

function found(unid: string, key: string, created: number | undefined, bridge = 'bridge-1'): FoundDocument {
  return { unid: unid as Unid, created, items: { SipKey: key, Bridge: bridge } };
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
    expect(resolve([found('A', '', 10)])).toEqual({ kept: new Map(), surplus: [], keyless: 1 });
  });
});
