import { describe, expect, test } from 'vitest';
import { MemoryDatabase } from '../../../support/lotusscript/notes/memory-database.js';
import { NotesWorld, type WorldOptions } from '../../../support/lotusscript/notes/world.js';
import { readScript, runScript } from '../../../support/lotusscript/run.js';

/** Columns: a constant, a key that separates its values, a status, a list. */
const VIEW = `<database xmlns='http://www.lotus.com/dxl' title='t'><view name='(Keys)' alias='Keys'>
  <code event='selection'><formula>SELECT Form = "P"</formula></code>
  <column itemname='$0'><code event='value'><formula>"constant"</formula></code></column>
  <column itemname='$Key' sort='ascending' separatemultiplevalues='true'><code event='value'><formula>Name : Other</formula></code></column>
  <column itemname='Status'/><column itemname='At'/><column itemname='List'/>
</view></database>`;

const DOCUMENTS = [
  {
    Form: 'P',
    Name: 'Zoë',
    Other: 'alias',
    Status: 'busy',
    At: { type: 'datetime', data: '2026-01-05T09:30:00Z' },
    List: ['a', 'b'],
  },
  { Form: 'P', Name: 'Ana', Other: 'second', Status: 'away', At: '', List: 7 },
  { Form: 'Q', Name: 'Ana', Other: 'none' },
] as const;

/** Runs lines in a database with these documents; `db`, `view`, `doc` and `v` are declared. */
async function run(
  body: string,
  options: Partial<WorldOptions> = {},
  prepare: (db: MemoryDatabase) => void = () => undefined,
): Promise<string[]> {
  const here = new MemoryDatabase({
    file: 'dir\\here.nsf',
    server: 'CN=Apps/O=Contoso',
    dxl: VIEW,
    documents: DOCUMENTS,
  });
  prepare(here);
  const world = new NotesWorld({ databases: [here], isOnServer: true, ...options });
  const script = readScript(`Option Declare
Sub Initialize
Dim session As New NotesSession
Dim db As NotesDatabase
Dim view As NotesView
Dim doc As NotesDocument
Dim other As NotesDocument
Dim v As Variant
Set db = session.CurrentDatabase
Set view = db.GetView("Keys")
On Error Goto failed
${body}
Exit Sub
failed:
Print "error " & Err
Exit Sub
End Sub`);
  await runScript({ dxl: VIEW, world, script, steps: 50_000 });
  return world.printed;
}

describe('documents', () => {
  const FIRST = 'Set doc = view.GetDocumentByKey("Ana", True)\n';

  test('an item that is not there is an array with one empty text', async () => {
    expect(
      await run(`${FIRST}v = doc.GetItemValue("Nothing")\nPrint Ubound(v) & "[" & v(0) & "]" & doc.HasItem("nothing")`),
    ).toEqual(['0[]False']);
  });

  test('names of items do not depend on case; texts, numbers and dates keep their kind', async () => {
    const body = `Set doc = view.GetDocumentByKey("alias", True)
Print Typename(doc.GetItemValue("list")) & Datatype(doc.GetItemValue("AT")(0)) & Hour(doc.GetItemValue("At")(0))
Set doc = view.GetDocumentByKey("second", True)
Print Datatype(doc.GetItemValue("List")(0))`;
    expect(await run(body)).toEqual(['STRING( )710', '5']);
  });

  test('a date that is written and read again is the same', async () => {
    const body = `${FIRST}v = Now()\nCall doc.ReplaceItemValue("At", v)\nPrint doc.GetItemValue("At")(0) = v`;
    expect(await run(body)).toEqual(['True']);
  });

  test('nothing is in the database before Save', async () => {
    const body = `${FIRST}Call doc.ReplaceItemValue("Status", "busy")
Set other = db.GetDocumentByUNID(doc.UniversalID)
Print other.GetItemValue("Status")(0)
Print doc.Save(False, False, True)
Set other = db.GetDocumentByUNID(doc.UniversalID)
Print other.GetItemValue("Status")(0)`;
    expect(await run(body)).toEqual(['away', 'True', 'busy']);
  });

  test('who read before somebody else saved does not save without force', async () => {
    const body = `${FIRST}Set other = db.GetDocumentByUNID(doc.UniversalID)
Call other.Save(False, False)
Print doc.Save(False, False)
Print doc.Save(True, False)`;
    expect(await run(body)).toEqual(['False', 'True']);
  });

  test('a conflict document is made when that is wanted', async () => {
    const body = `${FIRST}Set other = db.GetDocumentByUNID(doc.UniversalID)
Call other.Save(False, False)
Print doc.Save(False, True) & db.Search("@IsAvailable($Conflict)", Nothing, 0).Count`;
    expect(await run(body)).toEqual(['False1']);
  });

  test('a document that was removed cannot be saved', async () => {
    const body = `${FIRST}Set other = db.GetDocumentByUNID(doc.UniversalID)
Call other.Remove(True)
Print doc.IsValid & other.IsDeleted
Call doc.Save(True, False)`;
    expect(await run(body)).toEqual(['FalseTrue', 'error 4091']);
  });

  test('profiles are made when they are asked for, one for each key', async () => {
    const body = `Set doc = db.GetProfileDocument("F", "me")
Call doc.ReplaceItemValue("X", "1")
Call doc.Save(True, False)
Print db.GetProfileDocument("f", "ME").GetItemValue("X")(0) & "|" & db.GetProfileDocument("F").GetItemValue("X")(0)`;
    expect(await run(body)).toEqual(['1|']);
  });
});

