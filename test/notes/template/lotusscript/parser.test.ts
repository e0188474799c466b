import { describe, expect, test } from 'vitest';
import { SCRIPT_LIMITS } from '../../../../src/notes/template/lotusscript/limits.js';
import { parseScript } from '../../../../src/notes/template/lotusscript/parser.js';
import type { Expression, Script, Statement } from '../../../../src/notes/template/lotusscript/syntax.js';

function scriptOf(text: string): Script {
  const outcome = parseScript(text);
  if (!outcome.ok) throw new Error(`line ${outcome.at.line}: ${outcome.reason}`);
  return outcome.script;
}

/** Statements of a Sub around the lines. */
function bodyOf(...lines: readonly string[]): readonly Statement[] {
  return scriptOf(['Sub Initialize', ...lines, 'End Sub'].join('\n')).procedures[0]?.body ?? [];
}

/** An expression with a bracket around every operation. */
function shapeOf(expression: Expression | undefined): string {
  switch (expression?.kind) {
    case 'text':
      return JSON.stringify(expression.value);
    case 'number':
      return String(expression.value);
    case 'constant':
      return expression.value;
    case 'me':
      return 'me';
    case 'name':
      return expression.key;
    case 'member':
      return `${expression.target ? shapeOf(expression.target) : ''}.${expression.key}`;
    case 'base-member':
      return `${expression.className.key}..${expression.key}`;
    case 'apply':
      return `${shapeOf(expression.target)}(${expression.args.map((one) => shapeOf(one.value)).join(', ')})`;
    case 'new':
      return `new ${expression.className.key}(${expression.args.map((one) => shapeOf(one.value)).join(', ')})`;
    case 'unary':
      return `(${expression.operator} ${shapeOf(expression.operand)})`;
    case 'binary':
      return `(${shapeOf(expression.left)} ${expression.operator} ${shapeOf(expression.right)})`;
    case 'bracketed':
      return `[${shapeOf(expression.inner)}]`;
    case undefined:
      return '?';
  }
}

function shapeOfValue(text: string): string {
  const [statement] = bodyOf(`x = ${text}`);
  return statement?.kind === 'assign' ? shapeOf(statement.value) : '?';
}

describe('expressions of LotusScript', () => {
  test.each([
    ['1 + 2 * 3', '(1 + (2 * 3))'],
    ['-2 ^ 2', '(- (2 ^ 2))'],
    ['2 ^ -1', '(2 ^ (- 1))'],
    ['7 \\ 2 * 3', '(7 \\ (2 * 3))'],
    ['7 Mod 4 \\ 2', '(7 mod (4 \\ 2))'],
    ['1 + 7 Mod 4', '(1 + (7 mod 4))'],
    ['"a" & 1 + 2', '("a" & (1 + 2))'],
    ['a & b = c', '((a & b) = c)'],
    ['Not a = b', '(not (a = b))'],
    ['Not doc Is Nothing', '(not (doc is nothing))'],
    ['a And Not b Or c', '((a and (not b)) or c)'],
    ['a Or b And c', '(a or (b and c))'],
    ['a Xor b Or c', '(a xor (b or c))'],
    ['a Imp b Eqv c', '(a imp (b eqv c))'],
    ['a Like "x*" And b IsA "NOTESDOCUMENT"', '((a like "x*") and (b isa "NOTESDOCUMENT"))'],
    ['a =< b', '(a <= b)'],
    ['a >< b', '(a <> b)'],
    ['(a + b) * c', '([(a + b)] * c)'],
    ['doc.GetItemValue("x")(0)', 'doc.getitemvalue("x")(0)'],
    ['Left$(s, 2)', 'left(s, 2)'],
    ['Base..Text', 'base..text'],
    ['a(1)(2).b', 'a(1)(2).b'],
    ['New Person("x")', 'new person("x")'],
    ['Me.Name', 'me.name'],
    ['"say ""yes"""', '"say \\"yes\\""'],
    ['|a "b" ||c|', '"a \\"b\\" |c"'],
    ['{Form = "x{" }}}', '"Form = \\"x{\\" }"'],
    ['&HFF', '255'],
    ['&HFFFFFFFF', '-1'],
    ['&O17 + &B101', '(15 + 5)'],
    ['.5 + 1E3', '(0.5 + 1000)'],
    ['a & _\n "b"', '(a & "b")'],
    ['a & _ \' why\n "b"', '(a & "b")'],
  ])('reads %s', (text, shape) => {
    expect(shapeOfValue(text)).toBe(shape);
  });

  test('tells the type of a number', () => {
    const types = ['1', '40000', '1.5', '1E2', '1#', '1@', '1!', '1&', '&H7FFF', '&HFFFF'].map((text) => {
      const [statement] = bodyOf(`x = ${text}`);
      return statement?.kind === 'assign' && statement.value.kind === 'number' ? statement.value.type : '?';
    });
    expect(types).toEqual([
      'Integer',
      'Long',
      'Double',
      'Double',
      'Double',
      'Currency',
      'Single',
      'Long',
      'Integer',
      'Long',
    ]);
  });

  test('keeps the lines of a text in bars', () => {
    expect(shapeOfValue('|a\r\nb|')).toBe('"a\\nb"');
  });
});

