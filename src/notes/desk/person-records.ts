import type { NamedBy, PersonSubject } from '../../bridge/person-ports.js';
import type { LookUp } from '../../presence/directory.js';
import { BridgeError } from '../../presence/errors.js';
import { type NotesName, parseSipKey, parseSipUri, type SipUri, sipKeyOf } from '../../presence/ids.js';
import { abbreviated } from '../../presence/name-keys.js';
import { readName } from '../directory/names.js';
import { FORMS, PERSON_ITEMS } from '../fields.js';
import { textOf, textsOf } from '../item-access.js';
import type { Items } from '../item-value.js';
import { personKeyOf } from '../items.js';
import { nameKey } from './document-identity.js';
import type { ExportedDocument } from './export.js';

/** What was asked for, read. */
type Question =
  | { readonly kind: 'address'; readonly address: SipUri }
  | { readonly kind: 'name'; readonly name: NotesName }
  | { readonly kind: 'key'; readonly key: string }
  /** A common name, which may be several people's. */
  | { readonly kind: 'plain'; readonly text: string };

/**
 * Whom a text means, going by all documents and by what the directory says. Throws `DIRECTORY_NOBODY` or
 * `API_BAD_REQUEST` as `PersonDesk` says.
 */
export function subjectOf(who: string, documents: readonly ExportedDocument[], lookUp?: LookUp): PersonSubject {
  const question = read(who);
  const rows = lookUp === undefined || lookUp.outcome === 'not-found' ? [] : lookUp.rows;
  const addresses = new Set<SipUri>();
  const names = new Map<string, NotesName>();
  const otherNames = new Map<string, NotesName>();
  if (question.kind === 'address') {
    addresses.add(question.address);
    // The directory knows better whose mail address it is by now.
    if (rows.length === 0) for (const found of ownersOfMail(question.address, documents)) addresses.add(found);
  } else if (question.kind === 'name') names.set(nameKey(question.name), question.name);
  else for (const found of foundBy(question, documents, rows)) addresses.add(found);
  for (const row of rows.length === 1 ? rows : []) {
    // A mail address may be another than the SIP address.
    if (row.address !== undefined) addresses.add(row.address);
    if (row.name !== undefined) names.set(nameKey(row.name), row.name);
    for (const other of row.otherNames) otherNames.set(nameKey(other), other);
  }
  if (question.kind === 'name') for (const found of addressesOf(names, documents)) addresses.add(found);
  const isNamed = rows.length === 1 && rows[0]?.name !== undefined;
  for (const { form, items } of documents) {
    if (form !== FORMS.person || !addressesIn(items).some((one) => addresses.has(one))) continue;
    // A document may still bear the name of whoever had the address before.
    for (const [key, name] of namesIn(items, PERSON_ITEMS.name)) (isNamed ? otherNames : names).set(key, name);
    for (const [key, name] of namesIn(items, PERSON_ITEMS.otherNames)) otherNames.set(key, name);
  }
  for (const key of names.keys()) otherNames.delete(key);
  if (addresses.size === 0 && names.size === 0) throw nobody(who);
  return {
    who,
    addresses: [...addresses],
    keys: [...addresses].map(sipKeyOf),
    names: [...names.values()],
    otherNames: [...otherNames.values()],
  };
}

function read(who: string): Question {
  const text = who.trim();
  if (text === '' || text.length > 2_000) throw new BridgeError('API_BAD_REQUEST', 'A name or an address is missing.');
  const key = parseSipKey(text.toLowerCase());
  if (key.ok) return { kind: 'key', key: key.value };
  const name = readName(text);
  if (name !== undefined) return { kind: 'name', name: name.name };
  const address = parseSipUri(text);
  return address.ok ? { kind: 'address', address: address.value } : { kind: 'plain', text };
}

/** Addresses to which a key or a common name leads: of one person, or nothing is decided. */
function foundBy(
  question: Extract<Question, { readonly kind: 'key' | 'plain' }>,
  documents: readonly ExportedDocument[],
  rows: LookUp['rows'],
): readonly SipUri[] {
  const found = new Map<SipUri, string>();
  for (const { form, items } of documents) {
    if (form !== FORMS.person) continue;
    const matches =
      question.kind === 'key' ? personKeyOf(items) === question.key : bearsPlainName(items, question.text);
    if (!matches) continue;
    for (const address of addressesIn(items)) found.set(address, textOf(items, PERSON_ITEMS.name));
  }
  for (const { address, name } of rows) if (address !== undefined) found.set(address, name ?? '');
  const people = peopleOf(found);
  // Whoever has the name but no address, such as somebody who opted out, may be meant as well.
  for (const { address, name, candidates } of rows) {
    const isFound = candidates.some((candidate) => found.has(candidate.address));
    if (address === undefined && name !== undefined && !isFound) people.add(nameKey(name));
  }
  return onePerson(question.kind === 'key' ? 'This key' : 'This name', people.size, found);
}

