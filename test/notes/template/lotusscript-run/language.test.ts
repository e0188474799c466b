import { describe, expect, test } from 'vitest';
import { MemoryDatabase } from '../../../support/lotusscript/notes/memory-database.js';
import { NotesWorld } from '../../../support/lotusscript/notes/world.js';
import { readScript, runScript } from '../../../support/lotusscript/run.js';

const NO_LIBRARIES = "<database xmlns='http://www.lotus.com/dxl' title='t'/>";

/** Runs lines as the body of Initialize, with declarations of the script before it; gives what was printed. */
async function run(body: string, declarations = ''): Promise<string[]> {
  const world = new NotesWorld({ databases: [new MemoryDatabase({ file: 'here.nsf' })] });
  const script = readScript(`Option Declare\n${declarations}\nSub Initialize\n${body}\nEnd Sub\n`);
  await runScript({ dxl: NO_LIBRARIES, world, script, steps: 100_000 });
  return world.printed;
}

/** What an expression gives, as text. */
async function value(expression: string): Promise<string | undefined> {
  return (await run(`Print Cstr(${expression})`))[0];
}

/** Number of the error that the lines raise, handled by the script itself. */
async function errorOf(body: string, declarations = ''): Promise<string[]> {
  return run(`On Error Goto failed\n${body}\nPrint "none"\nExit Sub\nfailed:\nPrint Err\nExit Sub`, declarations);
}

describe('numbers', () => {
  test.each([
    ['7 / 2', '3.5'],
    ['7 \\ 2', '3'],
    ['-7 Mod 3', '-1'],
    ['2 ^ 10', '1024'],
    ['Cint(2.5)', '2'],
    ['Cint(3.5)', '4'],
    ['Clng(-2.5)', '-2'],
    ['1 / 4', '.25'],
    ['True', 'True'],
    ['Cint(True)', '-1'],
    ['Not 0', '-1'],
    ['5 And 3', '1'],
    ['(1 = 1) And (2 = 2)', 'True'],
    ['Fix(-1.5)', '-1'],
    ['Int(-1.5)', '-2'],
    ['Round(2.5, 0)', '2'],
    ['Val("12abc")', '12'],
    ['Hex$(255)', 'FF'],
    ['Isnumeric("1.5")', 'True'],
    ['Isnumeric("x")', 'False'],
    ['&HFF', '255'],
  ])('%s is %s', async (expression, result) => {
    expect(await value(expression)).toBe(result);
  });

  test.each([
    ['an Integer above its range', 'Dim i As Integer\ni = 32767\ni = i + 1', '6'],
    ['a conversion above the range', 'Dim i As Integer\ni = Cint("40000")', '6'],
    ['a Long above its range', 'Dim n As Long\nn = 2147483647\nn = n + 1', '6'],
    ['a division by zero', 'Dim n As Double\nn = 1 / 0', '11'],
    ['a text that is no number', 'Dim n As Long\nDim v As Variant\nv = "x"\nn = v', '13'],
    ['Null in a text', 'Dim t As String\nDim v As Variant\nv = Null\nt = v', '94'],
    ['a subscript above the bounds', 'Dim a(2) As Integer\na(3) = 1', '9'],
    ['an array without a size', 'Dim a() As Integer\nPrint a(0)', '200'],
    ['Nothing before a dot', 'Dim db As NotesDatabase\nPrint db.Title', '91'],
    ['a tag that is not in the list', 'Dim l List As Integer\nPrint l("x")', '120'],
    ['Mid before the first letter', 'Print Mid$("x", 0, 1)', '5'],
    ["an error of one's own", 'Error 1001, "mine"', '1001'],
  ])('%s is an error', async (_, body, number) => {
    expect(await errorOf(body)).toEqual([number]);
  });

  test('in a Long there is room for what an Integer cannot hold', async () => {
    expect(await run('Dim n As Long\nn = 32767\nn = n + 1\nPrint n')).toEqual(['32768']);
  });
});

