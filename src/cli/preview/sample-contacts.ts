import { HOST_FIELDS, PROFILE_FORM, PROFILE_ITEMS } from '../../notes/fields.js';
import { namesItem } from '../../notes/item-access.js';
import type { Items } from '../../notes/item-value.js';
import { profileId } from './profile-id.js';
import { NAMESAKES } from './sample-office.js';
import { sampleUnid } from './sample-person.js';
import { PRESENCE_DATABASE } from './sample-servers.js';

type SampleDocument = readonly [unid: string, items: Items];

/** Form of the sample application. */
export const CONTACT_FORM = 'Contact';

/** Documents of the sample application, without what the pusher writes; and its profile, which names the presence database. */
export function contactDocuments(people: readonly string[]): SampleDocument[] {
  const profile: Items = {
    [PROFILE_ITEMS.form]: PROFILE_FORM,
    [PROFILE_ITEMS.server]: PRESENCE_DATABASE.server,
    [PROFILE_ITEMS.file]: PRESENCE_DATABASE.file,
    [PROFILE_ITEMS.chatScheme]: 'im',
    [PROFILE_ITEMS.contact]: 'helpdesk@contoso.example',
  };
  const contacts = contactRows(people).map(([subject, company, names]): SampleDocument => {
    const items = { Form: CONTACT_FORM, Subject: subject, Company: company, [HOST_FIELDS.person]: namesItem(names) };
    return [sampleUnid(`contact ${subject}`), items];
  });
  return [...contacts, [profileId(PROFILE_FORM), profile]];
}

type ContactRow = readonly [subject: string, company: string, people: readonly string[]];

/** Somebody at another company, and who in the office is to be asked about them: in all ways in which names are written. */
function contactRows(people: readonly string[]): readonly ContactRow[] {
  const person = (index: number): string => people[index] ?? '';
  const several = (...indexes: readonly number[]): string[] => indexes.map(person).filter((name) => name !== '');
  return [
    ['Amir Rahman', 'Wide World Importers', several(0)],
    ['Carla Costa', 'Fabrikam', several(2, 6, 7)],
    ['Emil Dahl', 'Northwind Traders', several(5)],
    ['Finn Jansen', 'Trey Research', [commonName(person(11))]],
    ['Grace Walsh', 'Tailspin Toys', several(14, 1)],
    ['Hugo Bernard', 'Lucerne Publishing', several(3)],
    // Both people of this name may be meant, so none is shown.
    ['Ines Moreau', 'Fourth Coffee', [commonName(person(NAMESAKES.first))]],
    ['Lars Nielsen', 'Adatum', ['CN=Nina Sommer/OU=Purchase/O=Contoso']],
    ['Mikko Laine', 'Proseware', several(9)],
    ['Olga Ivanov', 'Litware', ['sales@litware.example']],
    ['Petra Vogel', 'Wingtip Toys', [...several(16), 'CN=Nina Sommer/OU=Purchase/O=Contoso', ...several(8)]],
    ['Rosa Delgado', 'Woodgrove Bank', several(10)],
    // Their bridge is silent.
    ['Samir Haddad', 'Relecloud', several(people.length - 1)],
    ['Stefan Bauer', 'Southridge Video', several(4, 13)],
    ['Yara Silva', 'Alpine Ski House', several(15)],
  ];
}

function commonName(name: string): string {
  return /^CN=([^/]*)/i.exec(name)?.[1] ?? name;
}
