import type { Coordinator, Role } from '../lease-ports.js';
import type { Directory, Roster } from '../ports.js';

/** What is told: whom to watch, and whether to write. */
export interface OnDuty {
  start(roster: Roster, role: Role): void;
  setRoster(roster: Roster): void;
  setRole(role: Role): void;
}

const NOBODY: Roster = { people: [], optedOut: new Set() };
const WAITING: Role = { state: 'standby', holder: '' };

/**
 * Starts a bridge, its directory and its coordinator. The bridge signs in at once but writes only when both are known:
 * that it holds the lease, and who may be shown; with an empty roster it would remove all documents. The returned
 * function ends the directory.
 */
export function goOnDuty(bridge: OnDuty, directory: Directory, coordinator: Coordinator): () => Promise<void> {
  let isKnown = false;
  let role: Role | undefined;
  bridge.start(NOBODY, WAITING);
  directory.start((roster) => {
    bridge.setRoster(roster);
    if (!isKnown && role !== undefined) bridge.setRole(role);
    isKnown = true;
  });
  coordinator.start((decided) => {
    role = decided;
    if (isKnown) bridge.setRole(decided);
  });
  return () => directory.stop();
}
