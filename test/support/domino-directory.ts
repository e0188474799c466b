import type { DirectoryEntries, DirectoryEntry, GroupEntry, OptOutEntry } from '../../src/notes/directory/entry.js';
import type { DirectorySettings } from '../../src/notes/directory/resolved.js';
import type { DirectoryRule, MappingOutcome } from '../../src/presence/directory.js';
import { seededRandom } from './simulated-clock.js';

/** What the report must say of one person. Written down while the trap is laid, not worked out from the entries. */
export interface ExpectedRow {
  /** Canonical name, or what is shown instead. */
  readonly who: string;
  readonly outcome: MappingOutcome;
  readonly address: string | undefined;
  readonly rule: DirectoryRule | undefined;
  readonly otherNames: readonly string[];
  readonly watched: boolean;
  /** Texts that must find this row. */
  readonly spellings: readonly string[];
}

export interface GeneratedDirectory {
  readonly entries: DirectoryEntries;
  readonly settings: DirectorySettings;
  readonly expected: readonly ExpectedRow[];
  /** Texts that must find nobody for sure, and what they must be answered with. */
  readonly unsure: readonly (readonly [text: string, outcome: 'ambiguous' | 'not-found'])[];
  /** Number of Person documents. */
  readonly documents: number;
}

const FIRST = ['Ana', 'Ben', 'Cem', 'Dörte', 'Eva', 'Frank', 'Gina', 'Heidi', 'Ivan', 'José', 'Käthe', 'Łukasz', 'Zoë'];
const LAST = [
  'Reyes',
  'Okoro',
  'Aydin',
  'Müller',
  'Klein',
  'Moore',
  "O'Neil",
  'Núñez',
  'Weiß',
  'Ångström',
  'de la Cruz',
];
const UNITS = ['Sales', 'Support', 'Research', 'Works Council', 'Field Service', 'Buchhaltung'];
/** Units whose members are watched. */
const WATCHED = new Set(['Sales', 'Field Service', 'Research']);
const DOMAIN = 'contoso.example';

interface Who {
  readonly common: string;
  readonly unit: string;
  readonly canonical: string;
  readonly abbreviated: string;
  readonly address: string;
}

type Trap = (builder: Builder) => void;

/** Traps, and how often each is laid among a thousand documents or so. */
const TRAPS: readonly (readonly [weight: number, trap: Trap])[] = [
  [400, sipItem],
  [150, mailOnly],
  [40, spelledOddly],
  [40, foreignMail],
  [30, noAddress],
  [20, brokenSipItem],
  [20, severalAddresses],
  [10, severalButMapped],
  [15, sharedAddress],
  [8, sharedButListed],
  [10, twoDocumentsDiffer],
  [10, twoDocumentsAgree],
  [8, twoDocumentsButConfigured],
  [30, sameCommonName],
  [30, renamed],
  [15, renamedAndListedUnderOldName],
  [10, oldNameTaken],
  [8, oldNameOfTwo],
  [25, doubleBlank],
  [25, decomposed],
  [15, country],
  [10, notesDomain],
  [8, nameless],
  [8, commonNameOnly],
  [10, optedOutByName],
  [8, optedOutByAddress],
  [8, optedOutByGroup],
  [6, optedOutByWildcard],
];

/** A Domino Directory with the mistakes that real ones have. The same seed gives the same directory. */
export function generateDirectory(documents: number, seed: number): GeneratedDirectory {
  const builder = new Builder(seed);
  const total = TRAPS.reduce((sum, [weight]) => sum + weight, 0);
  // Each trap at least once, also in a small directory.
  for (const [, trap] of TRAPS) trap(builder);
  while (builder.documents < documents) {
    // Other traps may take several documents.
    const trap = documents - builder.documents < 4 ? sipItem : trapAt(builder.unit() * total);
    trap(builder);
  }
  return builder.finish();
}

function trapAt(place: number): Trap {
  let left = place;
  for (const [weight, trap] of TRAPS) {
    if (left < weight) return trap;
    left -= weight;
  }
  return sipItem;
}

/** As Notes has it: there is no capital ß, and Weiß and Weiss are two names. */
function capitals(text: string): string {
  return text.replace(/[^ß]+/g, (part) => part.toUpperCase());
}

class Builder {
  readonly unit: () => number;
  documents = 0;
  readonly people: DirectoryEntry[] = [];
  readonly optOuts: OptOutEntry[] = [];
  readonly optOutPeople: string[] = [];
  readonly optOutMembers: string[] = [];
  readonly expected: ExpectedRow[] = [];
  readonly unsure: (readonly [string, 'ambiguous' | 'not-found'])[] = [];
  readonly #members = new Map<string, string[]>();
  #number = 0;

