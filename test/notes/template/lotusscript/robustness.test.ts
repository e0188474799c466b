import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkScript } from '../../../../src/notes/template/lotusscript/check.js';
import { parseScript } from '../../../../src/notes/template/lotusscript/parser.js';

/** Every statement, so that a mutation of it meets every part of the reader. */
const SOUND = `Option Declare
Use "Api"
Const LIMIT% = 3
Dim seen List As String
Type Entry
	key As String * 20
End Type
Class Person As Human
	Private age As Integer
	Sub New(years As Integer), Human(years)
		Me.age = years
	End Sub
	Property Get Size As Integer
		Size = Human..Weight(age)
	End Property
End Class
%REM
 remark
%END REM
Function Main(ByVal a As String, b() As Integer, c List As Variant) As Variant
	Dim doc As New NotesDocument(Nothing), i As Integer
	On Error GoTo failed
	If a = "x" Then Exit Function Else i = 1 : Print i
	If i > 1 Then
		ReDim Preserve b(1 To i)
	ElseIf Not doc Is Nothing Then
		Set doc = Nothing
	Else
		Call doc.ReplaceItemValue({a}, |b
c|)
	End If
	For i = 1 To 10 Step 2
		Select Case i
		Case 1, 2 To 3, Is > 4
			c("a") = -2 ^ 3 Mod &HFF & _
			"y"
		Case Else
			doc.Save True, False
		End Select
	Next
	ForAll x In c
		Erase c(ListTag(x))
	End ForAll
	Do While i > 1 : i = i - 1
	Loop
	With doc
		.Form = "a"
	End With
	Exit Function
failed:
	Error 1001, Error$ & Erl ' why
	Resume Next
End Function
`;

const WORDS = SOUND.split(/(\s+|\b)/).filter((word) => word !== '');

function check(text: string): void {
  parseScript(text);
  checkScript([{ event: 'declarations', text, firstLine: 1 }]);
}

describe('reading of LotusScript', () => {
  test('the script that the mutations begin from is sound', () => {
    expect(parseScript(SOUND)).toMatchObject({ ok: true });
  });

  test('never throws on arbitrary text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), check), { numRuns: 300 });
  });

  test('never throws on words in any order', () => {
    const lines = fc.array(fc.constantFrom(...WORDS, '\n', 'End', '(', ')', '.', '..', ':', '"', '_'), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(lines, (words) => check(`Sub A\n${words.join(' ')}`)),
      { numRuns: 300 },
    );
  });

  test('never throws on a sound script in which something was left out, put in or swapped', () => {
    const place = fc.nat(WORDS.length - 1);
    const mutation = fc.tuple(fc.constantFrom('drop', 'double', 'swap'), place, place);
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const words = [...WORDS];
        for (const [kind, one, other] of mutations) {
          const [first, second] = [words[one] ?? '', words[other] ?? ''];
          if (kind === 'drop') words.splice(one, 1);
          else if (kind === 'double') words.splice(one, 0, second);
          else {
            words[one] = second;
            words[other] = first;
          }
        }
        check(words.join(''));
      }),
      { numRuns: 400 },
    );
  });

  test('the place of a fault is in the script', () => {
    fc.assert(
      fc.property(fc.nat(SOUND.length), fc.constantFrom('?', '"', '(', '\n', ' End ', '|'), (offset, junk) => {
        const text = SOUND.slice(0, offset) + junk + SOUND.slice(offset);
        const outcome = parseScript(text);
        if (outcome.ok) return;
        const lines = text.split('\n');
        const { line, column } = outcome.at;
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
      }),
      { numRuns: 300 },
    );
  });

  test('a literal text comes back as it was', () => {
    const quoted = fc.string({ maxLength: 100 }).map((text) => text.replaceAll(/[\r\n]/g, ' '));
    fc.assert(
      fc.property(quoted, fc.constantFrom('"', '|', '{'), (text, opener) => {
        const closer = opener === '{' ? '}' : opener;
        const outcome = parseScript(`Const A = ${opener}${text.replaceAll(closer, closer + closer)}${closer}`);
        const value = outcome.ok ? outcome.script.constants[0]?.constant.value : undefined;
        expect(value?.kind === 'text' && value.value).toBe(text);
      }),
    );
  });

  test.each([
    ['lines', 'x = 1\n'],
    ['comments', "' a\n"],
    ['remarks', '%REM\na\n%END REM\n'],
    ['continuations', '1 + _\n'],
    ['doubled quotation marks', '""'],
    ['bars', '||'],
    ['blanks', '  \t'],
    ['labels', 'a:\n'],
    ['open texts', '"\n'],
  ])('takes no more than its time for many %s', (_what, part) => {
    const text = `Sub A\n${part.repeat(Math.floor(400_000 / part.length))}`;
    const start = performance.now();
    parseScript(text);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  test('a long line of classes, each made from the next, takes no time', () => {
    const classes = Array.from({ length: 5_000 }, (_, at) => `Class K${at} As K${at + 1}\nEnd Class\n`).join('');
    const start = performance.now();
    checkScript([{ event: 'declarations', text: classes, firstLine: 1 }]);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  test('the reason of a fault is short however long the number is', () => {
    const outcome = parseScript(`Const A = ${'9'.repeat(100_000)}`);
    expect(outcome.ok ? '' : outcome.reason).toMatch(/^9{30} is too large for Long$/);
  });
});
