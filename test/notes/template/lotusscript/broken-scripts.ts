/** A script with one mistake: what is written, in which line the mistake is found and what its reason says. */
export interface BrokenScript {
  readonly mistake: string;
  readonly lines: readonly string[];
  readonly line: number;
  readonly reason: string;
}

/** A mistake in a sub; line 1 is the first one inside. */
function inSub(mistake: string, lines: readonly string[], line: number, reason: string): BrokenScript {
  return { mistake, lines: ['Sub Initialize', ...lines, 'End Sub'], line: line + 1, reason };
}

const VIEW = ['Dim session As New NotesSession', 'Dim view As NotesView', 'Dim doc As NotesDocument'];
const NUMBERS = ['Dim count As Integer', 'Dim total As Long', 'Dim words() As String', 'Dim marks List As Integer'];

export const BROKEN_BLOCKS: readonly BrokenScript[] = [
  inSub('an If without End If', ['If True Then', 'Print "a"'], 3, '"End If" was expected for the If of line 2'),
  inSub('End If too many', ['Print "a"', 'End If'], 2, '"End Sub" was expected'),
  inSub('a While that ends with Loop', ['While True', 'Loop'], 2, '"Wend" was expected for the While of line 2'),
  inSub('a Do that ends with Next', ['Do', 'Next'], 2, '"Loop" was expected for the Do of line 2'),
  inSub('a For without Next', ['Dim i As Integer', 'For i = 1 To 3'], 3, '"Next" was expected for the For of line 3'),
  inSub('a Next of another variable', ['Dim i%, j%', 'For i = 1 To 3', 'Next j'], 3, '"Next j" closes the For of "i"'),
  inSub('a ForAll that ends with Next', ['ForAll x In a', 'Next'], 2, '"End ForAll" was expected'),
  inSub('a Select without End Select', ['Select Case 1', 'Case 1'], 3, '"End Select" was expected'),
  inSub('a statement before the first Case', ['Select Case 1', 'Print', 'Case 1', 'End Select'], 2, '"End Select" was'),
  inSub('Case Else that is not the last', ['Select Case 1', 'Case Else', 'Case 2', 'End Select'], 3, 'is the last one'),
  inSub('a With without End With', ['With doc'], 2, '"End With" was expected'),
  inSub('an Else too many', ['If True Then', 'Else', 'Else', 'End If'], 3, '"End If" was expected'),
  inSub('a Do with two conditions', ['Do While True', 'Loop Until False'], 2, 'has a condition already'),
  inSub(
    'blocks that overlap',
    ['Do', 'If True Then', 'Loop', 'End If'],
    3,
    '"End If" was expected for the If of line 3',
  ),
  inSub('an If without Then', ['If True', 'End If'], 1, 'Then was expected instead of the end of the line'),
  inSub('two statements without separator', ['Exit Sub Print'], 1, 'the end of the statement was expected'),
  {
    mistake: 'a Function that ends with End Sub',
    lines: ['Function A', 'End Sub'],
    line: 2,
    reason: '"End Function" was',
  },
  {
    mistake: 'a Sub without end',
    lines: ['Sub A', 'Print'],
    line: 2,
    reason: '"End Sub" was expected for the Sub "A"',
  },
  {
    mistake: 'a Sub in a Sub',
    lines: ['Sub A', 'Sub B', 'End Sub'],
    line: 2,
    reason: 'does not belong into a procedure',
  },
  { mistake: 'a Class without end', lines: ['Class A', 'x As Integer'], line: 2, reason: '"End Class" was expected' },
  {
    mistake: 'a Type that ends with End Class',
    lines: ['Type A', 'x%', 'End Class'],
    line: 3,
    reason: '"End Type" was',
  },
  { mistake: 'a statement outside of a procedure', lines: ['Print "a"'], line: 1, reason: 'outside of a procedure' },
];

export const BROKEN_TEXT: readonly BrokenScript[] = [
  inSub('a text without end', ['Print "a'], 1, 'has no end in its line'),
  inSub('a text in bars without end', ['Print |a'], 1, 'begins with "|" has no end'),
  inSub('a bracket that stays open', ['Print (1 + 2'], 1, '")" was expected'),
  inSub('an operator without value', ['Print 1 +'], 1, 'a value was expected instead of the end of the line'),
  inSub('an argument that is left out', ['Call Foo(1, , 2)'], 1, 'an argument is missing'),
  inSub('an underscore without blank', ['Print 1 +_', '2'], 1, '"_" continues a line only'),
  inSub('a number too large', ['Print 99999999999'], 1, 'too large for Long'),
  inSub('a sign of no language', ['Print 1 ? 2'], 1, '"?" does not belong into a script'),
  inSub('a name too long', [`Dim ${'a'.repeat(41)} As Integer`], 1, 'longer than 40 characters'),
  inSub('GoSub', ['GoSub there'], 1, '"gosub" is refused'),
  inSub('Print to a file', ['Print #1, "a"'], 1, '"Print #" is refused'),
  inSub('a file that is opened', ['Open "a" For Input As 1'], 1, '"open" is refused'),
  { mistake: 'a %Rem without end', lines: ['%REM', 'a'], line: 1, reason: '"%Rem" has no "%End Rem"' },
  { mistake: 'an %Include', lines: ['%Include "lsconst.lss"'], line: 1, reason: '"%Include" is not used here' },
  { mistake: 'Declare', lines: ['Declare Sub A Lib "b" ()'], line: 1, reason: '"declare" is refused' },
  { mistake: 'a public Declare', lines: ['Public Declare Sub A Lib "b" ()'], line: 1, reason: '"declare" is refused' },
  { mistake: 'DefInt', lines: ['DefInt A-Z'], line: 1, reason: '"defint" is refused' },
];

