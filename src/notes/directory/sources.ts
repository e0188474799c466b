import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Clock, Log, Person } from '../../bridge/ports.js';
import { CONFIGURATION_SOURCE, type SourceReport } from '../../presence/directory.js';
import type { SipUri } from '../../presence/ids.js';
import type { Driver } from '../driver.js';
import { inSlices, STRETCH, type Steps } from '../steps.js';
import type { DirectoryEntries, DirectoryEntry } from './entry.js';
import { DEFAULT_GROUP_LIMITS, Groups } from './groups.js';
import { OptOutGroups } from './opt-out-groups.js';
import type { DirectorySettings } from './resolved.js';
import { ShrinkGuard } from './shrink-guard.js';
import { SourceState } from './source-state.js';
import { configuredPeople } from './sources/configured.js';
import { CsvFile, type FileAccess, systemFiles } from './sources/csv-file.js';
import type { Read } from './sources/domino-items.js';
import { readGroupDocuments, type StoredGroup } from './sources/group-documents.js';
import { missingFrom, readLastRun } from './sources/last-run.js';
import { DEFAULT_MAX_DOCUMENTS, readPersonDocuments } from './sources/person-documents.js';
import { type PresenceDocuments, readPresenceDocuments } from './sources/presence-documents.js';
import { Writers } from './writers.js';

export interface SourcesOptions {
  /** The presence database. Shared with the store, and never closed here. */
  readonly presence: Driver;
  /** The Domino Directory; absent when there is none. Closed by `stop`. */
  readonly directory?: Driver;
  /** Name of this bridge (or pair), as documents of an earlier run carry it. */
  readonly bridge: string;
  /** Addresses of documents that stand for lists. */
  readonly notPeople?: ReadonlySet<SipUri>;
  /** People of the configuration. */
  readonly people: readonly Person[];
  readonly settings: DirectorySettings;
  /** Items of Person documents that hold SIP addresses, best first. */
  readonly sipItems: readonly string[];
  readonly csvFile?: string;
  readonly files?: FileAccess;
  /** Documents of one form in the Domino Directory, at most. */
  readonly maxDocuments?: number;
}

const NOTHING: Read<never> = { entries: [], skipped: 0 };
const NO_DOCUMENTS: PresenceDocuments = { mappings: [], optOuts: [], consents: [], skipped: 0 };

/** All that the directory reads, with what stood there last. */
export class Sources {
  /** Mappings, opt-outs and consents. */
  readonly presence: SourceState<PresenceDocuments>;
  readonly csv: SourceState<readonly DirectoryEntry[]> | undefined;
  readonly people: SourceState<Read<DirectoryEntry>> | undefined;
  /** All groups, when only members of groups are watched. */
  readonly watchedGroups: SourceState<Read<StoredGroup>> | undefined;
  /** Groups that opt-outs name. */
  readonly optOutGroups: SourceState<readonly StoredGroup[]> | undefined;
  /** Who was watched before, for as long as a source could not be read at all. */
  readonly lastRun: SourceState<readonly DirectoryEntry[]>;
  readonly #options: SourcesOptions;
  readonly #clock: Clock;
  readonly #configured: readonly DirectoryEntry[];
  readonly #groups: OptOutGroups | undefined;
  /** Names for which the groups of opt-outs were read last. */
  #namesRead: ReadonlySet<string> = new Set();

