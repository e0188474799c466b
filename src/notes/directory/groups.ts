import { STRETCH, type Steps, sorted } from '../steps.js';
import type { GroupEntry } from './entry.js';
import { byText, type NameKey, type PlainKey, plainKeyOf, readName } from './names.js';
import type { GroupLimits } from './resolved.js';

/** Domino looks no deeper when it expands a group; the second number is ours. */
export const DEFAULT_GROUP_LIMITS: GroupLimits = { depth: 20, members: 500_000 };

export interface Expansion {
  /** Members as they stand in the lists, each once. Names of groups are among them. */
  readonly members: ReadonlySet<string>;
  readonly remarks: readonly string[];
}

interface Group {
  readonly name: string;
  readonly members: readonly string[];
}

type GroupKey = NameKey | PlainKey;

/** Groups by name; several documents of one name count as one group. */
export class Groups {
  readonly #groups: ReadonlyMap<GroupKey, Group>;

  private constructor(groups: ReadonlyMap<GroupKey, Group>) {
    this.#groups = groups;
  }

  static *of(entries: readonly GroupEntry[]): Steps<Groups> {
    const groups = new Map<GroupKey, { name: string; members: Set<string> }>();
    for (const { names, members } of entries) {
      yield;
      for (const name of names) {
        const key = keyOf(name);
        if (key === undefined) continue;
        const group = groups.get(key) ?? { name, members: new Set() };
        if (name < group.name) group.name = name;
        let added = 0;
        for (const member of members) {
          group.members.add(member);
          if (++added % STRETCH === 0) yield;
        }
        groups.set(key, group);
      }
    }
    const ready = new Map<GroupKey, Group>();
    for (const [key, { name, members }] of groups) {
      ready.set(key, { name, members: yield* sorted([...members], byText) });
    }
    return new Groups(ready);
  }

  has(name: string): boolean {
    const key = keyOf(name);
    return key !== undefined && this.#groups.has(key);
  }

  /**
   * All members of the groups named, through groups within groups, level by level, so that the limit on depth does not
   * depend on the order of members. `purpose` is for the remarks.
   */
  *expand(names: readonly string[], purpose: string, limits: GroupLimits): Steps<Expansion> {
    const members = new Set<string>();
    const remarks: string[] = [];
    const reached = new Map<GroupKey, Group>();
    let level: readonly GroupKey[] = this.#named(names, purpose, remarks);
    for (let depth = 0; level.length > 0; depth++) {
      if (depth >= limits.depth) {
        remarks.push(
          `${purpose}: groups are nested deeper than ${limits.depth} levels; what lies deeper does not count.`,
        );
        break;
      }
      const next: GroupKey[] = [];
      for (const key of level) {
        const group = this.#groups.get(key);
        if (group === undefined || reached.has(key)) continue;
        reached.set(key, group);
        for (const member of group.members) {
          if (members.size >= limits.members) {
            remarks.push(`${purpose}: the groups have more than ${limits.members} members; the others do not count.`);
            return { members, remarks };
          }
          members.add(member);
          if (members.size % STRETCH === 0) yield;
          const inner = keyOf(member);
          if (inner !== undefined && this.#groups.has(inner) && !reached.has(inner)) next.push(inner);
        }
      }
      level = next;
    }
    const circle = yield* this.#circleIn(reached);
    if (circle !== undefined) remarks.push(`${purpose}: the group "${circle}" contains itself; it counts once.`);
    return { members, remarks };
  }

  #named(names: readonly string[], purpose: string, remarks: string[]): readonly GroupKey[] {
    const keys = new Set<GroupKey>();
    for (const name of [...names].sort(byText)) {
      const key = keyOf(name);
      if (key !== undefined && this.#groups.has(key)) keys.add(key);
      else remarks.push(`${purpose}: no group is called "${name}".`);
    }
    return [...keys];
  }

  /** A group that contains itself, over however many steps. */
  *#circleIn(reached: ReadonlyMap<GroupKey, Group>): Steps<string | undefined> {
    const left = new Map<GroupKey, ReadonlySet<GroupKey>>();
    const containers = new Map<GroupKey, GroupKey[]>();
    for (const [key, group] of reached) {
      const inner = new Set<GroupKey>();
      let seen = 0;
      for (const member of group.members) {
        if (++seen % STRETCH === 0) yield;
        const one = keyOf(member);
        if (one !== undefined && reached.has(one)) inner.add(one);
      }
      left.set(key, inner);
      for (const one of inner) {
        const known = containers.get(one);
        if (known === undefined) containers.set(one, [key]);
        else known.push(key);
      }
    }
    removeEnds(left, containers);
    // Each that is left contains another that is left, so following them must come back.
    let key = [...left.keys()].sort(byText)[0];
    const seen = new Set<GroupKey>();
    while (key !== undefined && !seen.has(key)) {
      seen.add(key);
      key = [...(left.get(key) ?? [])].find((one) => left.has(one));
    }
    return key === undefined ? undefined : reached.get(key)?.name;
  }
}

/** Takes away groups that contain no other, again and again. */
function removeEnds(left: Map<GroupKey, ReadonlySet<GroupKey>>, containers: ReadonlyMap<GroupKey, GroupKey[]>): void {
  const counts = new Map([...left].map(([key, inner]) => [key, inner.size]));
  const ends = [...left.keys()].filter((key) => counts.get(key) === 0);
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    left.delete(end);
    for (const container of containers.get(end) ?? []) {
      const count = (counts.get(container) ?? 0) - 1;
      counts.set(container, count);
      if (count === 0) ends.push(container);
    }
  }
}

function keyOf(name: string): GroupKey | undefined {
  return readName(name)?.key ?? plainKeyOf(name);
}