export const BROKEN_NAMES: readonly BrokenScript[] = [
  inSub('a variable that is not declared', ['count = 1'], 1, '"count" is not declared'),
  inSub('a variable read before it is declared', ['Print x', 'Dim x As Integer'], 1, '"x" is not declared'),
  inSub('a variable declared twice', ['Dim x%', 'If True Then', 'Dim X As Long', 'End If'], 3, 'declared already'),
  inSub('a word of the language as a name', ['Dim left As Integer'], 1, '"left" is a word of LotusScript'),
  inSub('a type that does not exist', ['Dim x As Notesdokument'], 1, 'there is no type "Notesdokument"'),
  inSub('a class that does not exist', ['Dim x As New NotesFoo'], 1, 'there is no class "NotesFoo"'),
  inSub('a sub that does not exist', ['Call Foo(1)'], 1, 'there is no sub or function "Foo"'),
  inSub('a function that does not exist', ['Print Foo(1)'], 1, 'there is no function, array or list "Foo"'),
  inSub('a function that is misspelt', ['Print Lefft("a", 1)'], 1, '"Lefft"'),
  inSub('a label that is missing', ['On Error GoTo failed'], 1, 'there is no label "failed"'),
  inSub('Resume to a label that is missing', ['Resume done'], 1, 'there is no label "done"'),
  inSub('a label that is there twice', ['done:', 'done:'], 2, 'is there already in line 2'),
  inSub('Exit For outside of a For', ['Do', 'Exit For', 'Loop'], 2, '"Exit For" stands outside of a For'),
  inSub('Exit Function in a Sub', ['Exit Function'], 1, '"Exit Function" stands outside'),
  inSub('Exit Do in a While', ['While True', 'Exit Do', 'Wend'], 2, '"Exit Do" stands outside'),
  inSub('a constant that is assigned to', ['Const A = 1', 'A = 2'], 2, '"A" is a constant'),
  inSub('a constant of a variable', ['Dim x%', 'Const A = x'], 2, 'the value of "A" is not constant'),
  inSub('an array with computed bounds', ['Dim x%', 'Dim a(x) As Integer'], 2, 'the bounds of "a" are not constant'),
  inSub('bounds upside down', ['Dim a(5 To 1) As Integer'], 1, 'the upper bound 1 of "a" is below 5'),
  inSub('ReDim of fixed bounds', ['Dim a(3) As Integer', 'ReDim a(4)'], 2, 'has fixed bounds'),
  inSub('Me outside of a class', ['Print Me.Name'], 1, '"Me" stands outside of a class'),
  inSub('a dot outside of With', ['Print .Name'], 1, 'outside of a With'),
  inSub('ForAll over a declared variable', ['Dim x', 'Dim a', 'ForAll x In a', 'End ForAll'], 3, 'declares "x" itself'),
  inSub(
    'a ForAll variable behind its loop',
    ['Dim a', 'ForAll x In a', 'End ForAll', 'Print x'],
    4,
    '"x" is not declared',
  ),
  inSub('ForAll over a number', ['Dim a As Integer', 'ForAll x In a', 'End ForAll'], 2, 'not an Integer'),
  inSub('a text that counts', ['Dim a As String', 'For a = 1 To 3', 'Next'], 2, 'is a String and does not count'),
  inSub('CreateObject', ['Dim x', 'Set x = CreateObject("a")'], 2, '"CreateObject" is refused'),
  inSub('Shell', ['Print Shell("cmd", 1)'], 1, '"Shell" is refused'),
  inSub('Execute', ['Execute "Print 1"'], 1, '"Execute" is refused'),
  inSub('Evaluate of a variable', ['Dim x As String', 'Print Join(Evaluate(x))'], 2, 'a constant text'),
];

