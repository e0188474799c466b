import { type PersonPattern, parsePersonPattern } from '../../presence/person-pattern.js';
import { bad, ok, type Result } from '../../presence/result.js';

/** A line of a list: people by name, address or pattern, or a watched group of the Domino Directory. */
export type ListMember = PersonPattern | { readonly kind: 'group'; readonly group: string };

const GROUP = 'group:';

/** Reads a line such as `Ana Reyes/Sales/Contoso`, `ana@contoso.example`, `*@contoso.example` or `group:Sales`. */
export function parseListMember(text: string): Result<ListMember> {
  const line = text.trim().replace(/\s+/g, ' ');
  if (line === '*') return bad('everybody is on the list "everybody", which needs no definition');
  if (/^list:/i.test(line)) return bad('lists cannot be members of lists');
  if (line.slice(0, GROUP.length).toLowerCase() !== GROUP) return parsePersonPattern(line);
  const group = line.slice(GROUP.length).trim();
  return group === '' ? bad('the name of a group was expected after "group:"') : ok({ kind: 'group', group });
}
