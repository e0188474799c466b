import type { Roster } from '../../bridge/ports.js';
import type { SipUri } from '../../presence/ids.js';
import { STRETCH, type Steps } from '../steps.js';
import type { Groups } from './groups.js';
import { endingsOf, type MemberTraits, readMember } from './members.js';
import { plainKeyOf } from './names.js';
import type { GroupLimits } from './resolved.js';

/** A group's number, by what names a member. */
type Naming = Map<string, number[]>;

/**
 * The watched groups with their people, for those who ask for a group as a whole. Each is expanded by itself, as all of
 * them together are to know who is watched; a group of no such name is left out.
 */
export class GroupLists {
  readonly #names: readonly string[];
  readonly #members: SipUri[][];
  readonly #byName: Naming = new Map();
  readonly #byAddress: Naming = new Map();
  readonly #byEnding: Naming = new Map();

  private constructor(names: readonly string[]) {
    this.#names = names;
    this.#members = names.map(() => []);
  }

  static *of(names: readonly string[], groups: Groups, limits: GroupLimits): Steps<GroupLists> {
    const known = new Map<string | undefined, string>();
    for (const name of names) if (groups.has(name)) setOnce(known, plainKeyOf(name), name.trim());
    const lists = new GroupLists([...known.values()]);
    let { members: left } = limits;
    for (const [number, name] of lists.#names.entries()) {
      const { members } = yield* groups.expand([name], name, { ...limits, members: left });
      left -= members.size;
      yield* lists.#take(number, members, groups);
    }
    return lists;
  }

  /** Puts a watched person into the lists of all groups that name the person in some way. */
  add(address: SipUri, { names, addresses }: Omit<MemberTraits, 'plainNames'>): void {
    if (this.#names.length === 0) return;
    const numbers = new Set(this.#byEnding.get(''));
    const collect = (found: readonly number[] = []): void => {
      for (const number of found) numbers.add(number);
    };
    for (const name of names) {
      collect(this.#byName.get(name));
      if (this.#byEnding.size > 0) for (const ending of endingsOf(name)) collect(this.#byEnding.get(ending));
    }
    for (const one of addresses) collect(this.#byAddress.get(one));
    for (const number of numbers) this.#members[number]?.push(address);
  }

  /** People in the order in which they were added. */
  all(): NonNullable<Roster['groups']> {
    return this.#names.map((name, number) => ({ name, members: this.#members[number] ?? [] }));
  }

  *#take(number: number, members: ReadonlySet<string>, groups: Groups): Steps<void> {
    let seen = 0;
    for (const text of members) {
      if (++seen % STRETCH === 0) yield;
      if (groups.has(text)) continue;
      const { name, address, ending } = readMember(text);
      note(this.#byName, name, number);
      note(this.#byAddress, address, number);
      note(this.#byEnding, ending, number);
    }
  }
}

function setOnce<Key>(map: Map<Key, string>, key: Key, text: string): void {
  if (!map.has(key)) map.set(key, text);
}

function note(naming: Naming, key: string | undefined, number: number): void {
  if (key === undefined) return;
  const known = naming.get(key);
  if (known === undefined) naming.set(key, [number]);
  else if (known.at(-1) !== number) known.push(number);
}
