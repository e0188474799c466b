import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parseClientMessage,
  rowsMessage,
  statusMessage,
  viewMessage,
} from '../../../../src/bridge/api/stream/protocol.js';
import { BridgeError } from '../../../../src/presence/errors.js';
import { bridgeStatus } from '../../../support/bridge-status.js';
import { FakeViewFeed } from '../../../support/fake-view-feed.js';

describe('parseClientMessage', () => {
  test('reads a watch', () => {
    expect(parseClientMessage('{"type":"watch","view":"People"}')).toEqual({
      ok: true,
      value: { type: 'watch', view: 'People' },
    });
  });

  test('gives a reason and never throws, whatever it gets', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const read = parseClientMessage(text);
        return read.ok ? read.value.type === 'watch' : read.reason.length > 0;
      }),
    );
  });

  test('refuses fields it does not know and views with endless names', () => {
    expect(parseClientMessage('{"type":"watch","view":"People","since":1}').ok).toBe(false);
    expect(parseClientMessage(JSON.stringify({ type: 'watch', view: 'x'.repeat(129) })).ok).toBe(false);
  });
});

describe('rowsMessage', () => {
  const feed = new FakeViewFeed([
    { id: 'a', name: 'Ana', status: 'x' },
    { id: 'b', name: 'Ben', status: 'x' },
  ]);

  test('tells changed rows with their place from rows that are gone', () => {
    const message = rowsMessage(feed, 'People', new Set(['gone', 'b']));
    expect(message?.changed.map(({ id, index }) => [id, index])).toEqual([['b', 1]]);
    expect(message?.removed).toEqual(['gone']);
  });

  test('names every row of a document that stands under several categories', () => {
    const rows = ['x', 'y'].flatMap((category) => feed.rows('People').map((row) => ({ ...row, category })));
    const twice = Object.assign(new FakeViewFeed(), { rows: () => rows });
    const message = rowsMessage(twice, 'People', new Set(['b']));
    expect(message?.changed.map(({ index, category }) => [index, category])).toEqual([
      [1, 'x'],
      [3, 'y'],
    ]);
  });

  test('is nothing when nothing changed', () => {
    expect(rowsMessage(feed, 'People', new Set())).toBeUndefined();
  });
});

test('viewMessage gives nothing for a view that does not exist', () => {
  expect(viewMessage(new FakeViewFeed(), 'Nobody')).toBeUndefined();
});

test('statusMessage holds the fields of the schema and no more', () => {
  const error = new BridgeError('OCS_REJECTED', 'no', { details: { uri: 'sip:canary@contoso.example' } });
  const status = bridgeStatus(0, { ocs: { state: 'refused', since: 0, error } });
  const message = statusMessage({ ...status, secret: 'canary' } as typeof status, { now: 5, freshUntil: 9 });
  expect(message).not.toContain('canary');
  expect(JSON.parse(message)).toMatchObject({
    type: 'status',
    now: 5,
    freshUntil: 9,
    ocs: { error: { code: 'OCS_REJECTED' } },
  });
});