describe('statements of LotusScript', () => {
  test.each<[string, Partial<Statement>]>([
    ['Dim a As String, b List As Integer, c(1 To 5, 2) As Long', { kind: 'variables', scope: 'dim' }],
    ['Dim session As New NotesSession', { kind: 'variables' }],
    ['Static count As Integer', { kind: 'variables', scope: 'static' }],
    ['Const A = 1, B$ = "x"', { kind: 'constants' }],
    ['ReDim Preserve c(UBound(c) + 1)', { kind: 'redim', preserve: true }],
    ['Let a = 1', { kind: 'assign' }],
    ['a = 1', { kind: 'assign' }],
    ['a(1).b = 1', { kind: 'assign' }],
    ['Set doc = Nothing', { kind: 'set' }],
    ['Call Foo', { kind: 'call' }],
    ['Call doc.Save(True, False)', { kind: 'call' }],
    ['doc.Save True, False', { kind: 'call' }],
    ['MessageBox "x"', { kind: 'call' }],
    ['Error$ = ""', { kind: 'assign' }],
    ['Error 1001, "text"', { kind: 'error' }],
    ['If a Then b = 1 Else b = 2', { kind: 'if' }],
    ['If a Then b = 1 : c = 2', { kind: 'if' }],
    ['If a GoTo done', { kind: 'if' }],
    ['If a Then\nElseIf b Then\nElse\nEnd If', { kind: 'if' }],
    ['Select Case a\nCase 1, 3 To 5, Is > 7\n b = 1\nCase Else\nEnd Select', { kind: 'select' }],
    ['For i = 10 To 1 Step -1\nNext i', { kind: 'for' }],
    ['For i = 1 To 3 : a = i : Next', { kind: 'for' }],
    ['ForAll x In list1\nEnd ForAll', { kind: 'forall' }],
    ['Do While a\nLoop', { kind: 'do' }],
    ['Do\nLoop Until a', { kind: 'do' }],
    ['Do\nExit Do\nLoop', { kind: 'do' }],
    ['While a\nWend', { kind: 'while' }],
    ['With doc\n.Form = "x"\nCall .Save(True, False)\nEnd With', { kind: 'with' }],
    ['Exit Sub', { kind: 'exit', from: 'sub' }],
    ['End', { kind: 'end' }],
    ['On Error GoTo failed', { kind: 'on-error' }],
    ['On Error GoTo 0', { kind: 'on-error', action: { kind: 'off' } }],
    ['On Error Resume Next', { kind: 'on-error', action: { kind: 'next' } }],
    ['On Error 13 GoTo failed', { kind: 'on-error' }],
    ['Resume', { kind: 'resume', to: { kind: 'same' } }],
    ['Resume 0', { kind: 'resume', to: { kind: 'same' } }],
    ['Resume Next', { kind: 'resume', to: { kind: 'next' } }],
    ['Resume done', { kind: 'resume' }],
    ['GoTo done', { kind: 'goto' }],
    ['done:', { kind: 'label', key: 'done' }],
    ['Erase a, b', { kind: 'erase' }],
    ['Delete person', { kind: 'delete' }],
    ['Print "a"; b, c', { kind: 'print' }],
    ['Print', { kind: 'print', values: [] }],
    ['On Event Postopen From view Call Opened', { kind: 'on-event', remove: false }],
  ])('reads %s', (text, statement) => {
    const body = bodyOf(text);
    expect(body).toHaveLength(1);
    expect(body[0]).toMatchObject(statement);
  });

  test('an Else belongs to the inner one of two single-line Ifs', () => {
    const [outer] = bodyOf('If a Then If b Then c = 1 Else c = 2');
    expect(outer?.kind === 'if' && outer.otherwise).toBe(undefined);
  });

  test('comments of all kinds are left out', () => {
    const lines = ["a = 1 ' why", 'Rem b = 2', '%REM', 'c = "', '%END REM', 'd = 4 : Rem e'];
    expect(bodyOf(...lines)).toHaveLength(2);
  });

  test('without Call, one argument in brackets is passed by value', () => {
    const argumentOf = (line: string): string => {
      const [call] = bodyOf(line);
      return call?.kind === 'call' ? call.args.map((one) => shapeOf(one.value)).join('; ') : '?';
    };
    expect(argumentOf('Foo (a)')).toBe('[a]');
    expect(argumentOf('Call Foo(a)')).toBe('a');
    expect(argumentOf('Foo (a), b')).toBe('[a]; b');
    expect(argumentOf('Foo (a) + 1')).toBe('([a] + 1)');
    expect(argumentOf('Foo -1')).toBe('(- 1)');
  });

  test('positions count lines from the number of the first one', () => {
    const outcome = parseScript('Sub A\n\n  x = )\nEnd Sub', 10);
    expect(outcome).toMatchObject({ ok: false, at: { line: 12, column: 7 } });
  });
});

