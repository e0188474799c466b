import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFormula } from '../../../../src/notes/template/formula/compile.js';
import { contextOf, type FormulaContext } from '../../../../src/notes/template/formula/context.js';
import type { FormulaEffect } from '../../../../src/notes/template/formula/effects.js';
import { evaluate } from '../../../../src/notes/template/formula/evaluate.js';
import { EFFECT_FUNCTIONS } from '../../../../src/notes/template/formula/functions/effects.js';
import { OUTSIDE_FUNCTIONS } from '../../../../src/notes/template/formula/functions/outside.js';
import { FORMULA_LIMITS } from '../../../../src/notes/template/formula/limits.js';
import type { KeyedLookUp, Outside } from '../../../../src/notes/template/formula/outside.js';
import { error, number, text, time, type Value } from '../../../../src/notes/template/formula/values.js';

const NOON = Date.UTC(2026, 0, 5, 12, 0, 0);
const FIELDS = new Map<string, Value>([
  ['status', text('busy')],
  ['names', text('Ana', 'Bo', 'Cy')],
]);

type Options = Partial<Omit<FormulaContext, 'field'>>;

function run(source: string, options: Options = {}): Value {
  const outcome = compileFormula(source);
  if (!outcome.ok) throw new Error(outcome.reason);
  return evaluate(outcome.formula, contextOf(FIELDS, options));
}

/** Value and effects of a formula that may act. */
function act(
  source: string,
  options: Options = {},
): { readonly value: Value; readonly effects: readonly FormulaEffect[] } {
  const effects: FormulaEffect[] = [];
  const value = run(source, { ...options, effects: (effect) => effects.push(effect) });
  return { value, effects };
}

/** A formula that calls a function with as few arguments as it takes. */
function shortest(name: string, least: number): string {
  const args = Array.from({ length: least }, (_, index) => `a${index}`);
  const bound = args.map((arg) => `${arg} := "x"; `).join('');
  return `${bound}${name}${least === 0 ? '' : `(${args.join('; ')})`}`;
}

describe('where nothing but the document is known, as in a view', () => {
  test.each([...Object.entries(OUTSIDE_FUNCTIONS), ...Object.entries(EFFECT_FUNCTIONS)])(
    '%s gives an error value',
    (name, { least }) => {
      expect(run(shortest(name, least))).toMatchObject({ type: 'error', reason: /must not be used here/ });
    },
  );

  test.each(['@SetField("Status"; "away")', '@ThisName', '@ThisValue', '@Today', '@Tomorrow'])(
    '%s gives an error value',
    (source) => {
      expect(run(source).type).toBe('error');
    },
  );
});

describe('look-ups', () => {
  const asked: KeyedLookUp[] = [];
  const outside: Outside = {
    lookUp: (request) => {
      asked.push(request);
      return request.keys.includes('ana') ? text('busy') : error('Entry not found in index');
    },
    column: ({ view, column }) => text(`${view} ${column}`),
    profileField: (form, item, key) => (item === 'none' ? undefined : text(`${form} ${item} ${key ?? ''}`)),
    nameLookUp: (names, item) => text(...names.map((name) => `${name} ${item}`)),
  };

  test('server, file, view, keys and column are asked for as the formula names them', () => {
    asked.length = 0;
    const value = run(
      '@DbLookup("" : "NoCache"; "Hub/Contoso" : "p.nsf"; "LookUpByName"; "ana" : "bo"; 2; [PartialMatch])',
      {
        outside,
      },
    );
    expect(value).toEqual(text('busy'));
    expect(asked).toEqual([
      {
        server: 'Hub/Contoso',
        file: 'p.nsf',
        view: 'LookUpByName',
        keys: ['ana', 'bo'],
        column: 2,
        partial: true,
        wantsIds: false,
      },
    ]);
  });

  test.each([
    ['@DbLookup(""; ""; "V"; "nobody"; "Status")', error('Entry not found in index')],
    ['@DbLookup(""; ""; "V"; "nobody"; "Status"; [FailSilent])', text('')],
    ['@DbLookup("ODBC"; ""; "V"; "ana"; 1)', error('Incorrect data type for operator or @Function')],
    ['@DbColumn(""; ""; "V"; 3)', text('V 3')],
    ['@GetProfileField("P"; "Server")', text('P Server ')],
    ['@GetProfileField("P"; "Server"; "k")', text('P Server k')],
    ['@GetProfileField("P"; "none")', text('')],
    ['@NameLookup([NoUpdate] : [Exhaustive]; "Ana"; "Phone")', text('Ana Phone')],
  ])('%s', (source, wanted) => {
    expect(run(source, { outside })).toEqual(wanted);
  });

  test('a replica id stands alone', () => {
    asked.length = 0;
    run('@DbLookup(""; "C1257A0B00123456"; "V"; "ana"; 1)', { outside });
    expect(asked[0]).toMatchObject({ server: '', file: 'C1257A0B00123456' });
  });
});

