import { describe, expect, test } from 'vitest';
import { checkScript, type SectionText } from '../../../../src/notes/template/lotusscript/check.js';
import { parseScript } from '../../../../src/notes/template/lotusscript/parser.js';
import type { Script } from '../../../../src/notes/template/lotusscript/syntax.js';
import { BROKEN_BLOCKS, BROKEN_CALLS, BROKEN_NAMES, BROKEN_TEXT } from './broken-scripts.js';

const OPTIONS: SectionText = { event: 'options', text: 'Option Public\nOption Declare\n', firstLine: 1 };

/** Reads the lines as a whole script with options and tells only of what is wrong inside. */
function findingsOf(lines: readonly string[], libraries: Readonly<Record<string, string>> = {}): readonly string[] {
  const script = ['Option Declare', ...lines].join('\n');
  return checkScript([{ event: 'declarations', text: script, firstLine: 0 }], (name) => libraryOf(libraries[name]))
    .filter(({ reason }) => !/belongs? into (the|a) section/.test(reason))
    .map(({ at, reason }) => `${at.line}: ${reason}`);
}

function libraryOf(text: string | undefined): Script | undefined {
  if (text === undefined) return undefined;
  const outcome = parseScript(text);
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.script;
}

function section(event: string, ...lines: readonly string[]): SectionText {
  return { event, text: lines.join('\n'), firstLine: 1 };
}

function reasonsOf(...sections: readonly SectionText[]): readonly string[] {
  return checkScript(sections).map(({ event, reason }) => `${event}: ${reason}`);
}

describe.each([
  ['blocks', BROKEN_BLOCKS],
  ['text', BROKEN_TEXT],
  ['names', BROKEN_NAMES],
  ['calls', BROKEN_CALLS],
])('broken %s', (_what, scripts) => {
  test.each(scripts)('$mistake is found with line and reason', ({ lines, line, reason }) => {
    const [first] = findingsOf(lines);
    expect(first).toContain(reason);
    expect(first).toMatch(new RegExp(`^${line}:`));
  });
});

describe('sections of a script', () => {
  const initialize = section('initialize', 'Sub Initialize', 'End Sub');

  test('hold what their events say', () => {
    expect(reasonsOf(OPTIONS, section('declarations', 'Const A = 1'), initialize)).toEqual([]);
  });

  test.each([
    [
      'a declaration among the options',
      section('options', 'Option Declare', 'Dim x As Integer'),
      'only Option and Use',
    ],
    [
      'an option among the declarations',
      section('declarations', 'Option Base 1'),
      'belongs into the section "options"',
    ],
    ['Use among the declarations', section('declarations', 'Use "A"'), '"Use" belongs into the section "options"'],
    ['a procedure among the declarations', section('declarations', 'Sub A', 'End Sub'), 'into a section of its own'],
    ['a procedure of another name', section('Foo', 'Sub Bar', 'End Sub'), 'has no Sub or Function "Foo"'],
    ['a procedure too many', section('A', 'Sub A', 'End Sub', 'Sub B', 'End Sub'), 'holds "B", too'],
    ['a declaration beside a procedure', section('A', 'Const B = 1', 'Sub A', 'End Sub'), 'holds nothing but "A"'],
    ['an event without its parameters', section('click', 'Sub Click', 'End Sub'), 'has 1 parameters, not 0'],
    ['an event that is a Function', section('initialize', 'Function Initialize', 'End Function'), 'is a Sub'],
  ])('%s is found', (_what, wrong, reason) => {
    expect(reasonsOf(OPTIONS, wrong).join('\n')).toContain(reason);
  });

  test('without Option Declare there is one finding, and none of each name', () => {
    const loose = section('initialize', 'Sub Initialize', 'a = 1', 'b = a', 'End Sub');
    expect(reasonsOf(section('options', 'Option Public'), loose)).toEqual(['options: "Option Declare" is missing']);
  });

  test('see each other', () => {
    const findings = reasonsOf(
      OPTIONS,
      section('declarations', 'Const LIMIT = 3', 'Dim found As Integer'),
      section('initialize', 'Sub Initialize', 'found = Twice(LIMIT)', 'End Sub'),
      section('Twice', 'Function Twice(number As Integer) As Integer', 'Twice = number * 2', 'End Function'),
    );
    expect(findings).toEqual([]);
  });

  test('do not define a name twice', () => {
    const findings = reasonsOf(OPTIONS, section('declarations', 'Const A = 1'), section('A', 'Sub A', 'End Sub'));
    expect(findings).toEqual(['A: "A" is defined already in line 1']);
  });

  test('lines count from the first line of each', () => {
    const wrong = { event: 'initialize', text: 'Sub Initialize\n\n  Print x\nEnd Sub', firstLine: 41 };
    expect(checkScript([OPTIONS, wrong])).toEqual([
      { event: 'initialize', at: { line: 43, column: 9 }, reason: '"x" is not declared' },
    ]);
  });

  test('names are not looked up while one of them cannot be read', () => {
    const findings = reasonsOf(
      OPTIONS,
      section('A', 'Sub A', 'End Function'),
      section('B', 'Sub B', 'Print x', 'End Sub'),
    );
    expect(findings).toHaveLength(1);
  });

  test('see the globals of their form', () => {
    const click = section('click', 'Sub Click(Source As Button)', 'Call Greet("a")', 'End Sub');
    const globals = libraryOf('Sub Greet(word As String)\nEnd Sub');
    expect(checkScript([OPTIONS, click], () => undefined, globals)).toEqual([]);
  });
});

