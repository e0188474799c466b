import { CONTAINER } from '../presence/containers.js';
import type { Person } from '../presence/person.js';
import { xml } from './xml-write.js';

export const WPENDING_TYPE = 'text/xml+msrtc.wpending';
export const ACL_TYPE = 'application/vnd-microsoft-roaming-acls+xml';
export const LEGACY_PROVISIONING_TYPE = 'application/vnd-microsoft-roaming-provisioning+xml';

/** Watchers who wait for this user's word (MS-SIP 2.2.8). */
export function wpendingDocument(person: Person): string {
  return xml('watchers', {}, ...[...person.prompts].map(([uri, displayName]) => xml('watcher', { uri, displayName })));
}

/**
 * The user's access list (MS-SIP 2.2.4): who is blocked, who was confirmed, and that everybody else may see and call. Rights
 * are two letters, for presence and for contact: A allow, B block.
 */
export function aclDocument(person: Person): string {
  const blocked = person.containers
    .filter(({ id }) => id === CONTAINER.blocked)
    .flatMap(({ members }) => members.filter(({ type }) => type === 'user'));
  const ace = (type: string, mask: string, rights: string): string => xml('ace', { type, mask, rights });
  const versions = person.containers.reduce((sum, { version }) => sum + version, 1);
  return xml(
    'ACLlist',
    { deltaNum: versions + person.confirmed.size },
    ...blocked.map(({ value }) => ace('USER', value, 'BB')),
    ...[...person.confirmed].map((uri) => ace('USER', uri, 'AA')),
    ace('ALL', '', 'AA'),
  );
}

/** Server configuration of LCS 2005 (MS-SIP 2.2.5): the user, and no telephone line. */
export function legacyProvisioningDocument(person: Person): string {
  return xml('provisioningInfo', {}, xml('user', { uri: person.uri }));
}
