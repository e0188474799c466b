import { describe, expect, test } from 'vitest';
import type { ViewColumn } from '../../../src/bridge/view-ports.js';
import { boardModule } from '../../support/board-module.js';

const { columnWidths } = await boardModule<{ columnWidths(columns: readonly ViewColumn[]): string[] }>('columns.js');

const text = (width: number): ViewColumn => ({ kind: 'text', title: '', width });
const icon = (width: number): ViewColumn => ({ kind: 'icon', title: '', width });

describe('columnWidths', () => {
  test('keeps icons and times whole and lets names and statuses share the rest', () => {
    expect(columnWidths([icon(1), text(28), text(32), text(16), icon(12)])).toEqual([
      'calc(3ch + 24px)',
      '46.67%',
      '53.33%',
      'calc(16ch + 24px)',
      'calc(9.6ch + 24px)',
    ]);
  });

  test('lets all texts share when nothing long could give way', () => {
    expect(columnWidths([text(10), text(10)])).toEqual(['50.00%', '50.00%']);
  });

  test('lets all texts share when the short ones alone would fill the page', () => {
    expect(columnWidths([text(25), text(15), text(20), text(15), text(0)]).map((width) => width.slice(-1))).toEqual(
      Array(5).fill('%'),
    );
  });
});