describe('facts of document, database and user', () => {
  const options: Options = {
    unid: 'A'.repeat(32),
    created: NOON,
    modified: NOON + 1000,
    now: NOON,
    thisField: 'Status',
    userName: 'CN=Ana Reyes/O=Contoso',
    outside: {
      database: { server: 'CN=Hub/O=Contoso', file: 'p.nsf', title: 'Presence', replicaId: 'C1257A0B00123456' },
      access: (_, file) => (file === 'no.nsf' ? undefined : { level: 3, privileges: ['CREATEDOCUMENTS'] }),
      roles: ['[PresenceAdmin]'],
      client: { type: 'Notes', platform: 'Windows/32', version: '405' },
      isNew: true,
      isEdited: false,
    },
  };

  test.each([
    ['@DbName', text('CN=Hub/O=Contoso', 'p.nsf')],
    ['@DbTitle + @ReplicaID', text('PresenceC1257A0B00123456')],
    ['@UserAccess(@DbName)', text('3', '1', '0', '0', '0', '0', '0', '0', '0')],
    ['@UserAccess(@DbName; [AccessLevel] : [DeleteDocuments])', text('3', '0')],
    ['@UserAccess("" : "no.nsf")', error('You are not authorized to perform that operation')],
    ['@IsMember("[PresenceAdmin]"; @UserRoles)', number(1)],
    ['@UserNamesList', text('CN=Ana Reyes/O=Contoso', '[PresenceAdmin]')],
    ['@ClientType + @Platform + @Version', text('NotesWindows/32405')],
    ['@IsNewDoc : @IsDocBeingEdited', number(1, 0)],
    ['@DocumentUniqueID', text('A'.repeat(32))],
    ['@Modified - @Created', number(1)],
    ['@ThisName + " " + @ThisValue', text('Status busy')],
    ['@Today : @Tomorrow', time(Date.UTC(2026, 0, 5), Date.UTC(2026, 0, 6))],
  ])('%s', (source, wanted) => {
    expect(run(source, options)).toEqual(wanted);
  });

  test('somebody without roles has the empty text, so that membership can be asked', () => {
    expect(run('@IsMember("[A]"; @UserRoles)', { outside: { roles: [] } })).toEqual(number(0));
  });
});

describe('what a formula does', () => {
  test('is recorded in its order', () => {
    const { effects } = act(`
      FIELD Status := "away";
      @SetField("Note"; "gone");
      @URLOpen("im:<sip:ana@contoso.example>");
      @Command([FileSave]);
      @PostedCommand([FileCloseWindow]);
      @SetProfileField("PresenceProfile"; "ChatScheme"; "sip");
      @StatusBar("done")`);
    expect(effects).toEqual([
      { kind: 'set-field', name: 'Status', value: text('away') },
      { kind: 'set-field', name: 'Note', value: text('gone') },
      { kind: 'open-url', url: 'im:<sip:ana@contoso.example>', frame: '' },
      { kind: 'command', name: 'FILESAVE', args: [], isPosted: false },
      { kind: 'command', name: 'FILECLOSEWINDOW', args: [], isPosted: true },
      { kind: 'set-profile-field', form: 'PresenceProfile', item: 'ChatScheme', key: undefined, value: text('sip') },
      { kind: 'status-bar', words: ['done'] },
    ]);
  });

  test('a mail is recorded with its parts', () => {
    expect(act('@MailSend("Ana"; ""; ""; "Hello"; "from me"; ""; [IncludeDoclink] : [Sign])').effects).toEqual([
      {
        kind: 'send-mail',
        to: ['Ana'],
        copyTo: [],
        blindCopyTo: [],
        subject: 'Hello',
        remark: 'from me',
        body: [],
        flags: ['INCLUDEDOCLINK', 'SIGN'],
      },
    ]);
  });

  test('a field that was set is read again', () => {
    expect(act('@SetField("Status"; "away"); Status + @GetField("STATUS")').value).toEqual(text('awayaway'));
  });

  test('@Return ends the formula with its value', () => {
    const { value, effects } = act('@If(Status = "busy"; @Return("no"); ""); @StatusBar("never")');
    expect(value).toEqual(text('no'));
    expect(effects).toEqual([{ kind: 'return', value: text('no') }]);
  });

  test.each([
    ['@Prompt([Ok]; "t"; "w")', number(1)],
    ['@Prompt([YesNo]; "t"; "w")', number(0)],
    ['@Prompt([YesNoCancel]; "t"; "w")', number(-1)],
    ['@DialogBox("F"; [AutoHorzFit] : [AutoVertFit]; "t")', number(0)],
    ['@PickList([Name])', text('')],
  ])('Cancel in %s', (source, wanted) => {
    expect(act(source).value).toEqual(wanted);
  });

  test('Cancel where a text or a choice is asked for ends the formula', () => {
    const { value, effects } = act('@Prompt([OkCancelEdit]; "t"; "w"; ""); @StatusBar("never")');
    expect(value).toEqual(text(''));
    expect(effects.map(({ kind }) => kind)).toEqual(['prompt']);
  });

  test('an answer is the value, and the question tells what was offered', () => {
    const { value, effects } = act('@Prompt([OkCancelList] : [NoSort]; "t"; "w"; "b"; "a" : "b")', {
      answer: (question) => (question.kind === 'prompt' ? text(question.choices[0] ?? '') : undefined),
    });
    expect(value).toEqual(text('a'));
    expect(effects).toEqual([
      { kind: 'prompt', style: 'OKCANCELLIST', title: 't', words: 'w', suggested: ['b'], choices: ['a', 'b'] },
    ]);
  });
});

