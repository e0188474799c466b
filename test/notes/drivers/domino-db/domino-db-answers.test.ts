import { describe, expect, test } from 'vitest';
import {
  createdOutcomes,
  foundDocument,
  updatedOutcomes,
} from '../../../../src/notes/drivers/domino-db/domino-db-answers.js';
import type { Unid } from '../../../../src/presence/ids.js';

const A = 'A'.repeat(32) as Unid;
const B = 'B'.repeat(32) as Unid;
const error = { '@error': { message: 'refused' } };
const codes = (outcomes: ReturnType<typeof updatedOutcomes>) =>
  outcomes.map((outcome) => (outcome.ok ? outcome.unid : outcome.error.code));

describe('createdOutcomes', () => {
  test('go by position', () => {
    const response = { documents: [{ '@unid': A.toLowerCase() }, error], errors: 1 };
    expect(codes(createdOutcomes(response, 2))).toEqual([A, 'NOTES_BAD_REQUEST']);
  });

  test.each([
    ['a document is missing', { documents: [{ '@unid': A }], errors: 0 }],
    ['an id is missing', { documents: [{ '@unid': A }, {}], errors: 0 }],
    ['an error is counted but not shown', { documents: [{ '@unid': A }, { '@unid': B }], errors: 1 }],
  ])('when %s, nobody knows what was created', (_, response) => {
    expect(() => createdOutcomes(response, 2)).toThrow(expect.objectContaining({ code: 'NOTES_INTERNAL' }));
  });
});

describe('updatedOutcomes', () => {
  test('go by id, whatever the order', () => {
    const response = { documents: [{ '@unid': B, ...error }, { '@unid': A }], errors: 1 };
    expect(codes(updatedOutcomes(response, [A, B], 'delete'))).toEqual([A, 'NOTES_BAD_REQUEST']);
  });

  test('go by position for entries without an id', () => {
    const response = { documents: [{ '@unid': A }, error], errors: 1 };
    expect(codes(updatedOutcomes(response, [A, B], 'delete'))).toEqual([A, 'NOTES_BAD_REQUEST']);
  });

  test('are unknown when a document is missing', () => {
    const response = { documents: [{ '@unid': A }], errors: 0 };
    expect(() => updatedOutcomes(response, [A, B], 'delete')).toThrow(
      expect.objectContaining({ code: 'NOTES_INTERNAL' }),
    );
  });
});

describe('foundDocument', () => {
  test('takes values in every form and drops what we never write', () => {
    const document = {
      '@unid': A,
      '@created': { type: 'datetime' as const, data: '2018-05-10T18:15:18.36Z' },
      Text: { type: 'text', data: ['a', 'b'] },
      Names: { type: 'text', data: 'CN=A/O=B', names: true, readers: false },
      Number: { type: 'number', data: 5 },
      Range: { type: 'datetime', data: [['2026-01-01', '2026-01-02']] },
      Odd: true,
    };
    expect(foundDocument(document, ['Text', 'Names', 'Number', 'Range', 'Odd', 'Missing'])).toEqual({
      unid: A,
      created: Date.UTC(2018, 4, 10, 18, 15, 18, 360),
      items: {
        Text: { type: 'text', data: ['a', 'b'] },
        Names: { type: 'text', data: 'CN=A/O=B', names: true },
        Number: 5,
      },
    });
  });

  test('is nothing for hidden, failed and nameless entries', () => {
    expect(foundDocument({ '@unid': A }, ['Form'])).toBeUndefined();
    expect(foundDocument({ '@unid': A, Form: 'x', ...error }, ['Form'])).toBeUndefined();
    expect(foundDocument({ '@unid': 'nonsense', Form: 'x' }, ['Form'])).toBeUndefined();
  });
});