  constructor(options: SourcesOptions, ports: { readonly clock: Clock; readonly log: Log }) {
    const { presence, directory, settings, sipItems, maxDocuments = DEFAULT_MAX_DOCUMENTS } = options;
    this.#options = options;
    this.#clock = ports.clock;
    this.#configured = configuredPeople(options.people);
    const areSame = (before: readonly unknown[], after: readonly unknown[]): Promise<boolean> =>
      inSlices(sameList(before, after), ports.clock).then((same) => same === true);
    const list = { isSame: areSame, count: (entries: readonly unknown[]) => entries.length, empty: [] };
    const documents = {
      isSame: (before: Read<unknown>, after: Read<unknown>) =>
        before.skipped === after.skipped && areSame(before.entries, after.entries),
      count: ({ entries }: Read<unknown>) => entries.length,
      skipped: ({ skipped }: Read<unknown>) => skipped,
      empty: NOTHING,
    };
    const writers = new Writers(settings.administrators ?? []);
    this.presence = new SourceState(
      {
        name: 'presence database',
        empty: NO_DOCUMENTS,
        read: () => readPresenceDocuments(presence, writers),
        isSame: isDeepStrictEqual,
        count: ({ mappings, optOuts, consents }) => mappings.length + optOuts.length + consents.length,
        skipped: ({ skipped }) => skipped,
      },
      ports,
    );
    this.lastRun = new SourceState({ ...list, name: 'last run', read: () => this.#lastRun() }, ports);
    if (options.csvFile !== undefined) {
      const file = new CsvFile(options.csvFile, options.files ?? systemFiles);
      const name = basename(options.csvFile);
      this.csv = new SourceState(
        { ...list, name, read: () => file.read(), isSame: (before, after) => before === after },
        ports,
      );
    }
    if (directory === undefined) return;
    const limits = { groups: maxDocuments };
    const groups = new OptOutGroups({ driver: directory, clock: ports.clock, limits });
    this.#groups = groups;
    const guard = new ShrinkGuard('Person documents', ports.clock);
    this.people = new SourceState(
      {
        ...documents,
        name: 'Domino Directory',
        read: async () => {
          const read = await readPersonDocuments(directory, { sipItems, maxDocuments });
          guard.check(await this.#peopleBefore(read.entries.length), read.entries.length);
          return read;
        },
      },
      ports,
    );
    this.optOutGroups = new SourceState(
      { ...list, name: 'groups of opt-outs', read: () => this.#readOptOutGroups(groups) },
      ports,
    );
    if (settings.groups.length === 0) return;
    const groupGuard = new ShrinkGuard('members of watched groups', ports.clock);
    this.watchedGroups = new SourceState(
      {
        ...documents,
        name: 'watched groups',
        read: async () => {
          const read = await readGroupDocuments(directory, maxDocuments);
          const before = await this.#watchedMembers(this.watchedGroups?.content.entries ?? []);
          groupGuard.check(before, await this.#watchedMembers(read.entries));
          return read;
        },
      },
      ports,
    );
  }

  /** Whether all sources were tried at least once. */
  get areTried(): boolean {
    return this.#all().every(({ isTried }) => isTried);
  }

  /** Whether it is known who may be shown: nobody may be whose opt-out, or whose group's, has not been read. */
  get isSafe(): boolean {
    if (!this.presence.isKnown || this.watchedGroups?.isKnown === false) return false;
    return this.optOutGroups === undefined || this.#optOutNames().every((name) => this.#namesRead.has(name));
  }

  /** Whether some people of the sources are not known yet. */
  get lacksPeople(): boolean {
    return !(this.csv?.isKnown ?? true) || !(this.people?.isKnown ?? true);
  }

  /** Milliseconds since people were read. */
  get age(): number {
    return this.people?.isKnown ? this.people.age : this.presence.age;
  }

  /** Groups are searched anew at the next reading. */
  forgetGroups(): void {
    this.#groups?.forget();
  }

  *entries(): Steps<DirectoryEntries> {
    const { mappings, optOuts, consents } = this.presence.content;
    const people = [
      ...this.#configured,
      ...mappings,
      ...(this.csv?.content ?? []),
      ...(this.people?.content.entries ?? []),
    ];
    const before = this.lacksPeople ? yield* missingFrom(this.lastRun.content, people) : [];
    return { people: [...people, ...before], groups: this.#groupEntries(), optOuts, consents };
  }

  report(): readonly SourceReport[] {
    const entries = this.#configured.length;
    const configuration: SourceReport = { source: CONFIGURATION_SOURCE, entries, readAt: undefined, error: undefined };
    const lastRun = this.lacksPeople && this.lastRun.isKnown ? [this.lastRun] : [];
    return [configuration, ...[...this.#all(), ...lastRun].map((source) => source.report())];
  }

  #all(): readonly Pick<SourceState<unknown>, 'isTried' | 'report'>[] {
    const all = [this.presence, this.csv, this.people, this.watchedGroups, this.optOutGroups];
    return all.filter((source) => source !== undefined);
  }

  #lastRun(): Promise<readonly DirectoryEntry[]> {
    const { presence, bridge, notPeople } = this.#options;
    return readLastRun(presence, bridge, notPeople);
  }

  /** With how many people a reading is compared that found `found`. */
  async #peopleBefore(found: number): Promise<number> {
    if (this.people?.isKnown) return this.people.content.entries.length;
    // Right after a start nothing else shows that the rights were lost before it.
    return found > 0 ? 0 : (await this.#lastRun()).length;
  }

  async #watchedMembers(entries: readonly StoredGroup[]): Promise<number> {
    const { groups: names, groupLimits = DEFAULT_GROUP_LIMITS } = this.#options.settings;
    const members = function* (): Steps<number> {
      const groups = yield* Groups.of(entries);
      return (yield* groups.expand(names, '', groupLimits)).members.size;
    };
    return (await inSlices(members(), this.#clock)) ?? 0;
  }

  async #readOptOutGroups(groups: OptOutGroups): Promise<readonly StoredGroup[]> {
    const names = this.#optOutNames();
    const found = await groups.read(names);
    this.#namesRead = new Set(names);
    return found;
  }

  #optOutNames(): readonly string[] {
    return [...this.#options.settings.optOut.groups, ...this.presence.content.optOuts.flatMap(({ names }) => names)];
  }

  /** Of a group that was read for both purposes the version that is read oftener. */
  #groupEntries(): readonly StoredGroup[] {
    const optOut = this.optOutGroups?.content ?? [];
    const newer = new Set(optOut.map(({ unid }) => unid));
    return [...optOut, ...(this.watchedGroups?.content.entries ?? []).filter(({ unid }) => !newer.has(unid))];
  }
}

function* sameList(before: readonly unknown[], after: readonly unknown[]): Steps<boolean> {
  if (before.length !== after.length) return false;
  for (const [index, one] of before.entries()) {
    if (index % STRETCH === 0) yield;
    if (!isDeepStrictEqual(one, after[index])) return false;
  }
  return true;
}