describe('loops and lists', () => {
  test.each([
    ['@Transform(Names; "n"; n + "!")', text('Ana!', 'Bo!', 'Cy!')],
    ['@Transform(Names; "n"; @If(n = "Bo"; @Nothing; n))', text('Ana', 'Cy')],
    ['@Transform(Names; "n"; n : n)', text('Ana', 'Ana', 'Bo', 'Bo', 'Cy', 'Cy')],
    ['@Transform(Names; "n"; @Nothing)', text('')],
    ['n := "before"; @Transform(Names; "n"; n); n', text('before')],
    ['@Transform(1 : 2; "i"; @Transform(10 : 20; "j"; i + j))', number(11, 21, 12, 22)],
    ['@Nothing', error('@Nothing belongs into @Transform')],
    ['s := 0; @For(i := 1; i <= 4; i := i + 1; s := s + i); s', number(10)],
    ['s := 1; @While(s < 100; s := s * 3); s', number(243)],
    ['s := 1; @DoWhile(s := s * 3; s < 2); s', number(3)],
    ['@Set("x"; 5); x + 1', number(6)],
    ['@Sort("b" : "A" : "a")', text('a', 'A', 'b')],
    ['@Sort(3 : 1 : 2; [Descending])', number(3, 2, 1)],
    ['@Compare("a" : "B"; "b" : "b"; [CaseInsensitive])', number(-1, 0)],
    ['@Count("") : @Elements("") : @Count(Names)', number(1, 0, 3)],
    ['@Word("a|b|c"; "|"; 2) + @Word("a|b|c"; "|"; -1) + @Word("a"; "|"; 5)', text('bc')],
    ['@Matches("presence-away.gif"; "presence-*.g?f")', number(1)],
    ['@Matches("a*b"; "a\\\\*b") : @Matches("axb"; "a\\\\*b")', number(1, 0)],
    ['@IsNull("") : @IsNull("a") : @IsNull(1)', number(1, 0, 0)],
    ['@Char(65) + @NewLine', text('A\n')],
    ['@URLEncode("UTF-8"; "a b/ü")', text('a%20b%2F%C3%BC')],
    ['@IsError(@Error)', number(1)],
    ['@ToTime("2026-01-05 12:00") - @Date(2026; 1; 5; 11; 59; 0)', number(60)],
    ['@IsError(@TextToTime("2026-02-30"))', number(1)],
    ['@ToNumber("12") + @ToNumber(1)', number(13)],
  ])('%s', (source, wanted) => {
    expect(run(source)).toEqual(wanted);
  });

  test.each(['@While(1; 1)', '@For(i := 0; 1; i := i + 1; i)', '@DoWhile(1; 1)'])('%s ends in an error', (source) => {
    expect(run(source, { limits: { ...FORMULA_LIMITS, steps: 1000 } })).toEqual(
      error('The formula takes more than 1000 steps'),
    );
  });

  test('a pattern of many wildcards takes no time', () => {
    expect(run(`@Matches(@Repeat("a"; 5000); "${'*a'.repeat(50)}b")`)).toEqual(number(0));
    expect(run('@Matches(@Repeat("a"; 60000); @Repeat("*a"; 10000))')).toEqual(error('The text becomes too long'));
  });

  test('wildcards fit what a regular expression fits', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
    const signs = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(letters, signs, (entry, wildcards) => {
        const pattern = wildcards.replace(/\*+/g, '.*').replaceAll('?', '.');
        const wanted = number(new RegExp(`^${pattern}$`).test(entry) ? 1 : 0);
        expect(run(`@Matches("${entry}"; "${wildcards}")`)).toEqual(wanted);
      }),
    );
  });

  test('long results count as many steps, so that a loop over them ends', () => {
    const source = 'a := @Repeat("x"; 60000); @For(i := 0; 1; i := i + 1; @UpperCase(a))';
    expect(run(source)).toEqual(error('The formula takes more than 50000 steps'));
  });
});
