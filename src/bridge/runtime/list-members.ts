import type { SipUri } from '../../presence/ids.js';
import { abbreviated, foldName } from '../../presence/name-keys.js';
import type { ListMember } from '../config/list-member.js';
import type { Person, Roster } from '../ports.js';

/** People among whom the members of lists are sought: those of the roster who did not opt out. */
export interface ListRoster {
  readonly people: readonly Person[];
  readonly groups: NonNullable<Roster['groups']>;
  /** Whom a name or an address means; `undefined` for nobody, and where it is not clear who is meant. */
  find(text: string): SipUri | undefined;
  has(uri: SipUri): boolean;
}

/**
 * Who is on a list, in the order in which it names them: whoever is named by several of its lines is where the first of them is,
 * those of one line in the order of the roster.
 */
export function listMembers(lines: readonly ListMember[], roster: ListRoster): readonly SipUri[] {
  const members = new Set<SipUri>();
  const byPattern = patternMembers(lines, roster.people);
  for (const [index, line] of lines.entries()) {
    for (const uri of membersOf(line, roster, byPattern.get(index))) if (roster.has(uri)) members.add(uri);
  }
  return [...members];
}

function membersOf(line: ListMember, roster: ListRoster, matching: readonly SipUri[] = []): readonly SipUri[] {
  switch (line.kind) {
    case 'group':
      return roster.groups.find(({ name }) => foldName(name) === foldName(line.group))?.members ?? [];
    case 'address':
    case 'name': {
      const uri = roster.find(line.text);
      return uri === undefined ? [] : [uri];
    }
    default:
      return matching;
  }
}

/** All lines with patterns in one pass over the people; those of a line in the order of the roster. */
function patternMembers(lines: readonly ListMember[], people: readonly Person[]): ReadonlyMap<number, SipUri[]> {
  const domains = new Map<string, number>();
  const endings = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    // Of equal lines the first is enough.
    if (line.kind === 'domain' && !domains.has(line.domain)) domains.set(line.domain, index);
    if (line.kind === 'ending' && !endings.has(line.ending)) endings.set(line.ending, index);
  }
  const found = new Map<number, SipUri[]>();
  if (domains.size + endings.size === 0) return found;
  const note = (index: number | undefined, uri: SipUri): void => {
    if (index === undefined) return;
    const known = found.get(index);
    if (known === undefined) found.set(index, [uri]);
    else known.push(uri);
  };
  for (const { uri, name } of people) {
    note(domains.get(uri.slice(uri.lastIndexOf('@') + 1)), uri);
    if (name === undefined || endings.size === 0) continue;
    const whole = foldName(abbreviated(name));
    for (let slash = whole.indexOf('/'); slash >= 0; slash = whole.indexOf('/', slash + 1)) {
      note(endings.get(whole.slice(slash)), uri);
    }
  }
  return found;
}
