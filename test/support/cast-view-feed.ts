import type { PlacedRow, ViewCell, ViewDescription, ViewFeed } from '../../src/bridge/ports.js';
import { drawIcons } from '../../src/notes/template/icons/draw.js';
import { rankOf, type Status } from '../../src/presence/availability.js';

/** Somebody of an office day, as the template's view shows people. */
export interface CastMember {
  readonly name: string;
  readonly status: Status;
  /** `Available`, `Busy, on the phone`. */
  readonly text: string;
  readonly since: string;
  readonly icon?: string;
  readonly outOfOffice?: true;
}

const PEOPLE: readonly CastMember[] = [
  { name: 'Amara Okafor', status: 'available', text: 'Available', since: '2026-01-05 08:41' },
  { name: 'Ana Reyes', status: 'busy', text: 'Busy, on the phone', since: '2026-01-05 09:27', icon: 'on-the-phone' },
  { name: 'Benedikt Vogel', status: 'away', text: 'Away', since: '2026-01-05 08:55' },
  { name: 'Chiara Ricci', status: 'available-idle', text: 'Available (inactive)', since: '2026-01-05 09:20' },
  { name: 'Daniel Weiß', status: 'do-not-disturb', text: 'Do not disturb', since: '2026-01-05 09:00' },
  { name: 'Elif Yılmaz', status: 'available', text: 'Available', since: '2026-01-05 09:12' },
  { name: 'Frank Petersen', status: 'offline', text: 'Offline', since: '2026-01-02 17:34', outOfOffice: true },
  {
    name: 'Grace Lindqvist',
    status: 'busy',
    text: 'Busy, in a meeting',
    since: '2026-01-05 09:00',
    icon: 'in-a-meeting',
  },
  { name: 'Haruki Tanaka', status: 'available', text: 'Available', since: '2026-01-05 07:58' },
  { name: 'Ingrid Sørensen', status: 'be-right-back', text: 'Be right back', since: '2026-01-05 09:29' },
  { name: 'Jörg Müller-Hahn', status: 'busy-idle', text: 'Busy (inactive)', since: '2026-01-05 09:02' },
  { name: 'Katarzyna Nowak', status: 'available', text: 'Available', since: '2026-01-05 09:30' },
  {
    name: 'Liam O’Connor',
    status: 'do-not-disturb',
    text: 'Do not disturb, presenting',
    since: '2026-01-05 09:15',
    icon: 'presenting',
  },
  { name: 'María José García', status: 'away', text: 'Away, out to lunch', since: '2026-01-05 09:05' },
  { name: 'Noor van den Berg', status: 'available', text: 'Available', since: '2026-01-05 08:30' },
  { name: 'Olivia Brandt', status: 'busy', text: 'Busy', since: '2026-01-05 08:47' },
  { name: 'Pierre Lefèvre', status: 'offline', text: 'Offline', since: '2026-01-04 18:02' },
  { name: 'Rosa Altmann', status: 'available', text: 'Available', since: '2026-01-05 09:18' },
  { name: 'Stefan Kowalczyk', status: 'unknown', text: 'Unknown', since: '' },
  { name: 'Tomáš Dvořák', status: 'away', text: 'Away', since: '2026-01-05 09:11' },
  { name: 'Yusuf Demir', status: 'available', text: 'Available', since: '2026-01-05 09:03' },
];

const ICONS = drawIcons();
const LABELS: Readonly<Record<string, string>> = {
  'on-the-phone': 'Busy, on the phone',
  'in-a-meeting': 'Busy, in a meeting',
};

/** An office of twenty with the columns and icons of the real template, for looking at the board. */
export class CastViewFeed implements ViewFeed {
  readonly #people = new Map(PEOPLE.map((person) => [person.name, person]));
  readonly #listeners = new Set<(ids: ReadonlySet<string>) => void>();

  get people(): readonly CastMember[] {
    return [...this.#people.values()];
  }

  put(person: CastMember): void {
    this.#people.set(person.name, person);
    for (const listener of this.#listeners) listener(new Set([person.name]));
  }

  views(): readonly ViewDescription[] {
    const columns = [
      { title: '', kind: 'icon', width: 3 },
      { title: 'Name', kind: 'text', width: 28 },
      { title: 'Status', kind: 'text', width: 32 },
      { title: 'Since', kind: 'text', width: 16 },
      { title: 'Out of office', kind: 'icon', width: 12 },
    ] as const;
    return [
      { id: 'People', title: 'People', columns, categorized: false },
      { id: 'ByStatus', title: 'By status', columns, categorized: true },
    ];
  }

  rows(view: string): readonly PlacedRow[] {
    const categorized = view === 'ByStatus';
    const byName = this.people.toSorted((a, b) => a.name.localeCompare(b.name));
    const sorted = categorized ? byName.toSorted((a, b) => rankOf(a.status) - rankOf(b.status)) : byName;
    return sorted.map((person) => ({
      id: person.name,
      category: categorized ? (person.text.split(',')[0] ?? '') : '',
      cells: cellsOf(person),
    }));
  }

  image(name: string): { readonly type: string; readonly data: Buffer } | undefined {
    const data = ICONS.get(name);
    return data && { type: 'image/gif', data };
  }

  onChange(listener: (ids: ReadonlySet<string>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function cellsOf({ name, status, text, since, icon = status, outOfOffice }: CastMember): ViewCell[] {
  return [
    { kind: 'icon', image: `presence-${icon}.gif`, label: LABELS[icon] ?? text },
    { kind: 'text', text: name },
    { kind: 'text', text },
    { kind: 'text', text: since },
    outOfOffice
      ? { kind: 'icon', image: 'presence-out-of-office.gif', label: 'Out of office' }
      : { kind: 'icon', image: '', label: '' },
  ];
}
