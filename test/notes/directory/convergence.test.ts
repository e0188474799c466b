import { describe, expect, test } from 'vitest';
import type { Unid } from '../../../src/presence/ids.js';
import { DirectoryStage, groupDocument, optOutDocument, personDocument } from '../../support/directory-stage.js';
import { seededRandom } from '../../support/simulated-clock.js';

const SCHEDULES = 25;
const STEPS = 25;
const USERS = ['ana', 'ben', 'cleo', 'dan', 'eva'] as const;
const GROUPS = ['Works Council', 'Inner'] as const;
const MINUTE = 60_000;

type User = (typeof USERS)[number];

const nameOf = (user: User): string => `CN=${user}/O=Contoso`;

/** Changes documents and breaks databases at random, and knows what stands in them. */
class Schedule {
  readonly stage = new DirectoryStage();
  readonly #unit: () => number;
  readonly #people = new Map<User, Unid>();
  readonly #optOuts = new Map<User, Unid>();
  readonly #groups = new Map<(typeof GROUPS)[number], { unid: Unid; members: readonly string[] }>();
  #healthySince = 0;
  /** When somebody opted out last, or came to be watched. */
  #changedAt = 0;

  constructor(seed: number) {
    this.#unit = seededRandom(seed).unit;
  }

  get hidden(): readonly User[] {
    const council = this.#groups.get('Works Council')?.members ?? [];
    const inner = council.includes('Inner') ? (this.#groups.get('Inner')?.members ?? []) : [];
    return USERS.filter((user) => this.#optOuts.has(user) || [...council, ...inner].includes(nameOf(user)));
  }

  get shown(): readonly User[] {
    return USERS.filter((user) => this.#people.has(user) && !this.hidden.includes(user));
  }

  /** Whether all that was asked for must have taken effect by the promise of one minute. */
  get isSettled(): boolean {
    const now = this.stage.clock.now();
    return now - this.#changedAt >= MINUTE && now - this.#healthySince >= 2 * MINUTE;
  }

  async step(): Promise<void> {
    const { stage } = this;
    const choice = this.#unit();
    if (choice < 0.1) await this.#togglePerson(this.#pick(USERS));
    else if (choice < 0.45) await this.#toggleOptOut(this.#pick(USERS));
    else if (choice < 0.7) await this.#changeGroup(this.#pick(GROUPS));
    else if (choice < 0.8) {
      const database = this.#pick([stage.presence, stage.domino]);
      database.faults.link = this.#pick(['unreachable', 'hanging'] as const);
      this.#healthySince = Number.POSITIVE_INFINITY;
    } else this.heal();
    await stage.advance(this.#pick([7_000, 61_000, 61_000, 130_000]));
  }

  heal(): void {
    this.stage.presence.faults.release();
    this.stage.domino.faults.release();
    this.#healthySince = Math.min(this.#healthySince, this.stage.clock.now());
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#unit() * list.length)] as T;
  }

  async #togglePerson(user: User): Promise<void> {
    const known = this.#people.get(user);
    if (known === undefined) await this.#add(this.#people, user, 'domino', personDocument(user, user));
    else await this.stage.domino.remove(known);
    if (known !== undefined) this.#people.delete(user);
  }

  async #toggleOptOut(user: User): Promise<void> {
    const known = this.#optOuts.get(user);
    if (known === undefined) await this.#add(this.#optOuts, user, 'presence', optOutDocument([nameOf(user)]));
    else await this.stage.presence.remove(known);
    if (known !== undefined) this.#optOuts.delete(user);
    this.#changedAt = this.stage.clock.now();
  }

  async begin(): Promise<void> {
    for (const user of USERS) await this.#togglePerson(user);
    for (const group of GROUPS) {
      const [unid] = await this.stage.domino.add(groupDocument(group, []));
      if (unid !== undefined) this.#groups.set(group, { unid, members: [] });
    }
  }

  async #changeGroup(group: (typeof GROUPS)[number]): Promise<void> {
    const members: string[] = USERS.filter(() => this.#unit() < 0.2).map(nameOf);
    if (group === 'Works Council' && this.#unit() < 0.7) members.push('Inner');
    const known = this.#groups.get(group);
    if (known === undefined) return;
    await this.stage.domino.change(known.unid, groupDocument(group, members));
    this.#groups.set(group, { ...known, members });
    this.#changedAt = this.stage.clock.now();
  }

  async #add(map: Map<User, Unid>, user: User, where: 'presence' | 'domino', items: ReturnType<typeof personDocument>) {
    const [unid] = await this.stage[where].add(items);
    if (unid !== undefined) map.set(user, unid);
  }
}

describe('directory under faults', () => {
  test.for(Array.from({ length: SCHEDULES }, (_, index) => index + 1))(
    'schedule %i: nobody is shown a minute after opting out, and in the end the roster is right',
    async (seed) => {
      const schedule = new Schedule(seed);
      const { stage } = schedule;
      await schedule.begin();
      await stage.start({
        settings: {
          rules: ['mapping', 'people', 'csv', 'sip-item', 'internet-address'],
          domains: ['contoso.example'],
          groups: [],
          optOut: { people: [], groups: ['Works Council'] },
        },
      });
      let checks = 0;
      for (let step = 0; step < STEPS; step++) {
        await schedule.step();
        if (!schedule.isSettled) continue;
        checks++;
        expect(stage.watched?.filter((user) => schedule.hidden.some((hidden) => hidden === user))).toEqual([]);
      }
      expect(checks).toBeGreaterThan(0);
      schedule.heal();
      await stage.advance(1_400_000);
      expect(stage.watched).toEqual([...schedule.shown].sort());
      await stage.directory?.stop();
      expect(stage.clock.pendingTimers).toBe(0);
    },
  );
});