export const BROKEN_CALLS: readonly BrokenScript[] = [
  inSub('too few arguments of a function', ['Print Left("a")'], 1, '"Left" takes 2 arguments, not 1'),
  inSub('too many arguments of a function', ['Print Len("a", 1)'], 1, '"Len" takes 1 argument, not 2'),
  inSub('a function without its argument', ['Print UCase'], 1, '"UCase" takes 1 argument, not 0'),
  inSub('too few arguments of a method', [...VIEW, 'Call doc.Save(True)'], 4, '"Save" takes 2 to 3 arguments, not 1'),
  inSub('too many arguments', [...VIEW, 'Set doc = view.GetFirstDocument(1)'], 4, 'takes no arguments, not 1'),
  inSub('a method without brackets', [...VIEW, 'Set doc = view.GetNextDocument'], 4, 'takes 1 argument, not 0'),
  inSub('a member that does not exist', [...VIEW, 'Print view.Titel'], 4, 'NotesView has no member "Titel"'),
  inSub('an item as a property', [...VIEW, 'Print doc.Status(0)'], 4, 'read items with GetItemValue'),
  inSub('a member behind members', [...VIEW, 'Print view.AllEntries.Length'], 4, 'has no member "Length"'),
  inSub('a property that is called', [...VIEW, 'Call view.Name'], 4, '"Name" is no method'),
  inSub('a method that is assigned to', [...VIEW, 'view.Refresh = True'], 4, '"Refresh" is a method'),
  inSub('a method without value', [...VIEW, 'Print view.Refresh()'], 4, '"Refresh" gives no value'),
  inSub('Set is missing', [...VIEW, 'doc = view.GetFirstDocument()'], 4, '"Set" is missing'),
  inSub('Set for a number', [...NUMBERS, 'Set count = 1'], 5, '"Set" is for objects'),
  inSub('an object of another class', [...VIEW, 'Set doc = view'], 4, 'a NotesView is no NotesDocument'),
  inSub('objects compared by value', [...VIEW, 'If doc = Nothing Then Exit Sub'], 4, 'compare objects with "Is"'),
  inSub('numbers compared by Is', [...NUMBERS, 'If count Is Nothing Then Exit Sub'], 5, '"Is" compares objects'),
  inSub('an object as a condition', [...VIEW, 'If doc Then Exit Sub'], 4, 'a number or text was expected'),
  inSub('an element of a number', [...NUMBERS, 'Print count(1)'], 5, '"count" is an Integer and has no elements'),
  inSub('two tags of a List', [...NUMBERS, 'Print marks("a", "b")'], 5, 'is a List and takes one tag'),
  inSub('a member of a number', [...NUMBERS, 'Print count.Size'], 5, 'an Integer has no member "Size"'),
  inSub('a class of Notes without New', ['Dim doc As New NotesView'], 1, 'a NotesView is not made with New'),
  inSub('New with too many arguments', ['Dim s As New NotesSession(1)'], 1, 'takes no arguments, not 1'),
  inSub('an object by value', [...VIEW, 'doc.MakeResponse(doc)'], 4, 'cannot be passed by value'),
  inSub(
    'ListTag of no ForAll',
    [...NUMBERS, 'Print ListTag(marks)'],
    5,
    'ListTag is asked of the variable of a ForAll',
  ),
  inSub('IsElement of a List', [...NUMBERS, 'Print IsElement(marks)'], 5, 'IsElement is asked of an element'),
  ...(
    [
      ['too few arguments of a sub', 'Call Note("a")', '"Note" takes 2 arguments, not 1'],
      ['a sub as a value', 'Print Note("a", 1)', '"Note" is a Sub and gives no value'],
      ['too many arguments of a function of the script', 'Print Count(1, 2)', '"Count" takes 1 argument, not 2'],
      ['a value where a List is wanted', 'Print Sum("a")', 'parameter "marks" of "Sum" is a List, not a String'],
      ['another type by reference', 'Call Note("a", amount)', 'is passed by reference: a Double variable does not fit'],
      ['a call that is assigned to', 'Count(1) = 2', 'the value of a call cannot be assigned to'],
      ['a private member', 'Print person.age', '"age" of Person is private'],
      ['a member that the class lacks', 'Print person.size', 'Person has no member "size"'],
      ['New of a class with too few arguments', 'Set person = New Person', '"New Person" takes 1 argument, not 0'],
      ['a method of a class', 'Call person.Greet', '"Greet" takes 1 argument, not 0'],
      ['a member of a Type', 'Print entry.value', 'the Type Entry has no member "value"'],
    ] as const
  ).map(([mistake, line, reason]) => ({ mistake, lines: [...scriptHead(), line, 'End Sub'], line: 31, reason })),
];

function scriptHead(): readonly string[] {
  return [
    'Type Entry',
    'key As String',
    'End Type',
    'Class Person',
    'Private age As Integer',
    'Sub New(years As Integer)',
    'age = years',
    'End Sub',
    'Sub Greet(word As String)',
    'Print word',
    'End Sub',
    'End Class',
    'Sub Note(text As String, count As Integer)',
    'Print text & count',
    'End Sub',
    'Function Count(number As Integer) As Integer',
    'Count = number',
    'End Function',
    'Function Sum(marks List As Integer) As Integer',
    'ForAll mark In marks',
    'Sum = Sum + mark',
    'End ForAll',
    'End Function',
    '',
    '',
    '',
    'Sub Initialize',
    'Dim amount As Double',
    'Dim person As Person',
    'Dim entry As Entry',
  ];
}