describe('texts', () => {
  test.each([
    ['Left$("abcd", 2)', 'ab'],
    ['Right$("abcd", 2)', 'cd'],
    ['Mid$("abcd", 2)', 'bcd'],
    ['Mid$("abcd", 2, 2)', 'bc'],
    ['Mid$("abcd", 9, 2)', ''],
    ['Instr("abcabc", "c")', '3'],
    ['Instr(4, "abcabc", "c")', '6'],
    ['Instr("abc", "C")', '0'],
    ['Instr(1, "abc", "C", 1)', '3'],
    ['Fulltrim("  a   b ")', 'a b'],
    ['Trim$("  a  b ")', 'a  b'],
    ['Strleft("a/b/c", "/")', 'a'],
    ['Strright("a/b/c", "/")', 'b/c'],
    ['Strleftback("a/b/c", "/")', 'a/b'],
    ['Strrightback("a/b/c", "/")', 'c'],
    ['Strleft("abc", "/")', ''],
    ['Replace("aXbX", "X", "-")', 'a-b-'],
    ['Join(Split("a,b,c", ","), "+")', 'a+b+c'],
    ['Ubound(Split("a,b,c", ","))', '2'],
    ['Split("a,b,c", ",", 2)(1)', 'b,c'],
    ['Strtoken("a b c", " ", 2)', 'b'],
    ['Ucase$("grün")', 'GRÜN'],
    ['"a" & 1 & True', 'a1True'],
    ['"a" = "A"', 'False'],
    ['"ab" Like "a?"', 'True'],
    ['"a7" Like "a#"', 'True'],
    ['"b" Like "[!a]"', 'True'],
    ['Uni("a")', '97'],
    ['Chr$(97)', 'a'],
    ['Format$(7, "000")', '007'],
    ['Format$(1.5, "0.00")', '1.50'],
    ['Format$(Datenumber(2026, 1, 5) + Timenumber(9, 7, 3), "yyyy-mm-dd hh:nn:ss")', '2026-01-05 09:07:03'],
  ])('%s is %s', async (expression, result) => {
    expect(await value(expression)).toBe(result);
  });

  test('Option Compare NoCase counts in comparisons, in Instr and in tags', async () => {
    const script =
      'Dim l List As Integer\nl("A") = 1\nPrint "a" = "A"\nPrint Instr("abc", "B")\nPrint Iselement(l("a"))';
    expect(await run(script, 'Option Compare NoCase')).toEqual(['True', '2', 'True']);
  });
});

describe('types', () => {
  test.each([
    ['Datatype(1)', '2'],
    ['Datatype(100000)', '3'],
    ['Datatype(1.5)', '5'],
    ['Datatype("x")', '8'],
    ['Datatype(Now())', '7'],
    ['Datatype(True)', '11'],
    ['Datatype(Nothing)', '9'],
    ['Datatype(Split("a b"))', '8712'],
    ['Typename(Split("a b"))', 'STRING( )'],
    ['Typename(Empty)', 'EMPTY'],
    ['Typename(1)', 'INTEGER'],
    ['Isarray(Split("a"))', 'True'],
    ['Isempty(Empty)', 'True'],
    ['Isnull(Arraygetindex(Split("a b"), "c"))', 'True'],
    ['Arraygetindex(Split("a b"), "b")', '1'],
    ['Ubound(Arrayappend(Split("a b"), "c"))', '2'],
    ['Join(Arrayunique(Split("a b a")), "")', 'ab'],
    ['Year(Now())', '2026'],
    ['Hour(Now())', '11'],
  ])('%s is %s', async (expression, result) => {
    expect(await value(expression)).toBe(result);
  });

  test('a date is a number of days', async () => {
    expect(await run('Dim v As Variant\nv = Datenumber(2026, 1, 5)\nPrint Cdbl(v)\nPrint Datatype(v + 1)')).toEqual([
      '46027',
      '7',
    ]);
  });

  test('an array that is assigned is a copy', async () => {
    expect(
      await run('Dim a As Variant\nDim b As Variant\na = Split("x y")\nb = a\nb(0) = "z"\nPrint a(0) & b(0)'),
    ).toEqual(['xz']);
  });
});

