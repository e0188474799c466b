import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Person } from '../../../src/bridge/ports.js';
import { PersonIndex } from '../../../src/bridge/runtime/person-index.js';
import { notesName, person, rosterOf } from '../../support/people.js';

const ana: Person = {
  ...person('sip:ana@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso'),
  otherNames: [notesName('CN=Ana Smith/OU=Sales/O=Contoso')],
  mailAddresses: ['ana.reyes@mail.example'],
};
const mueller = person('sip:jm@contoso.example', 'CN=Jörg Müller/O=Contoso');
const muller = person('sip:jmuller@contoso.example', 'CN=Jorg Muller/O=Contoso');
const ana2 = person('sip:ana@fabrikam.example', 'CN=Ana Reyes/O=Fabrikam');
const nameless = person('sip:reception@contoso.example');

function indexOf(...people: Person[]): PersonIndex {
  const index = new PersonIndex();
  index.take(rosterOf(people));
  return index;
}
const found = (uri: string) => expect.objectContaining({ outcome: 'found', uri });
const ambiguous = (...uris: string[]) => ({ outcome: 'ambiguous', by: 'common-name', uris });

describe('PersonIndex', () => {
  const index = indexOf(ana, mueller, muller, ana2, nameless);

  test.each([
    'CN=Ana Reyes/OU=Sales/O=Contoso',
    'cn=ana reyes/ou=sales/o=contoso',
    'Ana Reyes/Sales/Contoso',
    '  ana  reyes / SALES/contoso ',
    'Ana Reyes/Sales/Contoso@Contoso',
    'Ana Smith/Sales/Contoso',
    'sip:ana@contoso.example',
    'SIP:Ana@Contoso.Example',
    'ana@contoso.example',
    'mailto:ana.reyes@mail.example',
    'Ana.Reyes@mail.example',
    'ana smith',
    'CN=Ana Smith',
  ])('"%s" is Ana', (text) => {
    expect(index.resolve(text)).toEqual(found('sip:ana@contoso.example'));
  });

  test.each([
    ['Ana Reyes/Sales/Contoso', 'notes-name'],
    ['Ana Smith/Sales/Contoso', 'other-name'],
    ['ana@contoso.example', 'address'],
    ['ana.reyes@mail.example', 'mail-address'],
    ['Ana Smith', 'common-name'],
  ])('"%s" is her %s', (text, by) => {
    expect(index.resolve(text)).toEqual({ outcome: 'found', by, uri: 'sip:ana@contoso.example' });
  });

  test('a common name that two people have is ambiguous', () => {
    expect(index.resolve('Ana Reyes')).toEqual(ambiguous('sip:ana@contoso.example', 'sip:ana@fabrikam.example'));
  });

  test('an accent makes another name, however it is composed', () => {
    expect(index.resolve('Jörg Müller')).toEqual(found('sip:jm@contoso.example'));
    expect(index.resolve('Jo\u0308rg Mu\u0308ller/Contoso')).toEqual(found('sip:jm@contoso.example'));
    expect(index.resolve('jorg muller')).toEqual(found('sip:jmuller@contoso.example'));
    expect(index.resolve('Jörg Muller')).toEqual({ outcome: 'not-found' });
  });

  test.each(['', '  ', 'a\u0000b', 'x'.repeat(1025)])('%j is no name', (text) => {
    expect(index.resolve(text)).toEqual({ outcome: 'not-a-name' });
  });

  test.each(['*', 'Ana', 'Ana%', 'Ana Reyes/*', '@', '/', 'constructor', '__proto__', 'sip:', 'a/b@c'])(
    '"%s" is nobody',
    (text) => {
      expect(index.resolve(text)).toEqual({ outcome: 'not-found' });
    },
  );

  test('a present name goes before a previous one that somebody else had', () => {
    const heir = person('sip:heir@contoso.example', 'CN=Ana Smith/OU=Sales/O=Contoso');
    expect(indexOf(ana, heir).resolve('Ana Smith/Sales/Contoso')).toEqual(found('sip:heir@contoso.example'));
    expect(indexOf(ana, heir).resolve('Ana Smith')).toEqual(
      ambiguous('sip:ana@contoso.example', 'sip:heir@contoso.example'),
    );
  });

  test('people who opted out are nobody, and no reason tells that they did', () => {
    const closed = new PersonIndex();
    closed.take(rosterOf([ana], [ana]));
    expect(closed.resolve('ana@contoso.example')).toEqual({ outcome: 'not-found' });
  });

  test('after any rosters it answers as if it knew only the newest', () => {
    const names = ['CN=A/O=X', 'CN=A/O=Y', 'CN=B/O=X'];
    const someone = fc.record({
      slot: fc.nat(3),
      name: fc.option(fc.nat(2)),
      other: fc.option(fc.nat(2)),
      mail: fc.nat(2),
    });
    const roster = fc.array(someone, { maxLength: 5 }).map((list) => {
      const people = list.map(
        ({ slot, name, other, mail }): Person => ({
          ...person(`sip:p${slot}@x.example`, name === null ? undefined : names[name]),
          ...(other === null ? {} : { otherNames: [notesName(names[other] ?? '')] }),
          ...(mail === 0 ? {} : { mailAddresses: [`m${mail}@x.example`] }),
        }),
      );
      return rosterOf([...new Map(people.map((one) => [one.uri, one])).values()]);
    });
    const questions = [...names, 'A', 'B', 'm1@x.example', 'm2@x.example', 'p0@x.example', 'sip:p3@x.example'];
    fc.assert(
      fc.property(fc.array(roster, { minLength: 1, maxLength: 5 }), (rosters) => {
        const kept = new PersonIndex();
        for (const one of rosters) {
          kept.take(one);
          kept.resolve('A');
        }
        const fresh = new PersonIndex();
        fresh.take(rosters.at(-1) ?? rosterOf([]));
        expect(questions.map((text) => kept.resolve(text))).toEqual(questions.map((text) => fresh.resolve(text)));
      }),
    );
  });
});
