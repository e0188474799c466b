import type { Clock } from '../../bridge/ports.js';
import type { Unid } from '../../presence/ids.js';
import type { Driver } from '../driver.js';
import { plainKeyOf } from './names.js';
import { DEFAULT_SHRINK_LIMITS } from './shrink-guard.js';
import { findGroups, readGroupDocuments, rereadGroups, type StoredGroup } from './sources/group-documents.js';

export interface OptOutGroupsOptions {
  /** The Domino Directory. */
  readonly driver: Driver;
  readonly clock: Clock;
  readonly limits?: Partial<OptOutGroupLimits>;
}

export interface OptOutGroupLimits {
  /** Levels of groups within groups, each of which may cost a call. */
  readonly depth: number;
  /** Names asked for singly; when there are more, all groups are read. */
  readonly singleNames: number;
  /** Groups of the Domino Directory, at most. */
  readonly groups: number;
  /** How long a name that an opt-out gives counts as no group's before it is asked for again, milliseconds. */
  readonly absentMs: number;
  /** How long a group that is no longer there still counts, milliseconds. */
  readonly heldMs: number;
}

export const DEFAULT_OPT_OUT_GROUP_LIMITS: OptOutGroupLimits = {
  depth: 100,
  singleNames: 50,
  groups: 200_000,
  absentMs: 300_000,
  heldMs: DEFAULT_SHRINK_LIMITS.holdMs,
};

/**
 * The groups that opt-outs name, with those within them. Read twice a minute, so known groups are read by the ids of
 * their documents; a search, for which Domino looks at every document of its directory, happens for new names alone.
 *
 * Domino leaves out documents that may not be read, without an error. A group that vanishes counts for a while longer, so
 * that a change of rights shows nobody who opted out.
 */
export class OptOutGroups {
  readonly #driver: Driver;
  readonly #clock: Clock;
  readonly #limits: OptOutGroupLimits;
  /** Documents by each name of their groups. */
  readonly #unids = new Map<string, Set<Unid>>();
  /** The other way round. */
  readonly #keys = new Map<Unid, readonly string[]>();
  /** Documents that the last reading came across. */
  #reached: readonly Unid[] = [];
  /** Groups of the last readings as they were read last, with the time of that. */
  readonly #seen = new Map<Unid, { readonly group: StoredGroup; readonly at: number }>();
  /** Names that are no group's, and since when that is known. */
  readonly #absent = new Map<string, number>();
  #isToForget = false;

  constructor({ driver, clock, limits }: OptOutGroupsOptions) {
    this.#driver = driver;
    this.#clock = clock;
    this.#limits = { ...DEFAULT_OPT_OUT_GROUP_LIMITS, ...limits };
  }

  /** The next reading searches for all names: further documents of a name are found by that alone. */
  forget(): void {
    this.#isToForget = true;
  }

