import { describe, expect, test } from 'vitest';
import {
  contactDeltaDocument,
  contactListDocument,
} from '../../../../src/ocs/simulator/documents/contact-list-document.js';
import { ContactList } from '../../../../src/ocs/simulator/presence/contact-list.js';
import { sip } from '../../../support/people.js';

const ben = sip('ben@contoso.example');
const contact = { uri: ben, name: 'Ben & Co', groups: [1], subscribed: true };

describe('ContactList', () => {
  test('numbers its changes without gaps', () => {
    const list = new ContactList(10);
    const start = list.deltaNumber;
    list.setContact(contact);
    list.addGroup('Bridge');
    list.deleteContact(sip('nobody@contoso.example'));
    list.deleteContact(ben);
    expect(list.deltaNumber).toBe(start + 3);
  });

  test('puts a contact of an unknown group into the default group', () => {
    const list = new ContactList(10);
    list.setContact({ ...contact, groups: [17] });
    expect(list.contacts.get(ben)?.groups).toEqual([1]);
  });

  test('moves contacts of a deleted group to the default group, which itself cannot be deleted', () => {
    const list = new ContactList(10);
    const added = list.addGroup('Team');
    list.setContact({ ...contact, groups: [2] });
    expect(added).toMatchObject({ ok: true, value: { kind: 'addedGroup', id: 2 } });
    expect(list.deleteGroup(2).ok).toBe(true);
    expect(list.contacts.get(ben)?.groups).toEqual([1]);
    expect(list.deleteGroup(1).ok).toBe(false);
  });

  test('refuses contacts and groups beyond its limits', () => {
    const list = new ContactList(1);
    list.setContact(contact);
    expect(list.setContact({ ...contact, uri: sip('cleo@contoso.example') }).ok).toBe(false);
    for (let count = 2; count <= 63; count += 1) expect(list.addGroup(`G${count}`).ok).toBe(true);
    expect(list.addGroup('one too many').ok).toBe(false);
  });

  test('is written with bare addresses in full and with sip: in deltas', () => {
    const list = new ContactList(10);
    const change = list.setContact(contact);
    expect(contactListDocument(list)).toContain('<contact uri="ben@contoso.example" name="Ben &amp; Co" groups="1"');
    expect(change.ok && contactDeltaDocument(change.value, list.deltaNumber)).toBe(
      '<contactDelta deltaNum="2" prevDeltaNum="1"><addedContact uri="sip:ben@contoso.example" name="Ben &amp; Co" groups="1" subscribed="true" externalURI=""/></contactDelta>',
    );
  });
});
