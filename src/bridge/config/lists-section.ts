import { parseSipUri, type SipUri, sipKeyOf } from '../../presence/ids.js';
import { abbreviated, foldName } from '../../presence/name-keys.js';
import { LISTS_DOMAIN } from '../list-ports.js';
import type { ListConfig } from './config.js';
import type { ListMember } from './list-member.js';
import { nearest } from './nearest.js';
import type { ConfigText } from './schema.js';

type Report = (path: readonly PropertyKey[], message: string) => void;

/** Rules over several keys of the section `lists`, and over it and others. */
export function checkLists({ lists, people, ocs, directory }: ConfigText, report: Report): void {
  const ids = new Map<string, number>();
  const addresses = new Map<string, string>([
    ...people.map(({ address }) => [address, 'a person'] as const),
    ...[ocs, ...ocs.moreAccounts].map(({ account }) => [account, "the bridge's own account"] as const),
  ]);
  const names = new Map<string, string>(
    people.flatMap(({ name }) => (name === undefined ? [] : [[keyOf(name), 'a person'] as const])),
  );
  for (const [index, { id, members, entry }] of lists.entries()) {
    if (ids.has(id)) report(['lists', index, 'id'], `there are two lists "${id}"`);
    ids.set(id, index);
    for (const [place, member] of members.entries()) {
      const wrong = unwatchedGroup(member, directory.groups);
      if (wrong !== undefined) report(['lists', index, 'members', place], wrong);
    }
    if (entry === undefined) continue;
    const address = addressOf(id, entry.address);
    const holder = addresses.get(address);
    const namesake = names.get(keyOf(entry.name));
    if (holder !== undefined) report(['lists', index, 'entry', 'address'], `${address} is already that of ${holder}`);
    if (namesake !== undefined) report(['lists', index, 'entry', 'name'], `this is already the name of ${namesake}`);
    addresses.set(address, `the list "${id}"`);
    names.set(keyOf(entry.name), `the list "${id}"`);
  }
}

/** Groups that are not watched are not read, and would be empty for ever. */
function unwatchedGroup(member: ListMember, groups: readonly string[]): string | undefined {
  if (member.kind !== 'group') return undefined;
  const wanted = foldName(member.group);
  if (groups.some((group) => foldName(group.trim().replace(/\s+/g, ' ')) === wanted)) return undefined;
  const meant = nearest(member.group, groups);
  const advice = meant === undefined ? 'name it in "directory.groups" too' : `did you mean "${meant}"?`;
  return `the group "${member.group}" is not watched; ${advice}`;
}

export function resolveLists(lists: ConfigText['lists']): readonly ListConfig[] {
  return lists.map(({ id, title = id, members, entry }) => {
    if (entry === undefined) return { id, title, members };
    const uri = addressOf(id, entry.address);
    const person = { uri, key: sipKeyOf(uri), name: entry.name, displayName: title };
    return { id, title, members, entry: { person, rule: entry.rule } };
  });
}

function addressOf(id: string, address: SipUri | undefined): SipUri {
  if (address !== undefined) return address;
  const own = parseSipUri(`sip:${id}@${LISTS_DOMAIN}`);
  if (!own.ok) throw new RangeError(own.reason);
  return own.value;
}

function keyOf(name: Parameters<typeof abbreviated>[0]): string {
  return foldName(abbreviated(name));
}
