import type { SipUri } from '../../presence/ids.js';
import { STRETCH, type Steps } from '../steps.js';
import type { OptOutEntry } from './entry.js';
import type { Groups } from './groups.js';
import { isWildcard, Members, type MemberTraits } from './members.js';
import { byText, readName } from './names.js';
import type { DirectorySettings, GroupLimits } from './resolved.js';

/** Who does not want to be shown. Where it is not clear who is meant, all who may be meant are hidden. */
export class OptOut {
  readonly #direct = new Members();
  readonly #groups = new Members();
  readonly #origins = new Map<string, string>();
  #remarks: readonly string[] = [];

  private constructor() {}

  static *of(
    entries: readonly OptOutEntry[],
    optOut: DirectorySettings['optOut'],
    groups: Groups,
    limits: Pick<GroupLimits, 'members'>,
  ): Steps<OptOut> {
    const result = new OptOut();
    const inGroups = new Set(optOut.groups);
    const add = (text: string, origin: string): void => {
      if (groups.has(text)) {
        inGroups.add(text);
        // Who may make groups must not end the opt-out of a person by one of the same name.
        if (readName(text) !== undefined) result.#direct.add(text);
        return;
      }
      result.#direct.add(text);
      const known = result.#origins.get(text);
      if (known === undefined || origin < known) result.#origins.set(text, origin);
    };
    for (const text of optOut.people) add(text, 'configuration');
    for (const { origin, names, addresses } of entries) {
      yield;
      for (const text of [...names, ...addresses]) add(text, origin);
    }
    // No limit on depth: rather one hidden too many.
    const expansion = yield* groups.expand([...inGroups], 'Opt-out', { ...limits, depth: Number.POSITIVE_INFINITY });
    let seen = 0;
    for (const text of expansion.members) {
      if (++seen % STRETCH === 0) yield;
      if (!groups.has(text) || readName(text) !== undefined) result.#groups.add(text);
    }
    result.#remarks = expansion.remarks;
    return result;
  }

  get remarks(): readonly string[] {
    return this.#remarks;
  }

  /** Why this person is hidden; `undefined` for somebody who is not. */
  reasonFor(traits: MemberTraits): string | undefined {
    const direct = this.#direct.matchLoosely(traits);
    if (direct !== undefined) return `Opted out as "${direct}" (${this.#origins.get(direct) ?? 'also a group'}).`;
    const member = this.#groups.matchLoosely(traits);
    return member === undefined ? undefined : `Opted out: a group that opted out has the member "${member}".`;
  }

  /** Addresses that opted out, whoever has them. */
  addresses(): readonly SipUri[] {
    return [...this.#direct.addresses(), ...this.#groups.addresses()];
  }

  /** Texts that name a single person, sorted. */
  texts(): readonly string[] {
    return [...this.#origins.keys()].filter((text) => !isWildcard(text)).sort(byText);
  }

  plainTexts(): readonly string[] {
    return [...this.#direct.plainTexts()].sort(byText);
  }
}
