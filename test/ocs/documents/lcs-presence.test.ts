import { describe, expect, test } from 'vitest';
import type { DocumentOptions } from '../../../src/ocs/documents/document-options.js';
import { readLcsPresence } from '../../../src/ocs/documents/lcs-presence.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { sip } from '../../support/people.js';
import { refusalReason } from './refusal-reason.js';
import { ANA, lcsDocument } from './samples.js';

const NOW = Date.UTC(2026, 0, 5, 9);

const read = (document: string, options: DocumentOptions = {}) =>
  readLcsPresence(Buffer.from(document, 'utf8'), options);

const reasonOf = (document: string, options: DocumentOptions = {}) => refusalReason(() => read(document, options));

describe('an LCS 2005 document', () => {
  test('gives state, note and display name of its person, whose address has no scheme', () => {
    expect(read(lcsDocument('300', '600', [], '<note>Room 4</note>'))).toEqual({
      uri: ANA,
      state: { availability: 6500, activity: '' },
      note: { text: 'Room 4', outOfOffice: false },
      displayName: 'Ana Reyes',
    });
  });

  test('says no data when it says nothing', () => {
    expect(read(lcsDocument('', ''))).toMatchObject({ state: null, note: null });
  });

  test('is read although it declares UTF-16, as long as it is UTF-8', () => {
    const declared = `<?xml version="1.0" encoding="utf-16"?>${lcsDocument('300', '400', [], '<note>Jörg</note>')}`;
    expect(read(declared).note?.text).toBe('Jörg');
    const wide = Buffer.from(`\ufeff${declared}`, 'utf16le');
    expect(() => readLcsPresence(wide)).toThrow(BridgeError);
  });

  test('may declare no other encoding', () => {
    expect(reasonOf(`<?xml version="1.0" encoding="utf-7"?>${lcsDocument('300', '400')}`)).toBe('encoding');
  });

  test('has the words that go with its activity', () => {
    const worded = lcsDocument('300', '600').replace('note=""', 'note="In a workshop"');
    expect(read(worded).state?.activityText).toBe('In a workshop');
  });

  test('is out of office when it holds such an element, with or without a note', () => {
    expect(read(lcsDocument('300', '400', [], '<oof/>')).note).toEqual({ text: '', outOfOffice: true });
    expect(read(lcsDocument('300', '400', [], '<note>Back on Monday</note><oof>1</oof>')).note).toEqual({
      text: 'Back on Monday',
      outOfOffice: true,
    });
    expect(read(lcsDocument('300', '400', [], '<oof>false</oof>')).note).toBeNull();
  });

  test('began when the state that decides did, else when a device was heard of last', () => {
    const byUser = lcsDocument('300', '400', [9500]);
    expect(read(byUser, { now: NOW }).state?.since).toBe(Date.UTC(2010, 0, 1, 8, 54, 10));
    const devices = lcsDocument('300', '600', [3500, 3500]);
    expect(read(devices, { now: NOW }).state).toMatchObject({ availability: 6500, since: NOW - 60_000 });
    expect(read(devices).state?.since).toBeUndefined();
  });

  test('passes over a state that is nil', () => {
    const nil =
      '<states><state xsi:nil="true" avail="9500" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/></states>';
    expect(read(lcsDocument('300', '400', [], nil)).state?.availability).toBe(3500);
  });

  test('reads what users keep there in whatever namespace', () => {
    const document = lcsDocument('300', '400', [9500]).replace('<states>', '<states xmlns="urn:any">');
    expect(read(document).state?.availability).toBe(9500);
  });

  test('about another person is refused', () => {
    expect(reasonOf(lcsDocument('300', '400'), { expected: sip('ben@contoso.example') })).toBe('other-person');
  });

  test('of another namespace is refused', () => {
    expect(reasonOf('<presentity uri="a@b.example"/>')).toBe('namespace');
  });
});