  constructor(seed: number) {
    this.unit = seededRandom(seed).unit;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.unit() * list.length)] as T;
  }

  /** Somebody new. The number keeps names apart, as middle initials do. */
  who(changes: { readonly common?: string; readonly unit?: string } = {}): Who {
    const number = ++this.#number;
    const common = changes.common ?? `${this.pick(FIRST)} ${number.toString(36).toUpperCase()}. ${this.pick(LAST)}`;
    const unit = changes.unit ?? this.pick(UNITS);
    return {
      common,
      unit,
      canonical: `CN=${common}/OU=${unit}/O=Contoso`,
      abbreviated: `${common}/${unit}/Contoso`,
      address: `p${number}@${DOMAIN}`,
    };
  }

  document(names: readonly string[], sip: readonly string[], mail: readonly string[] = [], displayName = ''): void {
    const addresses = [
      ...sip.map((text) => ({ rule: 'sip-item' as const, text })),
      ...mail.map((text) => ({ rule: 'internet-address' as const, text })),
    ];
    this.people.push({ origin: `Person document ${++this.documents}`, names, addresses, displayName });
  }

  entry(rule: DirectoryRule, names: readonly string[], address: string): void {
    this.people.push({
      origin: `${rule} ${this.people.length}`,
      names,
      addresses: [{ rule, text: address }],
      displayName: '',
    });
  }

  /** `member`: how the groups spell the name. */
  expect(who: Who, outcome: MappingOutcome, more: Partial<ExpectedRow> = {}, member = who.canonical): void {
    if (WATCHED.has(who.unit)) this.#members.set(who.unit, [...(this.#members.get(who.unit) ?? []), member]);
    const mapped = outcome === 'mapped';
    const row: ExpectedRow = {
      who: who.canonical,
      outcome,
      address: mapped ? `sip:${who.address}` : undefined,
      rule: 'sip-item',
      otherNames: [],
      watched: mapped && WATCHED.has(who.unit),
      spellings: [who.canonical, capitals(who.abbreviated)],
      ...more,
    };
    this.expected.push(row);
  }

  finish(): GeneratedDirectory {
    const [sales = [], field = [], research = []] = [...WATCHED].map((unit) => this.#members.get(unit));
    const groups: GroupEntry[] = [
      { origin: 'group 1', names: ['Watched'], members: ['Sales Staff', 'Inner  circle', 'No such group'] },
      // Sales by a wildcard, the others name by name, over two groups of one name and a circle.
      { origin: 'group 2', names: ['Sales Staff'], members: ['*/Sales/Contoso', ...sales.slice(0, 5)] },
      { origin: 'group 3', names: ['inner circle'], members: ['Deeper/Groups', ...field] },
      { origin: 'group 4', names: ['Deeper/Groups'], members: ['Inner Circle', 'Watched', ...research.slice(1)] },
      { origin: 'group 5', names: ['CN=Deeper/O=Groups'], members: research.slice(0, 1) },
      { origin: 'group 6', names: ['Shy'], members: ['Shy Inner'] },
      { origin: 'group 7', names: ['Shy Inner'], members: ['shy', ...this.optOutMembers] },
    ];
    return {
      entries: { people: shuffled(this.people, this.unit), groups: shuffled(groups, this.unit), optOuts: this.optOuts },
      settings: {
        rules: ['mapping', 'people', 'csv', 'sip-item', 'internet-address'],
        domains: ['Contoso.example'],
        groups: ['watched'],
        optOut: { people: [...this.optOutPeople, '*/Leavers/Contoso'], groups: ['SHY'] },
      },
      expected: this.expected,
      unsure: [...this.unsure, ['Nobody Atall/Sales/Contoso', 'not-found'], ['nobody@fabrikam.example', 'not-found']],
      documents: this.documents,
    };
  }
}

function sipItem(b: Builder): void {
  const who = b.who();
  b.document([who.canonical, who.common], [`sip:${who.address}`], [`mail.${who.address}`]);
  b.expect(who, 'mapped', { spellings: [who.canonical, `mail.${who.address}`, `SIP:${who.address.toUpperCase()}`] });
  b.unsure.push([who.common, 'ambiguous']);
}

function mailOnly(b: Builder): void {
  const who = b.who();
  b.document([who.canonical], [], [who.address]);
  b.expect(who, 'mapped', { rule: 'internet-address' });
}

function spelledOddly(b: Builder): void {
  const who = b.who();
  const text = b.pick([` SIP:${who.address.toUpperCase()} `, `<sip:${who.address};transport=tls>`, who.address]);
  b.document([`  cn=${who.common} / ou=${who.unit}/o=Contoso `], [text]);
  b.expect(who, 'mapped', {}, who.abbreviated.toLowerCase());
}

