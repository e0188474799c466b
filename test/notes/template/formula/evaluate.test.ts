import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFormula } from '../../../../src/notes/template/formula/compile.js';
import { contextOf, type FormulaContext } from '../../../../src/notes/template/formula/context.js';
import { evaluate } from '../../../../src/notes/template/formula/evaluate.js';
import { CONVERSION_FUNCTIONS } from '../../../../src/notes/template/formula/functions/conversion.js';
import { EFFECT_FUNCTIONS } from '../../../../src/notes/template/formula/functions/effects.js';
import { FORM_FUNCTIONS } from '../../../../src/notes/template/formula/functions/forms.js';
import { LAZY_FUNCTIONS } from '../../../../src/notes/template/formula/functions/lazy.js';
import { LIST_FUNCTIONS } from '../../../../src/notes/template/formula/functions/lists.js';
import { NAME_FUNCTIONS } from '../../../../src/notes/template/formula/functions/names.js';
import { NUMBER_FUNCTIONS } from '../../../../src/notes/template/formula/functions/numbers.js';
import { OUTSIDE_FUNCTIONS } from '../../../../src/notes/template/formula/functions/outside.js';
import { TEXT_FUNCTIONS } from '../../../../src/notes/template/formula/functions/text.js';
import { TIME_FUNCTIONS } from '../../../../src/notes/template/formula/functions/times.js';
import { FORMULA_LIMITS } from '../../../../src/notes/template/formula/limits.js';
import type { Outside } from '../../../../src/notes/template/formula/outside.js';
import { parseFormula } from '../../../../src/notes/template/formula/parser.js';
import { TIME_STYLES } from '../../../../src/notes/template/formula/time-text.js';
import { number, text, time, type Value } from '../../../../src/notes/template/formula/values.js';

const NOON = Date.UTC(2026, 0, 5, 12, 0, 0);

const FIELDS = new Map<string, Value>([
  ['form', text('Presence')],
  ['status', text('Busy')],
  ['colours', text('red', 'green', 'blue')],
  ['sizes', number(1, 2, 3)],
  ['since', time(NOON)],
]);

/** A world that answers everything. */
const OUTSIDE: Outside = {
  lookUp: ({ keys }) => text(...keys),
  column: ({ view }) => text(view),
  profileField: (form, item) => text(form, item),
  documentField: (unid) => text(unid),
  nameLookUp: (names) => text(...names),
  database: { server: '', file: 'presence.nsf', title: 'Presence', replicaId: '0123456789ABCDEF' },
  access: () => ({ level: 4, privileges: ['CREATEDOCUMENTS'] }),
  roles: ['[PresenceAdmin]'],
  client: { type: 'Notes', platform: 'Windows/32', version: '405' },
  isNew: false,
  isEdited: true,
};

/** Pieces of formulas for random ones. */
const PIECES = [
  '1',
  '"a"',
  'Status',
  'Since',
  '@If',
  '@Select',
  '@Trim',
  '@Name',
  '@Text',
  '@Subset',
  '@Adjust',
  '(',
  ')',
  ';',
  ':',
  ':=',
  '+',
  '-',
  '*',
  '/',
  '=',
  '<>',
  '&',
  '|',
  '!',
  '[',
  ']',
  '[CN]',
  'REM',
  'SELECT',
  'FIELD',
  '{x}',
  '\\',
  '"',
];

function run(source: string, options: Partial<Omit<FormulaContext, 'field'>> = {}): Value {
  const outcome = compileFormula(source);
  if (!outcome.ok) throw new Error(`${outcome.at.line}:${outcome.at.column} ${outcome.reason}`);
  return evaluate(outcome.formula, contextOf(FIELDS, options));
}

/** A value as a short text, so that tables stay readable. */
function shown(value: Value): string {
  if (value.type === 'error') return `error: ${value.reason}`;
  if (value.type === 'time') return value.list.map((moment) => new Date(moment).toISOString()).join(':');
  return value.list.map((entry) => (typeof entry === 'string' ? `'${entry}'` : String(entry))).join(':');
}

const WRONG = 'error: Incorrect data type for operator or @Function';

