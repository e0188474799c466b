import { describe, expect, test } from 'vitest';
import { encodeGif } from '../../../../src/notes/template/icons/gif-encode.js';
import type { LintRule } from '../../../../src/notes/template/lint/finding.js';
import { lintTemplate } from '../../../../src/notes/template/lint/lint.js';
import { builtDxl } from '../../../support/template.js';

const sound = builtDxl();

interface Fault {
  readonly title: string;
  /** Text of the sound template that is changed: its first occurrence after `after`. */
  readonly from: string;
  readonly to: string;
  readonly after?: string;
  readonly element: string;
  readonly rule: LintRule;
  readonly message: RegExp;
  /** Lines between the changed text and the finding. */
  readonly lineOffset?: number;
}

const PEOPLE = "alias='People'";
const BY_STATUS = "alias='ByStatus'";
const FORM = "<form name='Presence'";
const AVAILABLE = "<imageresource name='presence-available.gif'";

const largeGif = encodeGif({
  width: 20,
  height: 20,
  palette: ['#ffffff', '#000000'],
  pixels: new Uint8Array(400),
}).toString('base64');

const FAULTS: readonly Fault[] = [
  {
    title: 'a DOCTYPE',
    from: '<database',
    to: "<!DOCTYPE database SYSTEM 'x.dtd'>\n<database",
    element: 'database',
    rule: 'doctype',
    message: /DOCTYPE/,
  },
  {
    title: 'XML that is not well-formed',
    from: '</view>',
    to: '</veiw>',
    element: 'database',
    rule: 'xml',
    message: /close/,
  },
  {
    title: 'a missing namespace',
    from: " xmlns='http://www.lotus.com/dxl'",
    to: '',
    element: 'database',
    rule: 'root',
    message: /namespace/,
  },
  {
    title: 'a replica id',
    from: "version='9.0'",
    to: "version='9.0' replicaid='C1257A0000000001'",
    element: 'database',
    rule: 'forbidden',
    message: /replicaid/,
  },
  {
    title: 'full-text settings',
    from: '<launchsettings>',
    to: '<fulltextsettings/><launchsettings>',
    element: 'fulltextsettings',
    rule: 'forbidden',
    message: /import fail/,
  },
  {
    title: 'raw data',
    from: '<run>',
    to: '<compositedata/><run>',
    after: FORM,
    element: 'form Presence',
    rule: 'forbidden',
    message: /compositedata/,
  },
  {
    title: 'an image after the form that uses it',
    from: '</database>',
    to: "<imageresource name='late.gif'/></database>",
    element: 'imageresource late.gif',
    rule: 'order',
    message: /must come before/,
  },
  {
    title: 'an element that no template has',
    from: '</database>',
    to: '<surprise/></database>',
    element: 'surprise',
    rule: 'order',
    message: /not expected/,
  },
  {
    title: 'a database without a title',
    from: "title='Presence'",
    to: '',
    element: 'database',
    rule: 'name',
    message: /title/,
    lineOffset: -1,
  },
  {
    title: 'a title that is too long',
    from: "title='Presence'",
    to: `title='${'ü'.repeat(49)}'`,
    element: 'database',
    rule: 'name-length',
    message: /98 bytes/,
    lineOffset: -1,
  },
  {
    title: 'a view name that is too long in bytes',
    from: "name='People'",
    to: `name='${'ä'.repeat(32)}'`,
    element: 'view People',
    rule: 'name-length',
    message: /64 bytes/,
  },
  {
    title: 'two views of one alias',
    from: PEOPLE,
    to: BY_STATUS,
    element: 'view ByStatus',
    rule: 'duplicate',
    message: /already has a view "ByStatus"/,
  },
  {
    title: 'a view without an alias',
    from: PEOPLE,
    to: '',
    element: 'view People',
    rule: 'alias',
    message: /needs an alias/,
  },
  {
    title: 'an alias with blanks',
    from: BY_STATUS,
    to: "alias='By Status'",
    element: 'view By Status',
    rule: 'alias',
    message: /plain letters/,
  },
  {
    title: 'no default view',
    from: "default='true'",
    to: '',
    after: PEOPLE,
    element: 'database',
    rule: 'default-view',
    message: /must be the default/,
    lineOffset: Number.NaN,
  },
  {
    title: 'two default views',
    from: BY_STATUS,
    to: `${BY_STATUS} default='true'`,
    element: 'view People',
    rule: 'default-view',
    after: BY_STATUS,
    message: /another/,
    lineOffset: Number.NaN,
  },
  {
    title: 'a role that is not defined',
    from: '<role>[PresenceAdmin]</role>',
    to: '<role>[PresenceBoss]</role>',
    after: 'LocalDomainServers',
    element: 'acl',
    rule: 'acl',
    message: /PresenceBoss/,
  },
  {
    title: 'a person in the access list',
    from: "name='Anonymous'",
    to: "name='CN=Ana Reyes/O=Contoso'",
    element: 'acl',
    rule: 'acl',
    message: /one site/,
  },
  {
    title: 'an access list without -Default-',
    from: "name='-Default-' default='true'",
    to: "name='-Default-'",
    element: 'acl',
    rule: 'acl',
    message: /-Default-/,
    lineOffset: Number.NaN,
  },
  {
    title: 'a misspelt event of a view',
    from: "event='selection'",
    to: "event='selektion'",
    element: 'view People',
    rule: 'event',
    message: /a view has no event "selektion"/,
  },
  {
    title: 'a misspelt event of a column',
    from: "event='value'",
    to: "event='vaule'",
    after: PEOPLE,
    element: 'view People',
    rule: 'event',
    message: /a column has no event/,
  },
  {
    title: 'a misspelt event of a field',
    from: "event='defaultvalue'",
    to: "event='defaultValue'",
    after: FORM,
    element: 'form Presence',
    rule: 'event',
    message: /a field has no event/,
  },
  {
    title: 'an event that stands twice',
    from: "<code event='selection'>",
    to: "<code event='selection'><formula>1</formula></code><code event='selection'>",
    element: 'view People',
    rule: 'event',
    message: /twice/,
  },
  {
    title: 'a misspelt function',
    from: '@LowerCase',
    to: '@LowreCase',
    after: PEOPLE,
    element: 'view People',
    rule: 'formula',
    message: /@lowrecase is not known/,
  },
  {
    title: 'an unfinished formula',
    from: 'shown := @If(',
    to: 'shown := @If((',
    after: PEOPLE,
    element: 'view People',
    rule: 'formula',
    message: /expected/,
  },
  {
    title: 'a wrong number of arguments',
    from: '@Subset(Status; 1)',
    to: '@Subset(Status)',
    after: PEOPLE,
    element: 'view People',
    rule: 'formula',
    message: /takes 2 arguments/,
  },
  {
    title: 'and and or without brackets',
    from: '(Form = "Presence") &amp; (!@IsAvailable($Conflict))',
    to: 'Form = "Presence" | Form = "x" &amp; 1',
    element: 'view People',
    rule: 'formula-mix',
    message: /brackets/,
  },
  {
    title: 'the time of day in a column',
    from: '@Trim(@Name(',
    to: '@Text(@Now) + @Trim(@Name(',
    after: PEOPLE,
    element: 'view People',
    rule: 'view-time',
    message: /@Now/,
  },
  {
    title: 'the day in a selection',
    from: 'SELECT (Form',
    to: 'SELECT @Today | (Form',
    element: 'view People',
    rule: 'view-time',
    message: /@Today/,
  },
  {
    title: 'a look-up in a column',
    from: '@Text(@Subset(Status; 1))',
    to: '@DbLookup("";"";"People";Status;1)',
    after: BY_STATUS,
    element: 'view ByStatus',
    rule: 'view-time',
    message: /@DbLookup/,
  },
  {
    title: 'a sequence in a column',
    from: '@Text(@Subset(Status; 1))',
    to: '@Do(1; Status)',
    after: BY_STATUS,
    element: 'view ByStatus',
    rule: 'view-time',
    message: /@Do/,
  },
  {
    title: 'a column over a field nobody writes',
    from: "itemname='StatusSince'",
    to: "itemname='StatusSinse'",
    element: 'view People',
    rule: 'field',
    message: /StatusSinse/,
  },
  {
    title: 'a formula over a field nobody writes',
    from: 'DisplayName',
    to: 'DisplayNmae',
    after: PEOPLE,
    element: 'view People',
    rule: 'field',
    message: /DisplayNmae/,
  },
  {
    title: 'a form with a stored field of another name',
    from: "<field name='ObservedAt'",
    to: "<field name='SeenAt'",
    element: 'form Presence',
    rule: 'field',
    message: /SeenAt is no item/,
  },
  {
    title: 'an item computed for display',
    from: "<field name='SipAddress' type='text' kind='computed'",
    to: "<field name='SipAddress' type='text' kind='computedfordisplay'",
    element: 'form Presence',
    rule: 'field',
    message: /must not be computed for display/,
  },
  {
    title: 'a field that stands twice',
    from: "<field name='ShownStatus'",
    to: "<field name='ShownName'",
    element: 'form Presence',
    rule: 'field',
    message: /twice/,
  },
  {
    title: 'a field name that is too long',
    from: "<field name='ShownName'",
    to: `<field name='${'Shown'.repeat(7)}'`,
    element: 'form Presence',
    rule: 'field',
    message: /more than 32 bytes/,
  },
  {
    title: 'an item without a field',
    from: "<field name='SipKey' type='text' kind='computed'>",
    to: "<field name='ShownKey' type='text' kind='computedfordisplay'>",
    element: 'form Presence',
    rule: 'missing-field',
    message: /SipKey/,
    lineOffset: Number.NaN,
  },
  {
    title: 'a form that programs need',
    from: FORM,
    to: "<form name='Presense'",
    element: 'database',
    rule: 'missing-element',
    message: /form "Presence"/,
    lineOffset: Number.NaN,
  },
  {
    title: 'a view that programs need',
    from: BY_STATUS,
    to: "alias='ByState'",
    element: 'database',
    rule: 'missing-element',
    message: /view "ByStatus"/,
    lineOffset: Number.NaN,
  },
  {
    title: 'a selection of a form that is not there',
    from: 'Form = "Presence"',
    to: 'Form = "Presenze"',
    element: 'view People',
    rule: 'reference',
    message: /no form "Presenze"/,
    lineOffset: Number.NaN,
  },
  {
    title: 'an icon that is not there',
    from: '"presence-away.gif"',
    to: '"presence-gone.gif"',
    after: PEOPLE,
    element: 'view People',
    rule: 'reference',
    message: /presence-gone\.gif/,
  },
  {
    title: 'a picture reference that leads nowhere',
    from: "<imageref name='presence-out-of-office.gif'",
    to: "<imageref name='oof.gif'",
    element: 'form Presence',
    rule: 'reference',
    message: /oof\.gif/,
  },
  {
    title: 'a frameset that is not there',
    from: "frameset='PresenceFrameset'",
    to: "frameset='Main'",
    element: 'launchsettings',
    rule: 'reference',
    message: /frameset "Main"/,
  },
  {
    title: 'a subform that is not there',
    from: "<par def='2'>",
    to: "<par def='2'><subformref name='Badge'/>",
    after: FORM,
    element: 'form Presence',
    rule: 'reference',
    message: /subform "Badge"/,
  },
  {
    title: 'a column without an item name',
    from: "itemname='$Name'",
    to: '',
    element: 'view People',
    rule: 'column',
    message: /needs an item name/,
  },
  {
    title: 'two columns of one item name',
    from: "itemname='$Name'",
    to: "itemname='$Icon'",
    element: 'view People',
    rule: 'column',
    message: /two columns/,
  },
  {
    title: 'a width that is no number',
    from: "width='28'",
    to: "width='wide'",
    element: 'view People',
    rule: 'column',
    message: /width/,
  },
  {
    title: 'a category that is not sorted',
    from: "sort='ascending' categorized='true'",
    to: "categorized='true'",
    element: 'view ByStatus',
    rule: 'column',
    message: /must be sorted/,
  },
  {
    title: "the client's own awareness",
    from: "<columnheader title='Name'/>",
    to: "<columnheader title='Name'/><columnnamesformat showonline='true'/>",
    element: 'view People',
    rule: 'column',
    message: /awareness/,
    lineOffset: -1,
  },
  {
    title: 'a paragraph before its style',
    from: "<par def='2'>",
    to: "<par def='later'>",
    after: FORM,
    element: 'form Presence',
    rule: 'paragraph',
    message: /"later"/,
  },
  {
    title: 'a paragraph style defined twice',
    from: "<pardef id='3'",
    to: "<pardef id='2'",
    after: FORM,
    element: 'form Presence',
    rule: 'paragraph',
    message: /twice/,
  },
  {
    title: 'a paragraph style with a name, where the importer wants a number',
    from: "<pardef id='2'",
    to: "<pardef id='title'/><pardef id='2'",
    after: FORM,
    element: 'form Presence',
    rule: 'paragraph',
    message: /"title" of a paragraph style is no number/,
  },
  {
    title: 'a colour that is none',
    from: "bgcolor='white'",
    to: "bgcolor='whiet'",
    after: PEOPLE,
    element: 'view People',
    rule: 'colour',
    message: /whiet/,
    lineOffset: Number.NaN,
  },
  {
    title: 'broken base64',
    from: '<gif>\n',
    to: '<gif>\n?',
    after: AVAILABLE,
    element: 'imageresource presence-available.gif',
    rule: 'image',
    message: /base64/,
  },
  {
    title: 'base64 of something else',
    from: '<gif>\nR0lGODlh',
    to: '<gif>\nAAAAAAAA',
    after: AVAILABLE,
    element: 'imageresource presence-available.gif',
    rule: 'image',
    message: /does not begin like a GIF/,
  },
  {
    title: 'a picture cut off',
    from: 'ADs=\n  </gif>',
    to: '\n  </gif>',
    after: '<imageresource',
    element: '',
    rule: 'image',
    message: /no sound GIF/,
    lineOffset: Number.NaN,
  },
  {
    title: 'a picture without words for a screen reader',
    from: "<item name='$Comment'><text>Available</text></item>",
    to: '',
    element: 'imageresource presence-available.gif',
    rule: 'image',
    message: /comment/,
    lineOffset: Number.NaN,
  },
  {
    title: 'a picture whose name is no words',
    from: AVAILABLE,
    to: "<imageresource name='PRSAVL.GIF'",
    element: 'imageresource PRSAVL.GIF',
    rule: 'image',
    message: /must be words/,
  },
  {
    title: 'a wrong size of file',
    from: "<item name='$FileSize'><number>",
    to: "<item name='$FileSize'><number>9",
    after: AVAILABLE,
    element: 'imageresource presence-available.gif',
    rule: 'image',
    message: /\$FileSize/,
    lineOffset: Number.NaN,
  },
];

