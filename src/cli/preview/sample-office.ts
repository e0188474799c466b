import { CONFLICT_ITEM } from '../../notes/fields.js';
import { type CastMember, castOf } from '../../ocs/simulator/cast.js';
import { seeded } from '../../ocs/simulator/seeded.js';
import { parseNotesName, parseSipUri } from '../../presence/ids.js';
import type { DocumentTable } from './document-table.js';
import { type SampleLook, type SamplePerson, samplePersonItems, sampleUnid } from './sample-person.js';
import { heartbeatDocuments, SAMPLE_BRIDGES, settingsDocuments } from './sample-settings.js';

/** Moment at which a still sample stands: a Monday morning. */
export const STILL_MOMENT = Date.UTC(2026, 0, 5, 9, 30);

const MINUTE = 60_000;
const SEED = 7;
/** People of the office; the last of them have peculiarities, see `PECULIAR`. */
const DEFAULT_PEOPLE = 40;

/** Two people of one common name, so that it says nobody's status. */
export const NAMESAKES = { first: 17, second: 28 } as const;

/** Weighted as on a working morning: the same order for everybody who looks. */
const LOOKS: readonly SampleLook[] = [
  { status: 'available', activity: '' },
  { status: 'busy', activity: 'on-the-phone' },
  { status: 'available', activity: '' },
  { status: 'away', activity: '' },
  { status: 'available-idle', activity: '' },
  { status: 'do-not-disturb', activity: '' },
  { status: 'busy', activity: 'in-a-meeting' },
  { status: 'offline', activity: '', outOfOffice: true },
  { status: 'available', activity: '' },
  { status: 'be-right-back', activity: '' },
  { status: 'busy-idle', activity: '' },
  { status: 'do-not-disturb', activity: 'presenting' },
  { status: 'away', activity: 'out-to-lunch' },
  { status: 'busy', activity: 'in-a-conference' },
  { status: 'available', activity: '' },
  { status: 'offline', activity: 'off-work' },
  { status: 'busy', activity: '' },
  { status: 'do-not-disturb', activity: 'urgent-interruptions-only' },
  { status: 'offline', activity: '' },
  { status: 'available', activity: '' },
  { status: 'unknown', activity: '' },
  { status: 'away', activity: '', outOfOffice: true },
];

/** What somebody does next; out of office and unknown do not come and go within minutes. */
const MOVES = LOOKS.filter(({ status, outOfOffice }) => status !== 'unknown' && !outOfOffice);

/** An office whose documents fill a table and then move: the same ones in the same order for everybody. */
export class SampleOffice {
  readonly #table: DocumentTable;
  readonly #people: SamplePerson[];
  readonly #random = seeded(SEED);

  constructor(table: DocumentTable, now: number, people = DEFAULT_PEOPLE) {
    this.#table = table;
    this.#people = castOf(people).map((member, index): SamplePerson => {
      const look = LOOKS[index % LOOKS.length] ?? { status: 'unknown', activity: '' };
      const minutes = 2 + Math.floor(this.#random() ** 3 * 170);
      const since = look.status === 'unknown' ? undefined : now - minutes * MINUTE;
      const base: SamplePerson = {
        member,
        look,
        since,
        observedAt: now - Math.floor(this.#random() * 4 * MINUTE),
        bridge: SAMPLE_BRIDGES.connected,
        hasNotesName: true,
        seq: index + 1,
      };
      return { ...base, ...peculiarity(index, people, base) };
    });
    table.put(...this.#people.map((person) => [unidOf(person), samplePersonItems(person)] as const));
    table.put(...this.#conflicts(), ...settingsDocuments(now, this.#people));
    this.beat(now);
  }

  /** Somebody does something else. */
  move(now: number): void {
    const movers = this.#people.filter(({ look, bridge }) => {
      return look.status !== 'unknown' && !look.outOfOffice && bridge === SAMPLE_BRIDGES.connected;
    });
    const mover = movers[Math.floor(this.#random() * movers.length)];
    const look = MOVES[Math.floor(this.#random() * MOVES.length)];
    if (!mover || !look) return;
    const moved: SamplePerson = { ...mover, look, since: now, observedAt: now, seq: mover.seq + 1 };
    this.#people[this.#people.indexOf(mover)] = moved;
    this.#table.put([unidOf(moved), samplePersonItems(moved)]);
  }

  /** The bridge that lives says so. */
  beat(now: number): void {
    const of = (bridge: string): SamplePerson[] => this.#people.filter((person) => person.bridge === bridge);
    this.#table.put(...heartbeatDocuments(now, of));
  }

  /** What replication leaves behind when two servers changed one document. */
  #conflicts(): (readonly [string, ReturnType<typeof samplePersonItems>])[] {
    return this.#people.slice(3, 5).map((person) => {
      const items = samplePersonItems({ ...person, look: { status: 'offline', activity: '' } });
      return [sampleUnid(`conflict of ${person.member.user}`), { ...items, [CONFLICT_ITEM]: '' }] as const;
    });
  }
}

function unidOf({ member }: SamplePerson): string {
  return sampleUnid(member.user);
}

/** The office has some people with whom things are not as usual. */
function peculiarity(index: number, count: number, { member, look, since }: SamplePerson): Partial<SamplePerson> {
  if (index === 1)
    return { note: 'Back in the office on Thursday', otherNames: [`CN=${member.displayName}/O=Contoso`] };
  if (index === NAMESAKES.second) return { member: namesakeOf(castOf(NAMESAKES.first + 1)[NAMESAKES.first] ?? member) };
  if (index === 6) return { activityText: 'Quarterly review' };
  if (index >= count - 5 && index < count - 2) return { hasNotesName: false };
  // These were written by a bridge that has fallen silent: their status no longer counts.
  if (index >= count - 2) return { bridge: SAMPLE_BRIDGES.silent, look, since, observedAt: (since ?? 0) - 1 };
  return {};
}

/** Somebody else of the same name in another department. */
function namesakeOf({ displayName, user: first }: CastMember): CastMember {
  const user = `${first}2`;
  const uri = parseSipUri(`sip:${user}@contoso.example`);
  const notesName = parseNotesName(`CN=${displayName}/OU=Sales/O=Contoso`);
  if (!uri.ok || !notesName.ok) throw new RangeError(`no address of "${user}"`);
  return { displayName, user, uri: uri.value, notesName: notesName.value, department: 'Sales', habit: 'office' };
}