/** Addresses of the person whose documents have this mail address; of nobody when it is somebody's SIP address. */
function ownersOfMail(mail: SipUri, documents: readonly ExportedDocument[]): readonly SipUri[] {
  const found = new Map<SipUri, string>();
  for (const { form, items } of documents) {
    if (form !== FORMS.person) continue;
    const addresses = addressesIn(items);
    if (addresses.includes(mail)) return [];
    if (!addressesIn(items, PERSON_ITEMS.mailAddresses).includes(mail)) continue;
    for (const address of addresses) found.set(address, textOf(items, PERSON_ITEMS.name));
  }
  return onePerson('This mail address', peopleOf(found).size, found);
}

/** Documents of one name with two addresses are one person's: the address has changed. */
function peopleOf(found: ReadonlyMap<SipUri, string>): Set<string> {
  return new Set([...found].map(([address, name]) => nameKey(name) || address));
}

function onePerson(what: string, people: number, found: ReadonlyMap<SipUri, string>): readonly SipUri[] {
  if (people <= 1) return [...found.keys()];
  const choice = [...found.keys()].slice(0, 5).join(', ');
  throw new BridgeError('API_BAD_REQUEST', `${what} leads to ${people} people; ask by address: ${choice}.`);
}

function bearsPlainName(items: Items, text: string): boolean {
  const plain = nameKey(text);
  if (nameKey(textOf(items, PERSON_ITEMS.displayName)) === plain) return true;
  return namesIn(items, PERSON_ITEMS.name).some(([, name]) => nameKey(abbreviated(name).split('/')[0] ?? '') === plain);
}

/** Addresses under which documents have one of these names: first as the present one, and only then as a former one. */
function addressesOf(names: ReadonlyMap<string, NotesName>, documents: readonly ExportedDocument[]): readonly SipUri[] {
  for (const item of [PERSON_ITEMS.name, PERSON_ITEMS.otherNames]) {
    const found = documents.flatMap(({ form, items }) =>
      form !== FORMS.optOut && namesIn(items, item).some(([key]) => names.has(key)) ? addressesIn(items) : [],
    );
    if (found.length > 0) return found;
  }
  return [];
}

function nobody(who: string): BridgeError {
  return new BridgeError('DIRECTORY_NOBODY', `No document and no directory has "${who.trim().slice(0, 100)}".`);
}

/** What of a document names the person, the strongest reason first; `undefined` when nothing does. */
export function namedBy({ items }: Pick<ExportedDocument, 'items'>, subject: PersonSubject): NamedBy | undefined {
  const addresses = new Set<string>(subject.addresses);
  if (addressesIn(items).some((one) => addresses.has(one))) return 'address';
  const key = textOf(items, PERSON_ITEMS.key).trim().toLowerCase();
  if (subject.keys.some((one) => one === key)) return 'address';
  const names = new Set(subject.names.map(nameKey));
  if (namesIn(items, PERSON_ITEMS.name).some(([one]) => names.has(one))) return 'name';
  const all = new Set([...names, ...subject.otherNames.map(nameKey)]);
  const named = [...namesIn(items, PERSON_ITEMS.name), ...namesIn(items, PERSON_ITEMS.otherNames)];
  return named.some(([one]) => all.has(one)) ? 'other-name' : undefined;
}

/** Why a document that names the person stays when the person is erased; `undefined` when it goes. */
export function keptBecause(
  document: Pick<ExportedDocument, 'form' | 'items'>,
  by: NamedBy,
  subject: PersonSubject,
): string | undefined {
  if (document.form === FORMS.optOut) return 'it keeps the person from being shown';
  if (by === 'other-name') return 'only a former name agrees; ask by its address if it is the same person';
  if (document.form !== FORMS.mapping && document.form !== FORMS.consent) return undefined;
  const ours = new Set([...subject.names, ...subject.otherNames].map(nameKey));
  const others = textsOf(document.items, PERSON_ITEMS.name).filter((name) => !ours.has(nameKey(name)));
  if (others.every((name) => name.trim() === '')) return undefined;
  return document.form === FORMS.mapping ? 'it maps somebody else too' : 'it is the consent of somebody else too';
}

function addressesIn(items: Items, item: string = PERSON_ITEMS.address): readonly SipUri[] {
  return textsOf(items, item).flatMap((text) => {
    const address = parseSipUri(text);
    return address.ok ? [address.value] : [];
  });
}

function namesIn(items: Items, item: string): readonly (readonly [key: string, name: NotesName])[] {
  return textsOf(items, item).flatMap((text) => {
    const name = readName(text);
    return name === undefined ? [] : [[name.key, name.name] as const];
  });
}
