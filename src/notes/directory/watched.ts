import { STRETCH, type Steps } from '../steps.js';
import type { DirectoryEntry } from './entry.js';
import type { Groups } from './groups.js';
import { Members, type MemberTraits } from './members.js';
import { byText } from './names.js';
import type { GroupLimits } from './resolved.js';

/** Whose presence is wanted: the people of the watched groups and of the list in the configuration, or everybody. */
export class Watched {
  readonly #members: Members | undefined;
  readonly remarks: readonly string[];

  private constructor(members: Members | undefined, remarks: readonly string[]) {
    this.#members = members;
    this.remarks = remarks;
  }

  static *of(names: readonly string[], groups: Groups, limits: GroupLimits): Steps<Watched> {
    if (names.length === 0) return new Watched(undefined, []);
    const expansion = yield* groups.expand(names, 'Watched groups', limits);
    const members = new Members();
    let seen = 0;
    for (const text of expansion.members) {
      if (++seen % STRETCH === 0) yield;
      if (!groups.has(text)) members.add(text);
    }
    return new Watched(members, expansion.remarks);
  }

  has(entries: readonly DirectoryEntry[], traits: Omit<MemberTraits, 'plainNames'>): boolean {
    if (this.#members === undefined) return true;
    // The list in the configuration is watched besides the groups.
    if (entries.some(({ addresses }) => addresses.some(({ rule }) => rule === 'people'))) return true;
    return this.#members.match(traits) !== undefined;
  }

  /** Members that cannot be found, sorted: common and short names. */
  plainTexts(): readonly string[] {
    return [...(this.#members?.plainTexts() ?? [])].sort(byText);
  }
}