  /** One reading at a time. Throws `BridgeError`. */
  async read(names: readonly string[]): Promise<readonly StoredGroup[]> {
    // Not at once: a reading under way would lose the groups it has come across.
    if (this.#isToForget) this.#forgetAll();
    const now = this.#clock.monotonic();
    for (const [unid, { at }] of this.#seen) if (now - at >= this.#limits.heldMs) this.#seen.delete(unid);
    const groups = new Map<Unid, StoredGroup>();
    await this.#reread(this.#reached, groups);
    const visited = new Set<string>();
    const result = new Map<Unid, StoredGroup>();
    let level = groupNames(names);
    for (let depth = 0; level.size > 0 && depth < this.#limits.depth; depth++) {
      for (const key of level.keys()) visited.add(key);
      await this.#resolve(level, groups, depth === 0);
      const next = new Map<string, string>();
      for (const group of [...this.#named(level.keys(), groups), ...(await this.#vanished(level.keys(), groups))]) {
        if (result.has(group.unid)) continue;
        result.set(group.unid, group);
        for (const [inner, name] of groupNames(group.members)) if (!visited.has(inner)) next.set(inner, name);
      }
      level = next;
    }
    this.#reached = [...result.keys()];
    for (const [unid, group] of result) if (this.#keys.has(unid)) this.#seen.set(unid, { group, at: now });
    return [...result.values()].sort((a, b) => (a.unid < b.unid ? -1 : 1));
  }

  #named(keys: Iterable<string>, groups: ReadonlyMap<Unid, StoredGroup>): readonly StoredGroup[] {
    return [...keys].flatMap((key) => [...(this.#unids.get(key) ?? [])]).flatMap((unid) => groups.get(unid) ?? []);
  }

  #forgetAll(): void {
    this.#isToForget = false;
    this.#reached = [];
    this.#unids.clear();
    this.#keys.clear();
    this.#absent.clear();
  }

  /** Sees to it that `groups` holds every group with one of these names. */
  async #resolve(
    names: ReadonlyMap<string, string>,
    groups: Map<Unid, StoredGroup>,
    mayAppear: boolean,
  ): Promise<void> {
    const known = [...names.keys()].flatMap((key) => [...(this.#unids.get(key) ?? [])]);
    await this.#reread(
      known.filter((unid) => !groups.has(unid)),
      groups,
    );
    const unknown = [...names].filter(([key]) => !this.#unids.has(key) && !this.#isAbsent(key, mayAppear));
    if (unknown.length === 0) return;
    const { singleNames, groups: maxGroups } = this.#limits;
    const found =
      unknown.length <= singleNames
        ? await findGroups(
            this.#driver,
            unknown.map(([, name]) => name),
          )
        : (await readGroupDocuments(this.#driver, maxGroups)).entries;
    for (const group of found) this.#remember(group, groups);
    for (const [key] of unknown) if (!this.#unids.has(key)) this.#absent.set(key, this.#clock.monotonic());
  }

  /** Groups of these names that were there a while ago and now are neither under these names nor under others. */
  async #vanished(keys: Iterable<string>, groups: Map<Unid, StoredGroup>): Promise<readonly StoredGroup[]> {
    const missing = new Set([...keys].filter((key) => !this.#unids.has(key)));
    if (missing.size === 0) return [];
    const held = [...this.#seen.values()].flatMap(({ group }) =>
      !groups.has(group.unid) && [...groupNames(group.names).keys()].some((key) => missing.has(key)) ? [group] : [],
    );
    await this.#reread(
      held.map(({ unid }) => unid),
      groups,
    );
    return held.filter(({ unid }) => !groups.has(unid));
  }

  async #reread(unids: readonly Unid[], groups: Map<Unid, StoredGroup>): Promise<void> {
    if (unids.length === 0) return;
    const found = await rereadGroups(this.#driver, unids);
    // Renamed and deleted groups leave their names, which are then searched.
    for (const unid of unids) {
      for (const key of this.#keys.get(unid) ?? []) {
        const holders = this.#unids.get(key);
        holders?.delete(unid);
        if (holders?.size === 0) this.#unids.delete(key);
      }
      this.#keys.delete(unid);
    }
    for (const group of found) this.#remember(group, groups);
  }

  #remember(group: StoredGroup, groups: Map<Unid, StoredGroup>): void {
    groups.set(group.unid, group);
    const keys = [...groupNames(group.names).keys()];
    this.#keys.set(group.unid, keys);
    for (const key of keys) {
      const holders = this.#unids.get(key);
      if (holders === undefined) this.#unids.set(key, new Set([group.unid]));
      else holders.add(group.unid);
      this.#absent.delete(key);
    }
  }

  #isAbsent(key: string, mayAppear: boolean): boolean {
    const since = this.#absent.get(key);
    if (since === undefined) return false;
    return !mayAppear || this.#clock.monotonic() - since < this.#limits.absentMs;
  }
}

/** Names that a group may have, by key: names of people with labels, addresses and wildcards are none. */
export function groupNames(names: readonly string[]): ReadonlyMap<string, string> {
  const keyed = new Map<string, string>();
  for (const name of names) {
    // The form for opt-outs makes names canonical, and so a group may come with the label of a common name.
    const bare = name.replace(/^\s*CN=(?=[^/]*$)/i, '');
    if (/^\s*CN=/i.test(bare) || /[@*\p{Cc}]/u.test(bare)) continue;
    const key = plainKeyOf(bare);
    if (key !== undefined) keyed.set(key, bare.trim().replace(/\s+/g, ' '));
  }
  return keyed;
}