describe('constants', () => {
  test('that name each other in a circle do not hang', () => {
    const lines = ['Const A = B & B', 'Const B = A & A', 'Sub Initialize', 'Print Join(Evaluate(A))', 'End Sub'];
    expect(findingsOf(lines).join()).toContain('a constant text');
  });

  test('make a long formula of Evaluate constant', () => {
    const lines = [
      'Const ASK = "@Unique(" & "1" & ")"',
      'Sub Initialize',
      `Print Join(Evaluate(ASK${' & ""'.repeat(50)}))`,
    ];
    expect(findingsOf([...lines, 'End Sub'])).toEqual([]);
  });
});

describe('libraries', () => {
  const libraries = {
    Api: `Option Public
Use "Base"
Const LIMIT = 3
Class Person
	Public age As Integer
	Sub New(years As Integer)
		age = years
	End Sub
End Class
Function Status(name As String) As String
	Status = name
End Function
Private Sub Hidden
End Sub
`,
    Base: 'Option Public\nFunction Deep() As Person2\nEnd Function\nClass Person2\nPublic size As Integer\nEnd Class',
  };

  test('give their public names, also of the libraries that they use', () => {
    const lines = [
      'Use "Api"',
      'Sub Initialize',
      'Dim person As New Person(LIMIT)',
      'Print Status("a") & person.age & Deep().size',
      'End Sub',
    ];
    expect(findingsOf(lines, libraries)).toEqual([]);
  });

  test.each([
    ['a wrong number of arguments', 'Print Status()', '"Status" takes 1 argument, not 0'],
    ['a private name', 'Call Hidden', 'there is no sub or function "Hidden"'],
    ['a member that is missing', 'Print Deep().age', 'Person2 has no member "age"'],
    ['a wrong constructor', 'Dim person As New Person("a", 1)', '"New Person" takes 1 argument, not 2'],
  ])('%s is found', (_what, line, reason) => {
    expect(findingsOf(['Use "Api"', 'Sub Initialize', line, 'End Sub'], libraries)[0]).toContain(reason);
  });

  test('that do not exist are found', () => {
    expect(findingsOf(['Use "Nowhere"'])).toEqual(['1: there is no script library "Nowhere"']);
  });

  test('that use each other in a circle do not hang', () => {
    const circle = { A: 'Option Public\nUse "B"', B: 'Option Public\nUse "A"\nConst X = 1' };
    expect(findingsOf(['Use "A"', 'Sub Initialize', 'Print X', 'End Sub'], circle)).toEqual([]);
  });
});

