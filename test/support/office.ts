import { fileURLToPath } from 'node:url';
import type { PersonRecord } from '../../src/bridge/ports.js';
import { PEOPLE_VIEWS } from '../../src/notes/fields.js';
import { personItems } from '../../src/notes/items.js';
import { buildTemplate } from '../../src/notes/template/source/build.js';
import { createViewFeed, type DocumentViewFeed } from '../../src/notes/template/views/view-feed.js';
import type { Activity, Status } from '../../src/presence/availability.js';
import { type Snapshot, unknownSnapshot } from '../../src/presence/snapshot.js';
import { person } from './people.js';
import type { FakePerson } from './watched-people.js';

const DAY = Date.UTC(2026, 0, 5);
const MINUTE = 60_000;

/** Name, status, minutes after midnight since when, and what they do. */
type Member = readonly [name: string, status: Status, since: number, activity: Activity | ''];

const MEMBERS: readonly Member[] = [
  ['Amara Okafor', 'available', 521, ''],
  ['Ana Reyes', 'busy', 567, 'on-the-phone'],
  ['Benedikt Vogel', 'away', 535, ''],
  ['Chiara Ricci', 'available-idle', 560, ''],
  ['Daniel Weiß', 'do-not-disturb', 540, ''],
  ['Elif Yılmaz', 'available', 552, ''],
  ['Frank Petersen', 'offline', -386, 'out-of-office'],
  ['Grace Lindqvist', 'busy', 540, 'in-a-meeting'],
  ['Haruki Tanaka', 'available', 478, ''],
  ['Ingrid Sørensen', 'be-right-back', 569, ''],
  ['Jörg Müller-Hahn', 'busy-idle', 542, ''],
  ['Katarzyna Nowak', 'available', 570, ''],
  ['Liam O’Connor', 'do-not-disturb', 555, 'presenting'],
  ['María José García', 'away', 545, 'out-to-lunch'],
  ['Noor van den Berg', 'available', 510, ''],
  ['Olivia Brandt', 'busy', 527, ''],
  ['Pierre Lefèvre', 'offline', -358, ''],
  ['Rosa Altmann', 'available', 558, ''],
  ['Stefan Kowalczyk', 'unknown', 0, ''],
  ['Tomáš Dvořák', 'away', 551, ''],
  ['Yusuf Demir', 'available', 543, ''],
];

/** An office of twenty-one as documents, seen through the views of the real template. */
export class Office {
  readonly views: DocumentViewFeed;
  readonly #numbers = new Map<string, number>();
  readonly #statuses = new Map<string, Status>();
  readonly #people = new Map<string, FakePerson>();

  constructor(language: 'en' | 'de' = 'en') {
    const folder = fileURLToPath(new URL('../../nsf-templates/presence', import.meta.url));
    this.views = createViewFeed(buildTemplate({ folder, language }).dxl, {
      language,
      zone: 'UTC',
      views: PEOPLE_VIEWS,
    });
    for (const member of MEMBERS) this.put(...member);
  }

  /** Writes a person's document; with a note where the site shows notes. */
  put(name: string, status: Status, since: number, activity: Activity | '' = '', note = ''): void {
    const number = this.#numbers.get(name) ?? this.#numbers.size + 1;
    this.#numbers.set(name, number);
    const { uri, key } = person(`sip:person${number}@contoso.example`);
    const snapshot: Snapshot = {
      ...unknownSnapshot(uri, name),
      status,
      activity: activity === 'out-of-office' ? '' : activity,
      outOfOffice: activity === 'out-of-office',
      since: status === 'unknown' ? undefined : DAY + since * MINUTE,
      note,
    };
    const record: PersonRecord = {
      person: { uri, key, name: undefined, displayName: name },
      snapshot,
      observedAt: DAY + 570 * MINUTE,
      bridge: 'presence-01',
      epoch: 1,
      seq: 1,
      waitingSince: DAY + 570 * MINUTE,
    };
    this.#statuses.set(key, status);
    this.#people.set(name, { ...record.person, ...snapshot, observedAt: status === 'unknown' ? undefined : DAY });
    this.views.put(key, personItems(record, { notes: note !== '' }));
  }

  get people(): readonly FakePerson[] {
    return [...this.#people.values()];
  }

  get statuses(): readonly Status[] {
    return [...this.#statuses.values()];
  }
}