describe('blocks', () => {
  test('And looks at both sides', async () => {
    expect(await errorOf('Dim db As NotesDatabase\nIf Not db Is Nothing And db.IsOpen Then Print "x"')).toEqual(['91']);
  });

  test('For counts, leaves, and skips when there is nothing to count', async () => {
    const body =
      'Dim i As Integer\nFor i = 1 To 9\nIf i = 4 Then Exit For\nPrint i\nNext\nFor i = 3 To 1 Step -2\nPrint i\nNext\nFor i = 2 To 1\nPrint "no"\nNext\nPrint i';
    expect(await run(body)).toEqual(['1', '2', '3', '3', '1', '2']);
  });

  test('ForAll changes elements, walks over lists in order of their making, and tells tags', async () => {
    const body =
      'Dim a As Variant\nDim l List As Integer\na = Split("a b")\nForall x In a\nx = x & "!"\nEnd Forall\nPrint Join(a)\nl("one") = 1\nl("two") = 2\nForall y In l\nPrint Listtag(y) & y\nEnd Forall';
    expect(await run(body)).toEqual(['a! b!', 'one1', 'two2']);
  });

  test('Select Case knows values, ranges and comparisons', async () => {
    const body =
      'Dim i As Integer\nFor i = 1 To 4\nSelect Case i\nCase 1, 2: Print "few"\nCase Is > 3: Print "many"\nCase Else: Print "some"\nEnd Select\nNext';
    expect(await run(body)).toEqual(['few', 'few', 'some', 'many']);
  });

  test('Do, While and With', async () => {
    const body =
      'Dim i As Integer\nDim session As New NotesSession\nDo\ni = i + 1\nLoop Until i = 3\nWhile i > 1\ni = i - 1\nWend\nWith session\nPrint i & .UserName\nEnd With';
    expect(await run(body)).toEqual(['1CN=Signer/O=Contoso']);
  });

  test('ReDim Preserve keeps what fits', async () => {
    expect(await run('Dim a() As String\nRedim a(1)\na(1) = "x"\nRedim Preserve a(3)\nPrint a(1) & Ubound(a)')).toEqual(
      ['x3'],
    );
  });

  test('Erase takes one element or all', async () => {
    const body =
      'Dim l List As Integer\nl("a") = 1\nl("b") = 2\nErase l("a")\nPrint Iselement(l("a")) & Iselement(l("b"))\nErase l\nPrint Iselement(l("b"))';
    expect(await run(body)).toEqual(['FalseTrue', 'False']);
  });

  test('a loop without end is ended', async () => {
    await expect(run('Do\nLoop')).rejects.toThrow('too many steps');
  });
});

describe('procedures', () => {
  test('arguments go by reference, unless by value or in brackets', async () => {
    const declarations = 'Sub Change(n As Long, Byval m As Long)\nn = n + 1\nm = m + 1\nEnd Sub';
    const body = 'Dim a As Long\nDim b As Long\nCall Change(a, b)\nPrint a & b\nCall Change((a), b)\nPrint a & b';
    expect(await run(body, declarations)).toEqual(['10', '10']);
  });

  test('elements of lists and arrays go by reference too', async () => {
    const declarations = 'Sub Change(n As Long)\nn = n + 1\nEnd Sub';
    expect(await run('Dim l List As Long\nl("a") = 4\nCall Change(l("a"))\nPrint l("a")', declarations)).toEqual(['5']);
  });

  test('a function calls itself, and its name alone is the result so far', async () => {
    const declarations = 'Function Sum(n As Long) As Long\nSum = n\nIf n > 1 Then Sum = Sum + Sum(n - 1)\nEnd Function';
    expect(await run('Print Sum(4)', declarations)).toEqual(['10']);
  });

  test('Static keeps its value', async () => {
    const declarations = 'Function Count As Long\nStatic n As Long\nn = n + 1\nCount = n\nEnd Function';
    expect(await run('Print Count\nPrint Count', declarations)).toEqual(['1', '2']);
  });

  test('calls without end are an error', async () => {
    expect(await errorOf('Call Deeper()', 'Sub Deeper\nCall Deeper()\nEnd Sub')).toEqual(['28']);
  });

  test('a name that nobody knows fails the test, and no script can handle that', async () => {
    await expect(errorOf('Print Nobody(1)')).rejects.toThrow('Nobody is not known');
    await expect(errorOf('Dim s As New NotesSession\nPrint s.Nobody')).rejects.toThrow(
      'NotesSession has no member nobody',
    );
  });
});

