import { describe, expect, test } from 'vitest';
import { readCategories } from '../../../src/ocs/documents/categories.js';
import type { DocumentOptions } from '../../../src/ocs/documents/document-options.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { merge, unknownSnapshot } from '../../../src/presence/snapshot.js';
import { sip } from '../../support/people.js';
import { refusalReason } from './refusal-reason.js';
import {
  ACTIVITY,
  cardContent,
  categoriesDocument,
  category,
  noteContent,
  stateContent,
  usualDocument,
} from './samples.js';

const read = (document: string, options: DocumentOptions = {}) =>
  readCategories(Buffer.from(document, 'utf8'), options);
const readOnly = (...categories: string[]) => read(categoriesDocument(categories.join('')));

const reasonOf = (document: string, options: DocumentOptions = {}) => refusalReason(() => read(document, options));

describe('a categories document', () => {
  test('gives state, note and display name of its person', () => {
    expect(read(usualDocument())).toEqual({
      uri: 'sip:ana.reyes@contoso.example',
      state: {
        availability: 6500,
        activity: 'in-a-meeting',
        minAvailability: 6500,
        maxAvailability: 8999,
        publishedAt: Date.UTC(2010, 0, 1, 8, 55, 0, 250),
      },
      note: { text: 'Room 4 until noon', outOfOffice: false, publishedAt: Date.UTC(2010, 0, 1, 8) },
      displayName: 'Ana Reyes',
    });
  });

  test('whose number is given twice says nothing unless both agree', () => {
    const twice = (first: string, second: string) => {
      const content = stateContent(first).replace(
        '</availability>',
        `</availability><availability>${second}</availability>`,
      );
      return readOnly(category('state', content)).state?.availability;
    };
    expect(twice('18500', '3500')).toBe(0);
    expect(twice('x', '3500')).toBe(0);
    expect(twice('3500', 'x')).toBe(0);
    expect(twice('3500', '3500')).toBe(3500);
  });

  test('reads the same when it needs the full XML reader', () => {
    const document = usualDocument();
    expect(read(`<!-- not the quick way -->${document}`)).toEqual(read(document));
  });

  test('reads the same with other prefixes', () => {
    const prefixed = usualDocument()
      .replace(/<(\/?)(categories|category)\b/g, '<$1c:$2')
      .replace('xmlns=', 'xmlns:c=')
      .replace(/xsi/g, 'i');
    expect(read(prefixed)).toEqual(read(usualDocument()));
  });

  test('writes the address in canonical form', () => {
    expect(read(categoriesDocument('', 'SIP:Ana.Reyes@CONTOSO.example')).uri).toBe('sip:ana.reyes@contoso.example');
  });

  test('leaves out what it does not mention', () => {
    expect(readOnly()).toEqual({ uri: 'sip:ana.reyes@contoso.example' });
  });

  test('passes over categories and elements it does not know', () => {
    const calendar = category(
      'calendarData',
      '<calendarData><freeBusy>AAA</freeBusy><availability>3500</availability></calendarData>',
    );
    expect(readOnly(calendar, '<category/>', '<__proto__/>')).toEqual({ uri: 'sip:ana.reyes@contoso.example' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('without a usable address is refused', () => {
    expect(reasonOf(categoriesDocument('', 'tel:+15550100'))).toBe('address');
    expect(reasonOf('<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories"/>')).toBe('address');
  });

  test('about another person than the expected one is refused', () => {
    const options = { expected: sip('ben.okoro@contoso.example') };
    expect(() => read(usualDocument(), options)).toThrow(BridgeError);
    expect(read(usualDocument(), { expected: sip('ana.reyes@contoso.example') }).uri).toBe(
      'sip:ana.reyes@contoso.example',
    );
  });

  test('of another namespace is refused', () => {
    expect(reasonOf(usualDocument().replace('sip/categories', 'sip/categoriesx'))).toBe('namespace');
    expect(reasonOf('<categories uri="sip:a@b.example"/>')).toBe('namespace');
  });
});

describe('the state of a categories document', () => {
  test('is null when the category is named without content', () => {
    expect(readOnly('<category name="state"/>').state).toBeNull();
    expect(readOnly('<category name="state" instance="1">  </category>').state).toBeNull();
  });

  test('is not mentioned when the content is of another kind', () => {
    expect(readOnly(category('state', '<state><availability>3500</availability></state>')).state).toBeUndefined();
    expect(readOnly(category('state', stateContent('3500', '', 'machineState'))).state).toBeUndefined();
  });

  test('counts when it has no type, or its type has another prefix', () => {
    const untyped = stateContent('3500').replace(' xsi:type="aggregateState"', '');
    expect(readOnly(category('state', untyped)).state?.availability).toBe(3500);
    expect(readOnly(category('state', stateContent('3500', '', 's:aggregateState'))).state?.availability).toBe(3500);
  });

  test.each(['', 'x', '35.5', '3500x', '99999999999', '0x10'])('with the number "%s" reads as unknown', (number) => {
    const observed = readOnly(category('state', stateContent(number)));
    const merged = merge(unknownSnapshot(observed.uri), observed, { now: 0, notes: false, authoritative: true });
    expect(merged.status).toBe('unknown');
  });

  test('without a number reads as unknown', () => {
    const content = stateContent('').replace('<availability></availability>', '');
    expect(readOnly(category('state', content)).state?.availability).toBe(0);
  });

  test('is that of the newest instance, wherever it stands', () => {
    const older = category('state', stateContent('3500'), '2010-01-01T08:00:00');
    const newer = category('state', stateContent('9500'), '2010-01-01T09:00:00');
    expect(readOnly(older, newer).state?.availability).toBe(9500);
    expect(readOnly(newer, older).state?.availability).toBe(9500);
    expect(readOnly(newer, '<category name="state"/>').state?.availability).toBe(9500);
  });

  test('has the first activity only', () => {
    const state = readOnly(category('state', stateContent('6500', `${ACTIVITY}<activity token="away"/>`))).state;
    expect(state?.activity).toBe('in-a-meeting');
  });

  test('keeps a publication time without offset as UTC, and drops one that is no time', () => {
    const published = (time: string) => readOnly(category('state', stateContent('3500'), time)).state?.publishedAt;
    expect(published('2010-01-01T09:10:00.000')).toBe(Date.UTC(2010, 0, 1, 9, 10));
    expect(published('2010-01-01T09:10:00Z')).toBe(Date.UTC(2010, 0, 1, 9, 10));
    expect(published('yesterday')).toBeUndefined();
  });

  test('of the far future does not freeze the record', () => {
    const now = Date.UTC(2010, 0, 1);
    const options = { now, notes: false, authoritative: false };
    const start = unknownSnapshot(sip('ana.reyes@contoso.example'));
    const future = merge(start, readOnly(category('state', stateContent('3500'), '9999-12-31T23:59:59Z')), options);
    const later = merge(future, readOnly(category('state', stateContent('9500'), '2010-01-01T00:00:00Z')), options);
    expect([future.status, later.status]).toEqual(['available', 'do-not-disturb']);
  });
});

describe('the activity of a categories document in own words', () => {
  const custom = (content: string, attributes = 'token="in-a-meeting" minAvailability="6500" maxAvailability="8999"') =>
    categoriesDocument(category('state', stateContent('6500', `<activity ${attributes}>${content}</activity>`)));
  const inLanguage = (lcid: number, text: string) => `<custom LCID="${lcid}">${text}</custom>`;
  const both = inLanguage(1031, 'Quartalsabschluss') + inLanguage(1033, 'Quarter close');

  test('is the one in the language asked for, else in English, else the first', () => {
    const text = (content: string, lcids?: number[]) => read(custom(content), { lcids }).state?.activityText;
    expect(text(both)).toBe('Quarter close');
    expect(text(both, [1036, 1031])).toBe('Quartalsabschluss');
    expect(text(inLanguage(1036, 'Fin') + inLanguage(1031, 'Ende'), [1033])).toBe('Fin');
    expect(text(inLanguage(1033, ' '))).toBeUndefined();
  });

  test('goes without a token, and reads the same with the full XML reader', () => {
    const document = custom(both, '');
    expect(read(document).state).toMatchObject({ activity: '', activityText: 'Quarter close' });
    expect(read(`<!-- full -->${document}`)).toEqual(read(document));
  });

  test('is that of the first activity only', () => {
    const second = custom('').replace('</activity>', `</activity><activity>${both}</activity>`);
    expect(read(second).state?.activityText).toBeUndefined();
  });

  test('is clean text in the record, holds for the numbers of its activity, and is left out when notes are off', () => {
    const shown = (document: string, notes: boolean) =>
      merge(unknownSnapshot(sip('ana.reyes@contoso.example')), read(document), { now: 0, notes, authoritative: true });
    const hostile = custom(inLanguage(1033, 'a&#10;b\u202e'));
    expect(shown(hostile, true).activityText).toBe('a b');
    expect(shown(hostile, false).activityText).toBe('');
    expect(shown(hostile.replace('>6500<', '>3500<'), true).activityText).toBe('');
  });
});

describe('the note of a categories document', () => {
  test('is null when the category is named without content, or the note has no body', () => {
    expect(readOnly('<category name="note"/>').note).toBeNull();
    const bodyless = '<note xmlns="http://schemas.microsoft.com/2006/09/sip/note"/>';
    expect(readOnly(category('note', bodyless)).note).toBeNull();
  });

  test('is the newest personal one', () => {
    const older = category('note', noteContent('older'), '2010-01-01T08:00:00');
    const newer = category('note', noteContent('newer'), '2010-01-01T09:00:00');
    expect(readOnly(newer, older).note).toMatchObject({ text: 'newer', outOfOffice: false });
  });

  test('is the out-of-office text when there is no other, with the flag', () => {
    const away = category('note', noteContent('Back on Monday', 'OOF'), '2010-01-04T06:00:00.000');
    expect(readOnly(away).note).toMatchObject({ text: 'Back on Monday', outOfOffice: true });
    const personal = category('note', noteContent('Call Ben'), '2010-01-01T08:00:00');
    expect(readOnly(personal, away).note).toEqual({
      text: 'Call Ben',
      outOfOffice: true,
      publishedAt: Date.UTC(2010, 0, 4, 6),
    });
  });

  test('of an out-of-office message counts in its time only', () => {
    const now = Date.UTC(2010, 0, 5);
    const message = (times: string) =>
      categoriesDocument(category('note', noteContent('Back', 'OOF').replace('type="OOF"', `type="OOF" ${times}`)));
    const over = message('startTime="2010-01-01T00:00:00Z" endTime="2010-01-04T00:00:00Z"');
    const current = message('startTime="2010-01-04T06:00:00Z" endTime="2010-01-08T18:00:00Z"');
    expect(read(over, { now }).note).toBeNull();
    expect(read(message('startTime="2010-01-06T00:00:00Z"'), { now }).note).toBeNull();
    expect(read(current, { now }).note).toEqual({
      text: 'Back',
      outOfOffice: true,
      publishedAt: Date.UTC(2010, 0, 1, 8, 55, 0, 250),
    });
    expect(read(over).note?.outOfOffice).toBe(true);
  });

  test('keeps markup as the text it was sent as', () => {
    const escaped = noteContent('&lt;img src=x onerror=alert(1)&gt; &amp;amp; caf\u00e9 &#x1F600;&#65;');
    expect(readOnly(category('note', escaped)).note?.text).toBe(
      '<img src=x onerror=alert(1)> &amp; caf\u00e9 \u{1f600}A',
    );
    const section = noteContent('<![CDATA[<script>alert(1)</script>]]>');
    expect(readOnly(category('note', section)).note?.text).toBe('<script>alert(1)</script>');
  });

  test('is plain text once it is merged, without controls and turning marks', () => {
    const observed = readOnly(category('note', noteContent('ok&#13;&#10;{"level":"info"}\u202eelbaliavA\u202c')));
    const options = { now: Date.UTC(2011, 0, 1), notes: true, authoritative: true };
    expect(merge(unknownSnapshot(observed.uri), observed, options).note).toBe('ok {"level":"info"}elbaliavA');
  });
});

describe('the display name of a categories document', () => {
  test('stands in the identity of the contact card only', () => {
    const elsewhere = cardContent('Ana').replace('<identity>', '<displayName>Eve</displayName><identity>');
    expect(readOnly(category('contactCard', elsewhere)).displayName).toBe('Ana');
  });

  test('is one clean line, and left out when it is empty', () => {
    expect(readOnly(category('contactCard', cardContent(' Ana\nReyes\u202e '))).displayName).toBe('Ana Reyes');
    expect(readOnly(category('contactCard', cardContent(''))).displayName).toBeUndefined();
    expect(readOnly('<category name="contactCard"/>').displayName).toBeUndefined();
  });
});