function foreignMail(b: Builder): void {
  const who = b.who();
  b.document([who.canonical], [], [`${who.address}.fabrikam.example`]);
  b.expect(who, 'unmapped', { rule: undefined });
}

function noAddress(b: Builder): void {
  const who = b.who();
  b.document([who.canonical, who.common, 'short'], [''], ['  ']);
  b.expect(who, 'unmapped', { rule: undefined });
}

function brokenSipItem(b: Builder): void {
  const who = b.who();
  b.document([who.canonical], ['n/a', 'tel:+15550100'], [`"${who.common}" <${who.address}>`]);
  b.expect(who, 'mapped', { rule: 'internet-address' });
}

function severalAddresses(b: Builder): void {
  const who = b.who();
  b.document([who.canonical], [`sip:${who.address}`, `sip:old.${who.address}`]);
  b.expect(who, 'ambiguous');
}

function severalButMapped(b: Builder): void {
  const who = b.who();
  b.document([who.canonical], [`sip:${who.address}`, `sip:old.${who.address}`]);
  b.entry('mapping', [capitals(who.abbreviated)], who.address);
  b.expect(who, 'mapped', { rule: 'mapping' });
}

function sharedAddress(b: Builder): void {
  const shared = b.who().address;
  for (const by of [0, 1, 2].slice(b.unit() < 0.5 ? 1 : 0)) {
    const who = b.who();
    b.document([who.canonical], by === 2 ? [shared] : [], [shared]);
    b.expect(who, 'double', { rule: by === 2 ? 'sip-item' : 'internet-address' });
  }
}

function sharedButListed(b: Builder): void {
  const [owner, other] = [b.who(), b.who()];
  b.document([owner.canonical], [], [owner.address]);
  b.document([other.canonical], [owner.address]);
  b.entry('csv', [owner.abbreviated], owner.address);
  b.expect(owner, 'mapped', { rule: 'csv', spellings: [owner.canonical, owner.address] });
  b.expect(other, 'double');
}

function twoDocumentsDiffer(b: Builder): void {
  const who = b.who();
  b.document([who.canonical], [`sip:${who.address}`]);
  b.document([capitals(who.abbreviated)], [], [`other.${who.address}`]);
  b.expect(who, 'ambiguous');
}

function twoDocumentsAgree(b: Builder): void {
  const who = b.who();
  b.document([who.canonical], [`sip:${who.address}`]);
  b.document([who.abbreviated.toLowerCase()], [], [who.address]);
  b.expect(who, 'mapped');
}

function twoDocumentsButConfigured(b: Builder): void {
  const who = b.who();
  b.document([who.canonical], [`sip:${who.address}`]);
  b.document([who.canonical], [`sip:other.${who.address}`]);
  b.entry('people', [who.canonical], who.address);
  // The list in the configuration is watched whatever the groups say.
  b.expect(who, 'mapped', { rule: 'people', watched: true });
}

function sameCommonName(b: Builder): void {
  const first = b.who({ unit: 'Sales' });
  const second = b.who({ unit: 'Support', common: first.common });
  for (const who of [first, second]) {
    b.document([who.canonical, who.common], [`sip:${who.address}`]);
    b.expect(who, 'mapped');
  }
  b.unsure.push([first.common, 'ambiguous'], [`CN=${first.common}`, 'ambiguous']);
}

function renamed(b: Builder): void {
  const who = b.who();
  const before = b.who({ unit: who.unit });
  b.document([who.canonical, before.canonical, who.common], [`sip:${who.address}`]);
  b.expect(who, 'mapped', { otherNames: [before.canonical], spellings: [who.canonical, before.abbreviated] });
}

function renamedAndListedUnderOldName(b: Builder): void {
  const who = b.who();
  const before = b.who({ unit: who.unit });
  b.document([who.canonical, before.canonical], []);
  b.entry('csv', [before.abbreviated], who.address);
  b.expect(who, 'mapped', { rule: 'csv', otherNames: [before.canonical] }, before.abbreviated);
}

function oldNameTaken(b: Builder): void {
  const [who, newcomer] = [b.who(), b.who()];
  b.document([who.canonical, newcomer.canonical], [`sip:${who.address}`]);
  b.document([newcomer.canonical], [`sip:${newcomer.address}`]);
  b.expect(who, 'mapped');
  b.expect(newcomer, 'mapped');
}

function oldNameOfTwo(b: Builder): void {
  const [one, two, before] = [b.who(), b.who(), b.who()];
  for (const who of [one, two]) {
    b.document([who.canonical, before.canonical], [`sip:${who.address}`]);
    b.expect(who, 'mapped');
  }
  b.unsure.push([before.canonical, 'ambiguous'], [before.common, 'ambiguous']);
}