describe('operators', () => {
  test.each([
    ['1 + 2 * 3', '7'],
    ['(1 + 2) * 3', '9'],
    ['10 - 2 - 3', '5'],
    ['12 / 2 / 3', '2'],
    ['1 / 0', 'error: Division by zero'],
    ['-2 + 5', '3'],
    // A list binds tighter than arithmetic and than the sign before it.
    ['1 : 2 + 10', '11:12'],
    ['1 : 2 + 10 : 20 : 30', '11:22:32'],
    ['-1 : 2', '-1:-2'],
    ['(-1) : 2', '-1:2'],
    ['"a" : "b" + "x"', "'ax':'bx'"],
    ['"a" + 1', WRONG],
    ['"a" : 1', 'error: The values of a list must be of one kind'],
    // Comparisons of lists hold when any pair holds, for "<>" as well.
    ['"a" : "b" = "x" : "b"', '1'],
    ['"a" : "b" = "b" : "a"', '0'],
    ['"a" : "b" <> "a"', '1'],
    ['2 >= 2 & 3 != 4', '1'],
    ['1 >< 1', '0'],
    ['1 =! 2', '1'],
    // "&" and "|" rank equal and go from left to right.
    ['1 | 1 & 0', '0'],
    ['1 | (1 & 0)', '1'],
    // "!" ranks with them: it negates the comparison that follows.
    ['!1 = 2', '1'],
    ['!0 & 0', '0'],
    ['!(1 : 0)', '0:1'],
    ['!"a"', WRONG],
    ['colours[2]', "'green'"],
    ['colours[1 + 2]', "'blue'"],
    ['colours[4]', 'error: The index is outside the list'],
    ['since - (since - 90)', '90'],
    ['since > since - 1', '1'],
    ['missing = ""', '1'],
    ['missing = 1', WRONG],
  ])('%s is %s', (source, wanted) => {
    expect(shown(run(source))).toBe(wanted);
  });

  test('whether "=" heeds the case of a text is a question of the context', () => {
    expect(shown(run('Status = "busy"', { textEquality: 'exact' }))).toBe('0');
    expect(shown(run('Status = "busy"', { textEquality: 'ignore-case' }))).toBe('1');
  });
});

describe('statements', () => {
  test.each([
    ['a := 2; b := a * 3; a + b', '8'],
    ['A := 2; a', '2'],
    ['STATUS', "'Busy'"],
    ['status := "x"; Status', "'x'"],
    ['REM "a remark; with a semicolon"; 1', '1'],
    ['REM {another}; 1;', '1'],
    ['SELECT Form = "Presence"', '1'],
    ['SELECT 0; 5', '0'],
    ['FIELD Status := "new"; Status', "'new'"],
    ['DEFAULT Status := "new"; Status', "'Busy'"],
    ['DEFAULT Other := "new"; Other', "'new'"],
    ['@If(1; x := 5; x := 6); x', '5'],
    ['@Do(x := 1; x + 1)', '2'],
    ['"say \\"yes\\" \\\\ no"', `'say "yes" \\ no'`],
    ['{no \\ escape "here"}', `'no \\ escape "here"'`],
  ])('%s gives %s', (source, wanted) => {
    expect(shown(run(source))).toBe(wanted);
  });
});

