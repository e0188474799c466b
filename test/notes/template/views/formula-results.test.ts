import { describe, expect, test } from 'vitest';
import { compileFormula } from '../../../../src/notes/template/formula/compile.js';
import type { Formula } from '../../../../src/notes/template/formula/syntax.js';
import { number, text, type Value } from '../../../../src/notes/template/formula/values.js';
import { createFormulaResults } from '../../../../src/notes/template/views/formula-results.js';

function formulaOf(source: string): Formula {
  const outcome = compileFormula(source);
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.formula;
}

/** How often the formula had to be run for these documents. */
function runsOf(source: string, ...documents: readonly Readonly<Record<string, Value>>[]): number {
  const [results, formula] = [createFormulaResults(), formulaOf(source)];
  let runs = 0;
  for (const fields of documents) {
    results.valueOf(formula, new Map(Object.entries(fields)), () => {
      runs += 1;
      return text('x');
    });
  }
  return runs;
}

describe('results of formulas', () => {
  test('are computed once for documents that are equal in what the formula reads', () => {
    expect(
      runsOf('Status + "!"', { status: text('busy'), seq: number(1) }, { status: text('busy'), seq: number(2) }),
    ).toBe(1);
    expect(runsOf('Status + "!"', { status: text('busy') }, { status: text('away') })).toBe(2);
  });

  test.each([
    ['a field that is not there and an empty one', {}, { f: text('') }],
    ['a number and a text', { f: number(1) }, { f: text('1') }],
    ['two texts and one with what separates them', { f: text('a', 'b') }, { f: text('a 1:b') }],
    ['one field and two', { f: text('a'), g: text('') }, { f: text(''), g: text('a') }],
  ])('tell apart %s', (_, one, other) => {
    expect(runsOf('F + G', one as Record<string, Value>, other as Record<string, Value>)).toBe(2);
  });

  test('heed fields that a formula sets itself', () => {
    expect(runsOf('DEFAULT F := "x"; 1', {}, { f: text('y') })).toBe(2);
  });

  test('are not kept for formulas that read fields by a computed name', () => {
    expect(runsOf('@GetField("F")', { f: text('a') }, { f: text('a') })).toBe(2);
  });

  test('are not kept for formulas whose input is another in every document', () => {
    const documents = Array.from({ length: 1000 }, (_, index) => ({ f: number(index) }));
    expect(runsOf('F', ...documents, { f: number(1) })).toBe(1001);
    expect(runsOf('F', ...documents.slice(0, 100), { f: number(1) })).toBe(100);
  });

  test('are not kept for very long texts', () => {
    const long = { f: text('x'.repeat(1000)) };
    expect(runsOf('F', long, long)).toBe(2);
  });
});