function planted({ from, to, after, element }: Fault): { readonly dxl: string; readonly line: number } {
  const start = sound.indexOf(after ?? (element === 'view People' ? "<view name='People'" : '<'));
  const at = sound.indexOf(from, start);
  if (start < 0 || at < 0) throw new Error(`"${from}" is not in the template`);
  return { dxl: sound.slice(0, at) + to + sound.slice(at + from.length), line: sound.slice(0, at).split('\n').length };
}

describe('lintTemplate', () => {
  test.each(['en', 'de'] as const)('finds nothing in the shipped template (%s)', (language) => {
    expect(lintTemplate(builtDxl(language))).toEqual([]);
  });

  test.each(FAULTS)('finds $title', (fault) => {
    const { dxl, line } = planted(fault);
    const all = lintTemplate(dxl);
    const findings = all.filter(({ rule, message }) => rule === fault.rule && fault.message.test(message));
    expect(findings, JSON.stringify(all)).not.toEqual([]);
    const [first] = findings;
    if (fault.element !== '') expect(first?.element).toBe(fault.element);
    const { lineOffset = 0 } = fault;
    if (!Number.isNaN(lineOffset)) expect(first?.line).toBe(line + lineOffset);
  });

  test('finds an icon that is too large for a row', () => {
    const start = sound.indexOf('<gif>', sound.indexOf(AVAILABLE)) + '<gif>'.length;
    const dxl = `${sound.slice(0, start)}${largeGif}${sound.slice(sound.indexOf('</gif>', start))}`;
    expect(lintTemplate(dxl)).toContainEqual(
      expect.objectContaining({ rule: 'image', message: expect.stringMatching(/at most 16 pixels/) }),
    );
  });

  test('finds an icon without a transparent colour', () => {
    const start = sound.indexOf('<gif>', sound.indexOf(AVAILABLE)) + '<gif>'.length;
    const end = sound.indexOf('</gif>', start);
    const gif = Buffer.from(sound.slice(start, end), 'base64');
    gif[gif.indexOf(Buffer.from([0x21, 0xf9, 4])) + 3] = 0;
    const dxl = `${sound.slice(0, start)}${gif.toString('base64')}${sound.slice(end)}`;
    expect(lintTemplate(dxl)).toContainEqual(
      expect.objectContaining({ rule: 'image', message: expect.stringMatching(/transparent/) }),
    );
  });

  test('finds a view in no order', () => {
    const start = sound.indexOf(PEOPLE);
    const end = sound.indexOf('</view>', start);
    const unsorted = sound.slice(start, end).replaceAll(/ sort='[a-z]+'/g, '');
    expect(lintTemplate(sound.slice(0, start) + unsorted + sound.slice(end))).toContainEqual(
      expect.objectContaining({
        element: 'view People',
        rule: 'column',
        message: expect.stringMatching(/no column is sorted/),
      }),
    );
  });

  test('findings stand in the order of their lines', () => {
    const dxl = sound
      .replaceAll("kind='computed'", "kind='editable'")
      .replaceAll("bgcolor='white'", "bgcolor='beige'")
      .replaceAll('@Trim', '@Trmi');
    const lines = lintTemplate(dxl).map(({ line }) => line);
    expect(lines.length).toBeGreaterThan(5);
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
  });
});
