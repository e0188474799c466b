import type { DirectoryEntry } from './entry.js';
import type { Groups } from './groups.js';
import { Members, type MemberTraits } from './members.js';
import { byText } from './names.js';
import type { GroupLimits } from './resolved.js';

/** Whose presence is wanted: the people of the watched groups and of the list in the configuration, or everybody. */
export class Watched {
  readonly #members: Members | undefined;
  readonly remarks: readonly string[];

  constructor(names: readonly string[], groups: Groups, limits: GroupLimits) {
    this.remarks = [];
    if (names.length === 0) return;
    const expansion = groups.expand(names, 'Watched groups', limits);
    this.#members = new Members();
    for (const text of expansion.members) if (!groups.has(text)) this.#members.add(text);
    this.remarks = expansion.remarks;
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
