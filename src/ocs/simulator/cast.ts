import { type NotesName, parseNotesName, parseSipUri, type SipUri } from '../../presence/ids.js';
import type { Result } from '../../presence/result.js';
import { DEPARTMENTS, FAMILY_NAMES, GIVEN_NAMES, LEADING_CAST } from './cast-names.js';
import type { SimulatorAccount } from './options.js';
import { seeded } from './seeded.js';

/** How somebody spends the day. */
export const HABITS = ['office', 'home-office', 'travelling', 'vacation'] as const;
export type Habit = (typeof HABITS)[number];

/** One made-up colleague. */
export interface CastMember {
  readonly uri: SipUri;
  readonly displayName: string;
  readonly notesName: NotesName;
  /** Account name: the part of the address before `@`. */
  readonly user: string;
  readonly department: string;
  readonly habit: Habit;
}

const DEFAULT_SIZE = 24;

/** One round of habits: one in 24 travels (out of office), one is on vacation, a quarter works at home. */
const HABIT_ROUND: readonly Habit[] = Array.from({ length: 24 }, (_, index): Habit => {
  if (index === 10) return 'travelling';
  if (index === 18) return 'vacation';
  return index % 4 === 1 ? 'home-office' : 'office';
});

/** Letters that do not fall apart into a base letter and an accent, and German umlauts as Germans write them. */
const SPELLED: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  ı: 'i',
  æ: 'ae',
};

/**
 * The first `count` people of the cast: the same for the same arguments, and a longer cast begins with the shorter one.
 * Addresses are ASCII and unique; display names and Notes names keep their accents.
 */
export function castOf(count: number = DEFAULT_SIZE, domain = 'contoso.example', seed = 1): readonly CastMember[] {
  const organization = capitalized(domain.split('.')[0] ?? domain);
  const taken = new Set<string>();
  const names = nameSequence(seed);
  return Array.from({ length: count }, (_, index) => {
    const [given, family, department] = LEADING_CAST[index] ?? names();
    const base = `${asciiOf(given)}.${asciiOf(family)}`;
    let number = 1;
    while (taken.has(numbered(base, number))) number += 1;
    const user = numbered(base, number);
    taken.add(user);
    const displayName = number === 1 ? `${given} ${family}` : `${given} ${family} ${number}`;
    return {
      uri: usable(parseSipUri(`sip:${user}@${domain}`)),
      displayName,
      notesName: usable(parseNotesName(`CN=${displayName}/OU=${department}/O=${organization}`)),
      user,
      department,
      habit: HABIT_ROUND[index % HABIT_ROUND.length] ?? 'office',
    };
  });
}

/** An account for a member of the cast. */
export function accountOf(member: CastMember, windowsDomain: string, password: string): SimulatorAccount {
  return { uri: member.uri, user: member.user, domain: windowsDomain, password, displayName: member.displayName };
}

/** Walks through all pairs of given and family names in a mixed order, then begins again. */
function nameSequence(seed: number): () => readonly [given: string, family: string, department: string] {
  const random = seeded(seed);
  const pairs = GIVEN_NAMES.length * FAMILY_NAMES.length;
  const offset = Math.floor(random() * pairs);
  let step = 0;
  return () => {
    // 7919 is prime and divides neither list's length, so that every pair comes once per round.
    const at = (offset + step * 7919) % pairs;
    step += 1;
    const department = DEPARTMENTS[Math.floor(random() * DEPARTMENTS.length)] ?? DEPARTMENTS[0];
    return [
      GIVEN_NAMES[at % GIVEN_NAMES.length] ?? '',
      FAMILY_NAMES[Math.floor(at / GIVEN_NAMES.length)] ?? '',
      department,
    ];
  };
}

function asciiOf(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^a-z]/gu, (letter) => SPELLED[letter] ?? letter)
    .normalize('NFD')
    .replace(/[^a-z]/g, '');
}

function numbered(base: string, number: number): string {
  return number === 1 ? base : `${base}${number}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function usable<T>(result: Result<T>): T {
  if (!result.ok) throw new RangeError(`the domain of the cast is not usable: ${result.reason}`);
  return result.value;
}