describe('functions', () => {
  test.each([
    ['@If(0; "a"; 1; "b"; "c")', "'b'"],
    ['@If(0; "a"; 0; "b"; "c")', "'c'"],
    ['@If(missing; "a"; "b")', WRONG],
    ['@If(1; "a"; 1 / 0)', "'a'"],
    ['@Select(2; "a"; "b"; "c")', "'b'"],
    ['@Select(9; "a"; "b"; "c")', "'c'"],
    ['@Select(0; "a"; "b")', 'error: @Select counts from 1'],
    // Case matters in @Member, @IsMember and @Contains.
    ['@Member("green"; colours)', '2'],
    ['@Member("Green"; colours)', '0'],
    ['@IsMember("red" : "blue"; colours)', '1'],
    ['@IsMember("red" : "pink"; colours)', '0'],
    ['@IsNotMember("pink"; colours)', '1'],
    ['@Contains("Presence"; "sen")', '1'],
    ['@Contains("Presence"; "SEN")', '0'],
    ['@Contains("Presence"; "")', '1'],
    ['@Begins("Presence"; "Pre")', '1'],
    ['@Ends("Presence"; "Pre")', '0'],
    ['@IsAvailable(Status) : @IsAvailable($Conflict)', '1:0'],
    ['@IsUnavailable($Conflict)', '1'],
    ['x := 1; @IsAvailable(x)', '0'],
    ['@LowerCase(@Trim("  Be  RIGHT  Back "))', "'be right back'"],
    ['@Trim("" : " a " : "")', "'a'"],
    ['@Trim("  ")', "''"],
    ['@LowerCase(1)', WRONG],
    ['@UpperCase("ä")', "'Ä'"],
    ['@ProperCase("ana REYES")', "'Ana Reyes'"],
    ['@Length("abc" : "")', '3:0'],
    ['@Left("sip:ana@contoso"; 3)', "'sip'"],
    ['@Left("sip:ana@contoso"; "@")', "'sip:ana'"],
    ['@Left("abc"; "x")', "''"],
    ['@Right("sip:ana@contoso"; ":")', "'ana@contoso'"],
    ['@Right("abc"; 2)', "'bc'"],
    ['@LeftBack("a/b/c"; "/")', "'a/b'"],
    ['@LeftBack("abc"; 1)', "'ab'"],
    ['@RightBack("a/b/c"; "/")', "'c'"],
    ['@RightBack("abc"; 1)', "'bc'"],
    ['@Middle("abcdef"; 2; 3)', "'cde'"],
    ['@Repeat("ab"; 3)', "'ababab'"],
    ['@ReplaceSubstring("a-b-c"; "-"; "+")', "'a+b+c'"],
    ['@Replace(colours; "red" : "blue"; "RED")', "'RED':'green':''"],
    ['@Elements(colours) : @Elements("")', '3:0'],
    ['@Subset(colours; 1)', "'red'"],
    ['@Subset(colours; -2)', "'green':'blue'"],
    ['@Subset(colours; 0)', 'error: The second argument of @Subset must not be 0'],
    ['@Unique("a" : "b" : "a")', "'a':'b'"],
    ['@Implode(colours; ", ")', "'red, green, blue'"],
    ['@Explode("a, b;c")', "'a':'b':'c'"],
    ['@List(1; 2; 3)', '1:2:3'],
    ['@Text(3.5) : @Text(2; "F2")', "'3.5':'2.00'"],
    ['@Text("as it is")', "'as it is'"],
    ['@TextToNumber("12")', '12'],
    ['@IsError(@TextToNumber("x"))', '1'],
    ['@IfError(1 / 0; "none")', "'none'"],
    ['@IfError(1 / 0)', "''"],
    ['@Integer(2.7) : @Abs(-2) : @Round(2.5) : @Modulo(7; 3)', '2:2:3:1'],
    ['@Max(sizes) : @Min(sizes) : @Sum(sizes)', '3:1:6'],
    ['@IsText("") : @IsNumber(1) : @IsTime(since)', '1:1:1'],
    ['@True : @False : @All', '1:0:1'],
  ])('%s is %s', (source, wanted) => {
    expect(shown(run(source))).toBe(wanted);
  });

  test.each([
    ['[CN]', 'CN=Ana Reyes/OU=Sales/O=Contoso', 'Ana Reyes'],
    ['[CN]', 'Ana Reyes/Sales/Contoso', 'Ana Reyes'],
    ['[CN]', 'Ana Reyes', 'Ana Reyes'],
    ['[O]', 'CN=Ana Reyes/OU=Sales/O=Contoso', 'Contoso'],
    ['[O]', 'Ana Reyes', ''],
    ['[OU1]', 'CN=Ana Reyes/OU=Lab/OU=Sales/O=Contoso', 'Sales'],
    ['[OU2]', 'CN=Ana Reyes/OU=Lab/OU=Sales/O=Contoso', 'Lab'],
    ['[Abbreviate]', 'CN=Ana Reyes/OU=Sales/O=Contoso', 'Ana Reyes/Sales/Contoso'],
    ['[Canonicalize]', 'Ana Reyes/Sales/Contoso', 'CN=Ana Reyes/OU=Sales/O=Contoso'],
  ])('@Name(%s; "%s") is "%s"', (keyword, name, wanted) => {
    expect(shown(run(`@Name(${keyword}; "${name}")`))).toBe(`'${wanted}'`);
  });

  test('@Name([Canonicalize]) takes what a name lacks from the ID at work, whoever or whatever it names', () => {
    const userName = 'CN=Ben Okoro/OU=IT/O=Contoso';
    const source = '@Name([Canonicalize]; "Ana Reyes" : "Works council" : "Ana Reyes/Contoso")';
    expect(shown(run(source, { userName }))).toBe(
      "'CN=Ana Reyes/OU=IT/O=Contoso':'CN=Works council/OU=IT/O=Contoso':'CN=Ana Reyes/O=Contoso'",
    );
  });

  test('@Name refuses a word it does not know', () => {
    expect(shown(run('word := [XYZ]; @Name(word; "a")'))).toBe(WRONG);
  });
});

