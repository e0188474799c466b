import type { VersionConflict } from '../presence/publish.js';
import { xml } from './xml-write.js';

export const FAULT_TYPE = 'application/msrtc-fault+xml';

/** Body of a 409: the operations whose version is not the current one (MS-PRES 2.2.2.6.2). */
export function wrongDeltaFault(conflicts: readonly VersionConflict[]): string {
  const operations = conflicts.map(({ index, version, curVersion }) =>
    xml('operation', { index, version, curVersion }),
  );
  return xml('Fault', {}, xml('Faultcode', {}, 'Client.BadCall.WrongDelta'), xml('details', {}, ...operations));
}