describe('errors', () => {
  test('Resume Next goes on behind the statement that failed', async () => {
    const body =
      'On Error Goto failed\nPrint 1\nError 1001, "x"\nPrint 2\nExit Sub\nfailed:\nPrint Err & Error$ & Erl\nResume Next';
    expect(await run(body)).toEqual(['1', '1001x6', '2']);
  });

  test('Resume resets Err', async () => {
    expect(await run('On Error Goto failed\nError 1001\nPrint Err\nExit Sub\nfailed:\nResume Next')).toEqual(['0']);
  });

  test('On Error Resume Next keeps Err until it is reset', async () => {
    expect(await run('On Error Resume Next\nError 1001\nPrint Err\nErr = 0\nPrint Err')).toEqual(['1001', '0']);
  });

  test('an error goes up to the caller that handles errors; the next statement is that of the caller', async () => {
    const declarations = 'Sub Fails\nPrint "in"\nError 1001\nPrint "no"\nEnd Sub';
    expect(await run('On Error Resume Next\nCall Fails()\nPrint Err', declarations)).toEqual(['in', '1001']);
  });

  test("an error that is raised again in a handler is the caller's", async () => {
    const declarations =
      'Sub Fails\nOn Error Goto failed\nError 1001, "low"\nExit Sub\nfailed:\nError 1002, Error$ & "+"\nEnd Sub';
    const body = 'On Error Goto failed\nCall Fails()\nExit Sub\nfailed:\nPrint Err & Error$\nExit Sub';
    expect(await run(body, declarations)).toEqual(['1002low+']);
  });

  test('single errors have handlers of their own', async () => {
    const body =
      'On Error Goto general\nOn Error 11 Goto division\nPrint 1 / 0\nError 1001\nExit Sub\ngeneral:\nPrint "general"\nExit Sub\ndivision:\nPrint "division"\nResume Next';
    expect(await run(body)).toEqual(['division', 'general']);
  });

  test('what nobody handles ends the run with number, line and procedure', async () => {
    await expect(run('Error 1001, "mine"')).rejects.toMatchObject({ number: 1001, line: 4, procedure: 'Initialize' });
  });
});

describe('classes', () => {
  const declarations = `
Class Animal
	Public Name As String
	Private sound As String
	Sub New(n As String)
		Name = n
		sound = "-"
	End Sub
	Property Set Noise As String
		sound = Noise
	End Property
	Property Get Noise As String
		Noise = sound & "!"
	End Property
	Function Speak() As String
		Speak = Name & ": " & Me.Noise
	End Function
	Sub Delete
		Print "gone " & Name
	End Sub
End Class
Class Dog As Animal
	Sub New(n As String), Animal("dog " & n)
		Noise = "wuff"
	End Sub
	Function Speak() As String
		Speak = Animal..Speak() & "?"
	End Function
End Class`;

  test('New of the base class runs first; properties, base members and Delete work', async () => {
    const body =
      'Dim d As New Dog("Rex")\nPrint d.Speak()\nd.Noise = "wau"\nPrint d.Noise\nPrint Typename(d)\nDelete d\nPrint d Is Nothing';
    expect(await run(body, declarations)).toEqual(['dog Rex: wuff!?', 'wau!', 'DOG', 'gone dog Rex', 'True']);
  });

  test('a variable of the base class takes an object of the derived one, not the other way', async () => {
    expect(await errorOf('Dim a As Animal\nSet a = New Dog("x")\nPrint a Isa "ANIMAL"', declarations)).toEqual([
      'True',
      'none',
    ]);
    expect(await errorOf('Dim d As Dog\nSet d = New Animal("x")', declarations)).toEqual(['13']);
  });

  test('an object without Set is a mismatch', async () => {
    expect(await errorOf('Dim v As Variant\nv = New Animal("x")', declarations)).toEqual(['13']);
  });

  test('objects stand in lists and arrays', async () => {
    const body = 'Dim l List As Animal\nSet l("a") = New Animal("x")\nl("a").Name = "y"\nPrint l("a").Name';
    expect(await run(body, declarations)).toEqual(['y']);
  });
});