function doubleBlank(b: Builder): void {
  const who = b.who({ unit: 'Field Service' });
  b.document([who.canonical.replace('Field Service', 'Field  Service').replace(' ', '\u00a0')], []);
  b.entry('mapping', [who.abbreviated.replace('Field Service', ' FIELD   SERVICE ')], who.address);
  b.expect(who, 'mapped', { rule: 'mapping' }, who.abbreviated.replace(' ', '\t'));
}

function decomposed(b: Builder): void {
  const who = b.who();
  const umlaut = { ...who, canonical: who.canonical.replace('CN=', 'CN=Jürgen ').normalize('NFD') };
  b.document([umlaut.canonical], []);
  b.entry('csv', [`JÜRGEN ${who.abbreviated}`.normalize('NFC')], who.address);
  const spellings = [umlaut.canonical.normalize('NFC'), capitals(umlaut.canonical)];
  b.expect(umlaut, 'mapped', { rule: 'csv', spellings }, `Jürgen ${who.abbreviated}`.normalize('NFC'));
}

function country(b: Builder): void {
  const who = b.who({ unit: 'Buchhaltung' });
  const german = { ...who, canonical: `${who.canonical}/C=DE`, abbreviated: `${who.abbreviated}/DE` };
  b.document([german.canonical], []);
  b.entry('csv', [german.abbreviated.toLowerCase()], who.address);
  b.expect(german, 'mapped', { rule: 'csv' });
  b.unsure.push([who.canonical, 'not-found']);
}

function notesDomain(b: Builder): void {
  const who = b.who();
  b.document([`${who.canonical}@Contoso`], []);
  b.entry('mapping', [`${who.abbreviated}@Contoso @Fabrikam`], who.address);
  const spellings = [`${who.abbreviated}@CONTOSO`, who.canonical];
  b.expect(who, 'mapped', { rule: 'mapping', spellings }, `${who.canonical}@Contoso`);
}

function nameless(b: Builder): void {
  const who = b.who({ unit: 'Support' });
  b.document(['', '   '], [`sip:${who.address}`], [], who.common);
  b.expect({ ...who, canonical: who.common }, 'mapped', { spellings: [who.address] });
  b.unsure.push(['', 'not-found'], ['  ', 'not-found']);
}

function commonNameOnly(b: Builder): void {
  const who = b.who();
  const plain = b.who({ unit: 'Support', common: who.common });
  b.document([who.canonical], [`sip:${who.address}`]);
  b.document([who.common], [`sip:${plain.address}`]);
  // A list with nothing but the common name says nothing about either.
  const listed = b.who({ unit: 'Support' });
  b.entry('csv', [who.common], listed.address);
  b.expect(who, 'mapped');
  b.expect({ ...plain, canonical: who.common }, 'mapped', { spellings: [plain.address] });
  b.expect({ ...listed, canonical: who.common }, 'mapped', { rule: 'csv', spellings: [listed.address] });
}

function optedOutByName(b: Builder): void {
  const who = b.who();
  b.document([who.canonical], [`sip:${who.address}`]);
  b.optOutPeople.push(b.pick([capitals(who.abbreviated), `${who.abbreviated} @Contoso`, who.canonical]));
  b.expect(who, 'opted-out');
}

function optedOutByAddress(b: Builder): void {
  const who = b.who();
  b.document([who.canonical], [], [who.address]);
  b.optOuts.push({ origin: `opt-out ${b.optOuts.length}`, names: [], addresses: [`SIP:${who.address.toUpperCase()}`] });
  b.expect(who, 'opted-out', { rule: 'internet-address' });
}

function optedOutByGroup(b: Builder): void {
  const who = b.who();
  b.document([who.canonical], [`sip:${who.address}`]);
  b.entry('mapping', [who.canonical], `sip:${who.address}`);
  b.optOutMembers.push(who.abbreviated.replaceAll(' ', '  '));
  b.expect(who, 'opted-out', { rule: 'mapping' });
}

function optedOutByWildcard(b: Builder): void {
  const who = b.who({ unit: 'Leavers' });
  b.document([who.canonical], [`sip:${who.address}`]);
  b.expect(who, 'opted-out');
}

/** Fisher and Yates. */
export function shuffled<T>(list: readonly T[], unit: () => number): T[] {
  const result = [...list];
  for (let index = result.length - 1; index > 0; index--) {
    const other = Math.floor(unit() * (index + 1));
    [result[index], result[other]] = [result[other] as T, result[index] as T];
  }
  return result;
}
