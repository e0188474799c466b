import type { SipUri } from '../../../presence/ids.js';

/** Containers of MS-PRES 2.2.2.5 that watchers are sorted into. */
export const CONTAINER = { everyone: 0, public: 100, company: 200, team: 300, personal: 400, blocked: 32_000 } as const;

/** Containers 2 and 3 take what the server aggregates; watchers never see them. */
export const AGGREGATION_INPUT = 2;

export const MEMBER_TYPES = ['user', 'domain', 'sameEnterprise', 'federated', 'publicCloud', 'everyone'] as const;
export type MemberType = (typeof MEMBER_TYPES)[number];

export interface Member {
  readonly type: MemberType;
  /** Address or domain, for the types `user` and `domain`. */
  readonly value: string;
}

export interface Container {
  readonly id: number;
  readonly version: number;
  readonly members: readonly Member[];
}

/**
 * Container that a watcher sees: the most specific membership wins (user, domain, enterprise, everyone), and among equals the
 * highest number, so that being blocked beats all else. Somebody in no container is served as a colleague when the domain is
 * the same, otherwise as the public.
 */
export function containerFor(watched: SipUri, watcher: SipUri, containers: readonly Container[]): number {
  const domain = domainOf(watcher);
  const colleague = domain === domainOf(watched);
  const matches: Readonly<Record<MemberType, (value: string) => boolean>> = {
    user: (value) => value === watcher,
    domain: (value) => value === domain,
    sameEnterprise: () => colleague,
    federated: () => !colleague,
    publicCloud: () => false,
    everyone: () => true,
  };
  for (const type of MEMBER_TYPES) {
    const ids = containers
      .filter(({ members }) => members.some((member) => member.type === type && matches[type](member.value)))
      .map(({ id }) => id);
    if (ids.length > 0) return Math.max(...ids);
  }
  return colleague ? CONTAINER.company : CONTAINER.public;
}

/** The containers after `setContainerMembers` on one of them. */
export function withMembers(
  containers: readonly Container[],
  id: number,
  added: readonly Member[],
  removed: readonly Member[],
): readonly Container[] {
  const before = containers.find((container) => container.id === id) ?? { id, version: 0, members: [] };
  const without = (members: readonly Member[], gone: readonly Member[]): readonly Member[] =>
    members.filter((member) => !gone.some((other) => other.type === member.type && other.value === member.value));
  const members = [...without(before.members, [...added, ...removed]), ...added];
  const after = { id, version: before.version + 1, members };
  return [...containers.filter((container) => container.id !== id), after].sort((a, b) => a.id - b.id);
}

function domainOf(uri: SipUri): string {
  return uri.slice(uri.lastIndexOf('@') + 1);
}
