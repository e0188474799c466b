import { describe, expect, test } from 'vitest';
import { compileFormula } from '../../../../src/notes/template/formula/compile.js';
import { FORMULA_LIMITS } from '../../../../src/notes/template/formula/limits.js';

describe('compileFormula', () => {
  test.each([
    ['', 1, 1, 'the formula is empty'],
    ['@If(1; 2', 1, 9, '")" was expected instead of the end'],
    ['"never ends', 1, 1, 'the text that begins with a quotation mark has no end'],
    ['a :=\n  {open', 2, 3, 'the text that begins with "{" has no end'],
    ['1 +', 1, 4, 'a value is missing at the end'],
    ['1 + * 2', 1, 5, 'a value was expected before "*"'],
    ['a b', 1, 3, '";" was expected instead of "b"'],
    ['x := 1;\n@LowreCase(x)', 2, 1, 'the function @lowrecase is not known'],
    ['@Trim(1; 2)', 1, 1, '@trim takes 1 arguments, not 2'],
    ['@If(1; 2)', 1, 1, '@if takes 3 to 1000 arguments, not 2'],
    ['@If(1; 2; 3; 4)', 1, 1, '@if takes an odd number of arguments'],
    ['a = !b', 1, 5, 'put brackets around the expression that begins with "!"'],
    ['1 *+ 2', 1, 3, 'the permuted operator "*+" is not supported'],
    ['[01/02/2026]', 1, 1, 'a date in brackets reads differently on every machine; use @Date'],
    ['@Name([CNN]; x)', 1, 7, '@name does not know the keyword [CNN]'],
    ['@Command([FileSave]);\n@Command([FileSvae])', 2, 10, '@command does not know the keyword [FILESVAE]'],
    [
      '@DbLookup(""; ""; "V"; "k"; 1; [FailSilent] : [Partial])',
      1,
      47,
      '@dblookup does not know the keyword [PARTIAL]',
    ],
    ['@Name("CN"; x)', 1, 7, '@name takes a keyword such as [Word] there'],
    ['@Trim([CN])', 1, 7, '@trim takes no keyword there, so not [CN]'],
    ['@Name(x; [CN])', 1, 10, '@name takes no keyword there, so not [CN]'],
    ['a ? b', 1, 3, '"?" does not belong into a formula'],
  ])('refuses %j at line %i, column %i', (source, line, column, reason) => {
    expect(compileFormula(source)).toEqual({ ok: false, reason, at: { line, column } });
  });

  test.each(['word := [CN]; @Name(word; x)', '@Name(@If(a = ""; [CN]; [O]); x)', '@Command([fileSAVE])'])(
    'takes a keyword in %s',
    (source) => {
      expect(compileFormula(source)).toMatchObject({ ok: true });
    },
  );

  test('refuses a formula that is too long', () => {
    const outcome = compileFormula('1'.repeat(11), { ...FORMULA_LIMITS, length: 10 });
    expect(outcome).toMatchObject({ ok: false, reason: 'a formula has at most 10 characters' });
  });

  test.each(['(', '!', '-', '@If(', 'x['])('refuses "%s" nested without end, and does not overflow', (opening) => {
    expect(compileFormula(opening.repeat(20_000))).toMatchObject({ ok: false });
  });

  test.each(['1:', '1+', '1&', 'a[', '-', '@Trim('])(
    'refuses a chain of thousands of "%s", and does not overflow',
    (link) => {
      expect(compileFormula(`${link.repeat(10_000)}1`)).toMatchObject({ ok: false });
    },
  );

  test('refuses chains within chains', () => {
    const chain = '1+'.repeat(600);
    expect(compileFormula(`(${chain}1)${'+1'.repeat(600)}`)).toMatchObject({
      ok: false,
      reason: 'the expression has more than 1000 levels',
    });
  });
});
