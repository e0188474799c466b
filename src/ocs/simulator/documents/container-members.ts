import { parseSipUri } from '../../../presence/ids.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import { MEMBER_TYPES, type Member } from '../presence/containers.js';
import { attributeOf, elementsOf, type XmlElement } from './xml-tree.js';

export const CONTAINER_MEMBERS_TYPE = 'application/msrtc-setcontainermembers+xml';

export interface ContainerChange {
  readonly id: number;
  readonly version: number;
  readonly added: readonly Member[];
  readonly removed: readonly Member[];
}

/** Reads `setContainerMembers` (MS-PRES 2.2.2.7). */
export function readContainerMembers(root: XmlElement): Result<readonly ContainerChange[]> {
  if (root.name !== 'setContainerMembers') return bad('"setContainerMembers" was expected');
  const changes: ContainerChange[] = [];
  for (const element of elementsOf(root, 'container')) {
    const [id, version] = [attributeOf(element, 'id'), attributeOf(element, 'version')];
    if (!/^\d{1,6}$/.test(id ?? '') || !/^\d{1,9}$/.test(version ?? '')) return bad('a container has no id or version');
    const members = elementsOf(element, 'member').map((member) => ({
      action: attributeOf(member, 'action'),
      member: readMember(member),
    }));
    if (members.some(({ member }) => !member)) return bad('a member has no known type, or its value is malformed');
    const chosen = (action: string): Member[] =>
      members.flatMap((entry) => (entry.action === action && entry.member ? [entry.member] : []));
    changes.push({ id: Number(id), version: Number(version), added: chosen('add'), removed: chosen('remove') });
  }
  return ok(changes);
}

function readMember(element: XmlElement): Member | undefined {
  const type = MEMBER_TYPES.find((known) => known === attributeOf(element, 'type'));
  const value = attributeOf(element, 'value') ?? '';
  if (type !== 'user') return type && { type, value: value.toLowerCase() };
  const uri = parseSipUri(value);
  return uri.ok ? { type, value: uri.value } : undefined;
}