describe('definitions of LotusScript', () => {
  const script = scriptOf(`Option Public
Option Declare
Option Base 1
Option Compare NoCase
Use "Other"
Public Const LIMIT = 3
Private seen List As String
Dim names() As String
Type Entry
	key As String * 20
	values(1 To 3) As Variant
End Type
Public Class Person As Base
	Private names As Variant
	Public count As Integer
	title As String
	Sub New(doc As NotesDocument, ByVal deep As Integer), Base(doc)
	End Sub
	Sub Delete
	End Sub
	Property Get Text As String
		Text = title
	End Property
	Property Set Text As String
		title = Text
	End Property
	Private Function Find%(key As String, lists() As String, marks List As Integer)
		Find = 1
	End Function
End Class
Private Static Function Helper As Variant
End Function
Sub Initialize()
End Sub
`);

  test('options and libraries', () => {
    expect(script.options).toEqual({ isDeclare: true, isPublic: true, base: 1, compare: 'nocase' });
    expect(script.uses.map((use) => use.library)).toEqual(['Other']);
  });

  test('constants, variables and types', () => {
    expect(script.constants[0]).toMatchObject({ visibility: 'public', constant: { key: 'limit' } });
    expect(script.variables.map(({ variable }) => [variable.key, variable.shape])).toEqual([
      ['seen', 'list'],
      ['names', 'array'],
    ]);
    expect(script.records[0]?.members[0]).toMatchObject({ key: 'key', type: { type: 'String', length: 20 } });
  });

  test('classes with members, constructor, properties and methods', () => {
    const [person] = script.classes;
    expect(person?.members.map((member) => [member.variable.key, member.visibility])).toEqual([
      ['names', 'private'],
      ['count', 'public'],
      ['title', 'private'],
    ]);
    expect(person?.methods.map((method) => [method.kind, method.key])).toEqual([
      ['sub', 'new'],
      ['sub', 'delete'],
      ['get', 'text'],
      ['set', 'text'],
      ['function', 'find'],
    ]);
    expect(person?.methods[0]?.baseArgs).toHaveLength(1);
    expect(person?.methods[4]).toMatchObject({ returns: { type: 'Integer' }, visibility: 'private' });
    expect(person?.methods[4]?.parameters.map((one) => one.shape)).toEqual(['single', 'array', 'list']);
  });

  test('procedures', () => {
    expect(script.procedures.map((one) => [one.kind, one.key, one.isStatic])).toEqual([
      ['function', 'helper', true],
      ['sub', 'initialize', false],
    ]);
    expect(script.procedures[1]?.end.line).toBe(34);
  });
});

describe('bounds of reading', () => {
  test.each([
    ['length', 'x'.repeat(SCRIPT_LIMITS.length + 1), 'a script has at most'],
    ['tokens', 'a,'.repeat(SCRIPT_LIMITS.tokens), 'words and signs'],
    ['depth', `Sub A\nx = ${'('.repeat(5000)}`, 'levels of blocks and brackets'],
    ['depth of blocks', `Sub A\n${'If a Then\n'.repeat(5000)}`, 'levels of blocks and brackets'],
    ['depth of signs', `Sub A\nx = ${'-'.repeat(5000)}1`, 'levels of blocks and brackets'],
    ['height', `Sub A\nx = 1${'+ 1'.repeat(5000)}\nEnd Sub`, 'levels'],
    ['height of members', `Sub A\nx = a${'.b'.repeat(5000)}\nEnd Sub`, 'levels'],
    ['name', `Dim ${'a'.repeat(41)} As String`, 'longer than 40 characters'],
    ['text', `Const A = "${'a'.repeat(20_000)}"`, 'at most 16267 characters'],
  ])('of %s', (_what, text, reason) => {
    const outcome = parseScript(text);
    expect(outcome.ok ? '' : outcome.reason).toContain(reason);
  });
});
