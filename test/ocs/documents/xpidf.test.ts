import { describe, expect, test } from 'vitest';
import type { DocumentOptions } from '../../../src/ocs/documents/document-options.js';
import { readXpidf } from '../../../src/ocs/documents/xpidf.js';
import { sip } from '../../support/people.js';
import { refusalReason } from './refusal-reason.js';
import { ANA, xpidfDocument, xpidfStatus } from './samples.js';

const read = (document: string, options: DocumentOptions = {}) => readXpidf(Buffer.from(document, 'utf8'), options);

const reasonOf = (document: string, options: DocumentOptions = {}) => refusalReason(() => read(document, options));

describe('an XPIDF document', () => {
  test('gives state, note and display name of its person', () => {
    const rest = '<display name="Ana Reyes"/><status><note>Room 4</note></status>';
    expect(read(xpidfDocument('inuse', 'onthephone', rest))).toEqual({
      uri: ANA,
      state: { availability: 6500, activity: 'on-the-phone' },
      note: { text: 'Room 4', outOfOffice: false },
      displayName: 'Ana Reyes',
    });
  });

  test('lets the open address of the highest priority decide', () => {
    const address = (priority: string, status: string, substatus: string) =>
      `<atom id="x"><address uri="sip:x@y.example" priority="${priority}">${xpidfStatus(status, substatus)}</address></atom>`;
    const document = (...addresses: string[]) => `<presence><presentity uri="${ANA}"/>${addresses.join('')}</presence>`;
    const several = document(address('1', 'closed', ''), address('0,8', 'inuse', 'busy'), address('0.2', 'open', ''));
    expect(read(several).state?.availability).toBe(6500);
  });

  test('without an address is about the person of the subscription', () => {
    const nameless = xpidfDocument('open', '').replace(/<presentity[^>]*>/, '');
    expect(read(nameless, { expected: ANA }).uri).toBe(ANA);
    expect(reasonOf(nameless)).toBe('address');
  });

  test('about another person is refused', () => {
    expect(reasonOf(xpidfDocument('open', ''), { expected: sip('ben@contoso.example') })).toBe('other-person');
  });

  test('in any namespace is refused', () => {
    const document = xpidfDocument('open', '').replace('<presence', '<presence xmlns="urn:ietf:params:xml:ns:pidf"');
    expect(reasonOf(document)).toBe('namespace');
  });

  test('has a DOCTYPE only where that is allowed, and never one with declarations', () => {
    const dtd = '<!DOCTYPE presence PUBLIC "-//IETF//DTD RFCxxxx XPIDF 1.0//EN" "xpidf.dtd">';
    const document = `<?xml version="1.0"?>\n${dtd}\n${xpidfDocument('open', 'online')}`;
    expect(reasonOf(document)).toBe('doctype');
    expect(read(document, { bareDoctype: true }).state?.availability).toBe(3500);
    const declares = document.replace('"xpidf.dtd">', '"xpidf.dtd" [<!ENTITY a "b">]>');
    expect(reasonOf(declares, { bareDoctype: true })).toBe('doctype');
    expect(reasonOf(dtd + document, { bareDoctype: true })).toBe('not-well-formed');
  });
});
