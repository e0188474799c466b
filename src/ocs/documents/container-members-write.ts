import { xml } from './xml-write.js';

export const CONTAINER_MEMBERS_TYPE = 'application/msrtc-setcontainermembers+xml';

/** Adds a kind of people to a container (MS-PRES 2.2.2.7). */
export interface MemberAddition {
  readonly container: number;
  /** The version that was last seen, 0 when there was none. */
  readonly version: number;
  readonly type: 'sameEnterprise' | 'federated';
}

export function writeContainerMembers(additions: readonly MemberAddition[]): Buffer {
  const document = xml(
    'setContainerMembers',
    { xmlns: 'http://schemas.microsoft.com/2006/09/sip/container-management' },
    additions.map(({ container, version, type }) =>
      xml('container', { id: container, version }, [xml('member', { action: 'add', type })]),
    ),
  );
  return Buffer.from(document.text, 'utf8');
}