describe('time', () => {
  const berlin = { ...TIME_STYLES.de, zone: 'Europe/Berlin' };

  test.each([
    ['@Text(since)', "'05.01.2026 13:00:00'"],
    ['@Text(since; "D0T1S2")', "'05.01.2026 13:00'"],
    ['@Text(since; "S0")', "'05.01.2026'"],
    ['@Text(since; "T1S1")', "'13:00'"],
    ['@Text(since; "D2S0")', "'05.01'"],
    ['@Text(since; "Q9")', 'error: "Q9" is not supported'],
    ['@Hour(since) : @Weekday(since)', '13:2'],
    ['@Adjust(since; 0; 1; -5; 0; 30; 0)', '2026-01-31T12:30:00.000Z'],
    ['@Date(since)', '2026-01-04T23:00:00.000Z'],
    ['@Date(2026; 7; 1; 8; 0; 0)', '2026-07-01T06:00:00.000Z'],
    // Days keep the clock's hour over a change of summer time; hours are real hours.
    ['@Adjust(@Date(2026; 3; 28; 12; 0; 0); 0; 0; 1; 0; 0; 0)', '2026-03-29T10:00:00.000Z'],
    ['@Adjust(@Date(2026; 3; 28; 12; 0; 0); 0; 0; 0; 24; 0; 0)', '2026-03-29T11:00:00.000Z'],
  ])('%s in Berlin is %s', (source, wanted) => {
    expect(shown(run(source, { timeStyle: berlin }))).toBe(wanted);
  });

  test('the English style writes the year first', () => {
    expect(shown(run('@Text(since; "T1")'))).toBe("'2026-01-05 12:00'");
  });

  test('@Now is the moment of the context', () => {
    expect(shown(run('@Now - since', { now: NOON + 61_000 }))).toBe('61');
  });

  test('@Now is an error where there is no clock, as in a view', () => {
    expect(shown(run('@Now'))).toBe('error: @Now must not be used here');
  });
});

describe('limits of a run', () => {
  test('a list that doubles again and again ends in an error that the formula cannot catch', () => {
    const doubling = `x := "a" : "b"; ${'x := x : x; '.repeat(30)} @IfError(x; "caught")`;
    expect(shown(run(doubling))).toMatch(/^error: A list has more than/);
  });

  test('too many steps end the run', () => {
    const value = run('1 + 1 + 1 + 1', { limits: { ...FORMULA_LIMITS, steps: 3 } });
    expect(shown(value)).toBe('error: The formula takes more than 3 steps');
  });

  test('a text that grows too long ends the run', () => {
    expect(shown(run(`x := @Repeat("ab"; 30000); x + x`))).toMatch(/^error: A text has more than/);
  });

  test('whatever the tokens, reading and running never throws', () => {
    const randomFormula = fc.array(fc.constantFrom(...PIECES), { maxLength: 25 });
    fc.assert(
      fc.property(randomFormula, (words) => {
        const outcome = compileFormula(words.join(' '));
        if (outcome.ok) evaluate(outcome.formula, contextOf(FIELDS));
      }),
      { numRuns: 500 },
    );
  });

  test('whatever the functions and their arguments, running never throws', () => {
    const tables = [
      CONVERSION_FUNCTIONS,
      EFFECT_FUNCTIONS,
      FORM_FUNCTIONS,
      LAZY_FUNCTIONS,
      OUTSIDE_FUNCTIONS,
      LIST_FUNCTIONS,
      NAME_FUNCTIONS,
      NUMBER_FUNCTIONS,
      TEXT_FUNCTIONS,
      TIME_FUNCTIONS,
    ];
    const functions = tables.flatMap((table) => Object.entries(table));
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4, depthSize: 'medium' },
        fc.constantFrom(
          '0',
          '1',
          '1e308',
          '1e999',
          '60000',
          '""',
          '"a b"',
          '"D0T1"',
          '[CN]',
          'Since',
          'Sizes',
          'Colours',
        ),
        fc
          .tuple(tie('expression'), fc.constantFrom(':', '+', '-', '*', '/', '='), tie('expression'))
          .map(([a, sign, b]) => `(${a} ${sign} (${b}))`),
        fc
          .constantFrom(...functions)
          .chain(([name, { least, most }]) =>
            fc
              .array(tie('expression'), { minLength: least, maxLength: Math.min(most, least + 2) })
              .map((args) => (args.length === 0 ? name : `${name}(${args.join('; ')})`)),
          ),
      ),
    }));
    fc.assert(
      fc.property(expression, (source) => {
        // Only read, not compiled: keywords stand where they do not belong.
        const outcome = parseFormula(source);
        expect(outcome.ok).toBe(true);
        if (outcome.ok)
          evaluate(outcome.formula, contextOf(FIELDS, { now: NOON, outside: OUTSIDE, effects: () => {} }));
      }),
      { numRuns: 1500 },
    );
  });

  test.each([
    ['@Adjust(since; 1e300; 0; 0; 0; 0; 0)', 'error: The date is out of range'],
    ['@Text(since + 1e300)', 'error: The date is out of range'],
    ['@Repeat(""; 1e999)', 'error: The text becomes too long'],
    ['x := @Repeat("ab"; 30000); @ReplaceSubstring(x; "a"; x)', 'error: The text becomes too long'],
    ['x := @Repeat("ab"; 30000); @Implode(x : x)', 'error: The text becomes too long'],
  ])('%s is an error value', (source, wanted) => {
    expect(shown(run(source))).toBe(wanted);
  });
});