describe('views', () => {
  test('constant columns are left out of ColumnValues, and values that are separated stand alone', async () => {
    const body = `v = view.GetEntryByKey("alias", True).ColumnValues
Print Ubound(v) & v(0) & v(1) & Datatype(v(2)) & Isarray(v(3)) & v(3)(1)`;
    expect(await run(body)).toEqual(['3aliasbusy7Trueb']);
  });

  test.each([
    ['"ana", True', '1'],
    ['"an", True', '0'],
    ['"an", False', '1'],
    ['"zoë", True', '1'],
    ['"zoe", True', '0'],
    ['Split("ana x"), True', '0'],
  ])('the key %s finds %s', async (args, count) => {
    expect(await run(`Print view.GetAllEntriesByKey(${args}).Count`)).toEqual([count]);
  });

  test('a server may ignore accents', async () => {
    expect(await run('Print view.GetAllEntriesByKey("zoe", True).Count', { ignoresAccents: true })).toEqual(['1']);
  });

  test('documents come in the order of the view, one for each row', async () => {
    const body = `Set doc = view.GetFirstDocument()
Do Until doc Is Nothing
Print doc.GetItemValue("Name")(0)
Set doc = view.GetNextDocument(doc)
Loop
Print view.AllEntries.Count`;
    expect(await run(body)).toEqual(['Zoë', 'Ana', 'Ana', 'Zoë', '4']);
  });

  test('without AutoUpdate a view stays as it was until Refresh', async () => {
    const body = `view.AutoUpdate = False
Set doc = view.GetDocumentByKey("second", True)
Call doc.ReplaceItemValue("Other", "changed")
Call doc.Save(True, False)
Print view.GetAllEntriesByKey("changed", True).Count
Call view.Refresh()
Print view.GetAllEntriesByKey("changed", True).Count`;
    expect(await run(body)).toEqual(['0', '1']);
  });

  test('a view that is not there is Nothing', async () => {
    expect(await run('Print db.GetView("Nowhere") Is Nothing')).toEqual(['True']);
    expect(await run('Print view Is Nothing', {}, (db) => db.missingViews.add('Keys'))).toEqual(['True']);
  });
});

