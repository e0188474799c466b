import { describe, expect, test } from 'vitest';
import type { ViewColumn } from '../../../src/bridge/view-ports.js';
import { boardModule } from '../../support/board-module.js';

const { columnTracks } = await boardModule<{ columnTracks(columns: readonly ViewColumn[]): string[] }>('columns.js');

const text = (width: number): ViewColumn => ({ kind: 'text', title: '', width });
const icon = (width: number): ViewColumn => ({ kind: 'icon', title: '', width });

describe('columnTracks', () => {
  test('keeps icons and times whole and lets names and statuses share the rest', () => {
    expect(columnTracks([icon(1), text(28), text(32), text(16), icon(12)])).toEqual([
      'calc(3ch + 24px)',
      'minmax(0, 28fr)',
      'minmax(0, 32fr)',
      'calc(16ch + 24px)',
      'calc(9.6ch + 24px)',
    ]);
  });

  test('lets all texts share when nothing long could give way', () => {
    expect(columnTracks([text(10), text(10)])).toEqual(['minmax(0, 10fr)', 'minmax(0, 10fr)']);
  });

  test('lets all texts share when the short ones alone would fill the page', () => {
    expect(columnTracks([text(25), text(15), text(20), text(15), text(0)])).toEqual(
      [25, 15, 20, 15, 1].map((width) => `minmax(0, ${width}fr)`),
    );
  });
});