describe('sound scripts', () => {
  test.each<[string, readonly string[]]>([
    [
      'a class with a base, properties and a call of the base',
      [
        'Class Base1',
        'Private text As String',
        'Sub New(word As String)',
        'text = word',
        'End Sub',
        'Function Say(times As Integer) As String',
        'Say = text & times',
        'End Function',
        'End Class',
        'Class Derived As Base1',
        'Private count As Integer',
        'Sub New(word As String, number As Integer), Base1(word)',
        'Me.count = number',
        'End Sub',
        'Property Get Size As Integer',
        'Size = count',
        'End Property',
        'Property Set Size As Integer',
        'count = Size',
        'End Property',
        'Function Say(times As Integer) As String',
        'Say = Base1..Say(times) & Size',
        'End Function',
        'End Class',
        'Function Make() As Derived',
        'Set Make = New Derived("a", 1)',
        'Make.Size = 3',
        'End Function',
      ],
    ],
    [
      'lists, arrays and ForAll',
      [
        'Sub Initialize',
        'Dim marks List As Integer',
        'Dim words() As String',
        'Dim fixed(1 To 3, 0 To 1) As Variant',
        'Dim parts As Variant',
        'Dim i As Integer',
        'marks("a") = 1',
        'ReDim words(2)',
        'ReDim Preserve words(UBound(words) + 1)',
        'ReDim fresh(i) As Integer',
        'fixed(1, 0) = Null',
        'parts = Split("a,b", ",")',
        'For i = LBound(parts) To UBound(parts)',
        'words(i) = parts(i)',
        'Next',
        'ForAll mark In marks',
        'mark = mark + 1',
        'Print ListTag(mark) & mark',
        'End ForAll',
        'ForAll mark In words',
        'If mark = "" Then Exit ForAll',
        'End ForAll',
        'If IsElement(marks("b")) Then Erase marks("b")',
        'Erase marks, words',
        'End Sub',
      ],
    ],
    [
      'errors',
      [
        'Function Read1(doc As NotesDocument) As Boolean',
        'On Error 4091 GoTo missing',
        'On Error GoTo failed',
        'Read1 = doc.IsValid',
        'Exit Function',
        'missing:',
        'Resume done',
        'failed:',
        'Err = 0',
        'Error 1001, "line " & Erl & ": " & Error$ & Error(13)',
        'done:',
        'On Error GoTo 0',
        'End Function',
      ],
    ],
    [
      'Notes classes',
      [
        'Sub Initialize',
        'Dim session As New NotesSession',
        'Dim db As NotesDatabase',
        'Dim view As NotesView',
        'Dim entry As NotesViewEntry',
        'Dim found As NotesViewEntryCollection',
        'Dim doc As NotesDocument',
        'Dim name1 As NotesName',
        'Dim item As NotesItem',
        'Dim body As NotesRichTextItem',
        'Dim clock As New NotesDateTime("")',
        'Dim request As NotesHTTPRequest',
        'Dim json As NotesJSONNavigator',
        'Dim element As NotesJSONElement',
        'Dim thing As Variant',
        'Set db = session.CurrentDatabase',
        'If Not db.IsOpen Then Call db.Open("", "presence.nsf")',
        'Set view = db.GetView("LookUpByName")',
        'view.AutoUpdate = False',
        'Set found = view.GetAllEntriesByKey("a", True)',
        'Set entry = found.GetFirstEntry()',
        'Do Until entry Is Nothing',
        'Print entry.ColumnValues(1)',
        'Set entry = found.GetNextEntry(entry)',
        'Loop',
        'Set doc = db.CreateDocument',
        'With doc',
        'Call .ReplaceItemValue("Form", "Presence")',
        'Call .Save(True, False)',
        'End With',
        'Set item = doc.GetFirstItem("Body")',
        'Set body = item',
        'Call body.AppendText(body.Text & body.Name)',
        'If item.Type = RICHTEXT Then Set thing = item',
        'Call clock.SetNow()',
        'Set name1 = session.CreateName(session.UserName)',
        'Print name1.Abbreviated & clock.LSLocalTime',
        'Set request = session.CreateHTTPRequest()',
        'request.PreferStrings = True',
        'Call request.SetHeaderField("Accept", "application/json")',
        'Set json = session.CreateJSONNavigator(request.Get("https://a"))',
        'Set element = json.GetElementByName("status")',
        'If element.Type = JSONELEM_TYPE_STRING Then MessageBox element.Value, 64, "Status"',
        'Set thing = element.Value',
        'Print thing.GetElementByName("a").Value',
        'Print Join(Evaluate({@Unique("a")}, doc), ",")',
        'End Sub',
      ],
    ],
    [
      'all other statements',
      [
        'Const NAME1 = "a" & "b"',
        'Private Static Function Count1(ByVal limit As Long) As Long',
        'Static calls As Integer',
        'Dim total As Double, i As Integer',
        'calls = calls + 1',
        'Select Case limit',
        'Case 1, 3 To 5 : total = 1',
        'Case Is > 7',
        'total = &HFF \\ 2 Mod 3 ^ 2',
        'Case Else',
        'total = -limit',
        'End Select',
        'For i = 10 To 1 Step -1',
        'If i = 5 Then Exit For Else total = total + 1',
        'Next i',
        'While total < 100 And Not (limit = 3) Or limit Like "a*"',
        'total = total * 2',
        'Wend',
        'Do',
        'If total > 200 Then Exit Do',
        'total = total + 50',
        'Loop While True',
        'GoTo done',
        'done:',
        'Let total = CLng(total)',
        'Count1 = Count1(limit - 1) + calls',
        'Randomize',
        'Print NAME1; total, Now & Today & Rnd()',
        'End',
        'End Function',
      ],
    ],
    [
      'arguments by reference and by value',
      [
        'Sub Fill(words() As String, ByVal limit As Long, count As Integer, anything As Variant)',
        'count = limit',
        'anything = words',
        'End Sub',
        'Sub Initialize',
        'Dim words() As String',
        'Dim size As Integer',
        'Dim rest As Variant',
        'Dim wide As Long',
        'Call Fill(words, size, size, rest)',
        'Call Fill(words(), 3, (wide), size)',
        'Call Fill(words, wide, 2 + 3, words)',
        'End Sub',
      ],
    ],
  ])('%s', (_what, lines) => {
    expect(findingsOf(lines)).toEqual([]);
  });
});
