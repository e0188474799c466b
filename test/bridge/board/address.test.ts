import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STATUSES } from '../../../src/presence/availability.js';
import { boardModule } from '../../support/board-module.js';

interface Wanted {
  readonly view: string;
  readonly list: string;
  readonly statuses: readonly string[];
}

const { readFragment, writeFragment } = await boardModule<{
  readFragment(fragment: string): Wanted & { readonly token: string | undefined };
  writeFragment(wanted: Wanted): string;
}>('address.js');

describe('what stands behind the # of the address', () => {
  test('is nothing while nothing is chosen', () => {
    expect(writeFragment({ view: '', list: '', statuses: [] })).toBe('');
  });

  test('can be read by people', () => {
    expect(writeFragment({ view: 'ByStatus', list: 'group:Sales', statuses: ['busy', 'away'] })).toBe(
      '#view=ByStatus&list=group:Sales&status=busy,away',
    );
  });

  test('says again what was chosen, whatever groups are called', () => {
    const wanted = fc.record({ view: fc.string(), list: fc.string(), statuses: fc.subarray([...STATUSES]) });
    fc.assert(
      fc.property(wanted, (choice) => {
        expect(readFragment(writeFragment(choice))).toEqual({ ...choice, token: undefined });
      }),
    );
  });

  test('never throws and never takes a status that is no word', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const status of readFragment(`#${text}`).statuses) expect(status).toMatch(/^[a-z-]+$/);
      }),
    );
    expect(readFragment('#status=busy,%3Cb%3E,')).toMatchObject({ statuses: ['busy'] });
  });

  test('may hand over a token', () => {
    expect(readFragment('#token=abc')).toEqual({ view: '', list: '', statuses: [], token: 'abc' });
  });
});