describe('databases and sessions', () => {
  test('a database that cannot be opened is not open, or Nothing on request', async () => {
    const body = `Set db = session.GetDatabase("", "none.nsf")
Print db.IsOpen
Print session.GetDatabase("", "none.nsf", False) Is Nothing
Print db.Open("", "")
Print db.Title`;
    expect(await run(body)).toEqual(['False', 'True', 'False', 'error 4063']);
  });

  test('names have parts', async () => {
    const body = `Dim n As NotesName
Set n = session.CreateName("Ana Reyes/Sales/Contoso")
Print n.Canonical & "|" & n.Common & "|" & n.Organization & "|" & n.OrgUnit1
Set n = New NotesName("CN=Ana/O=C")
Print n.Abbreviated & n.IsHierarchical
Set n = New NotesName("Ana")
Print n.Canonical & n.Common & n.IsHierarchical`;
    expect(await run(body)).toEqual([
      'CN=Ana Reyes/OU=Sales/O=Contoso|Ana Reyes|Contoso|Sales',
      'Ana/CTrue',
      'AnaAnaFalse',
    ]);
  });

  test('times know the wall clock and Greenwich', async () => {
    const body = `Dim t As New NotesDateTime("")
Dim u As New NotesDateTime("")
Call t.SetNow()
Call u.SetNow()
Call u.AdjustMinute(-2)
Print Hour(t.LSLocalTime) & " " & Hour(t.LSGMTTime) & " " & t.TimeDifference(u)`;
    expect(await run(body)).toEqual(['11 10 120']);
  });

  test("variables of notes.ini carry a dollar sign unless they are a system's", async () => {
    const body = 'Print session.GetEnvironmentString("A") & session.GetEnvironmentString("A", True)';
    expect(await run(body, { environment: { $A: 'own', A: 'system' } })).toEqual(['ownsystem']);
  });

  test('a log keeps its lines', async () => {
    const here = new MemoryDatabase({ file: 'x.nsf' });
    const world = new NotesWorld({ databases: [here] });
    const script = readScript(
      'Sub Initialize\nDim l As New NotesLog("x")\nCall l.OpenAgentLog()\nCall l.LogAction("a")\nCall l.LogError(7, "b")\nCall l.Close()\nEnd Sub',
    );
    await runScript({ dxl: VIEW, world, script });
    expect(world.log).toEqual(['a', 'error 7: b']);
  });
});

describe('JSON', () => {
  const OPEN = 'Dim j As Variant\nSet j = session.CreateJSONNavigator(|{"a":{"b":[1,"two",true,null]},"c/d":5}|)\n';

  test.each([
    ['j.GetElementByPointer("/a/b/0").Value', '1'],
    ['j.GetElementByPointer("/a/b/1").Type', '3'],
    ['j.GetElementByPointer("/c~1d").Value', '5'],
    ['j.GetElementByName("a").Value.GetElementByName("b").Value.Size', '4'],
    ['j.GetFirstElement().Name', 'a'],
    ['j.GetNthElement(2).Value', '5'],
    ['j.GetElementByPointer("/a/b/3").Type', '64'],
    ['Typename(j.GetElementByName("a").Value)', 'NOTESJSONOBJECT'],
  ])('%s is %s', async (expression, value) => {
    expect(await run(`${OPEN}Print ${expression}`)).toEqual([value]);
  });

  test('an element that is not there is error 4843, unless errors are unwanted', async () => {
    expect(await run(`${OPEN}Print j.GetElementByName("x").Value`)).toEqual(['error 4843']);
    expect(await run(`${OPEN}Print j.GetElementByPointer("/x", True) Is Nothing`)).toEqual(['True']);
  });

  test('a text that is no JSON, and line breaks in it, are errors', async () => {
    expect(await run('Set v = session.CreateJSONNavigator("<html>")')).toEqual(['error 4000']);
    expect(await run('Set v = session.CreateJSONNavigator("{" & Chr$(10) & "}")')).toEqual(['error 4000']);
  });
});

test('HTTP requests keep their headers until they are reset, and bodies are bytes unless strings are preferred', async () => {
  const seen: unknown[] = [];
  const body = `Dim r As NotesHTTPRequest
Set r = session.CreateHTTPRequest()
Call r.SetHeaderField("X", "1")
v = r.Get("http://a")
Print Typename(v) & r.ResponseCode
r.PreferStrings = True
Call r.ResetHeaders()
Print r.Get("http://b")`;
  const http = async ({ headers }: { readonly headers: unknown }) => {
    seen.push(headers);
    return { status: 404, statusText: 'Not Found', body: 'no' };
  };
  expect(await run(body, { http })).toEqual(['BYTE( )HTTP/1.1 404 Not Found', 'no']);
  expect(seen).toMatchObject([{ X: '1', Accept: 'application/json' }, { 'Content-Type': 'application/json' }]);
  expect(seen[1]).not.toHaveProperty('X');
});

test('streams read files and write them', async () => {
  const body = `Dim s As NotesStream
Set s = session.CreateStream()
Print s.Open("a.txt", "UTF-8") & s.Bytes & s.ReadText() & s.IsEOS
Call s.WriteText("!", EOL_LF)
Call s.Close()
Print s.Open("a.txt") & s.Bytes`;
  expect(await run(body, { files: { 'a.txt': 'ä' } })).toEqual(['True2äTrue', 'True4']);
});
