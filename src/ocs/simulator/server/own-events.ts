import type { Dialect } from '../options.js';

export const EVENTS = [
  'presence',
  'presence.wpending',
  'vnd-microsoft-provisioning',
  'vnd-microsoft-provisioning-v2',
  'vnd-microsoft-roaming-ACL',
  'vnd-microsoft-roaming-contacts',
  'vnd-microsoft-roaming-self',
] as const;
export type EventName = (typeof EVENTS)[number];

const ENHANCED: ReadonlySet<EventName> = new Set(['vnd-microsoft-provisioning-v2', 'vnd-microsoft-roaming-self']);

/** Events that a server of this dialect offers. OCS keeps those of LCS 2005 for older clients. */
export function eventsOf(dialect: Dialect): readonly EventName[] {
  return dialect === 'ocs2007' ? EVENTS : EVENTS.filter((event) => !ENHANCED.has(event));
}
