import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../ports.js';
import { type StateFilePorts, stateKeeper } from './state-keeper.js';

export const INSTANCE_FILE = 'instance';

const BYTES = 16;

/**
 * Identity of the bridge that lives in this state folder, 32 hexadecimal digits; made once. By it a bridge that was
 * killed knows its own lease again. A damaged one is replaced, which costs waiting for the end of that lease; the same
 * holds after a run whose disk was full.
 */
export function instanceId(stateFolder: string, ports: StateFilePorts & { readonly random: Random }): string {
  const known = readKnown(stateFolder, ports);
  if (known !== undefined) return known;
  const made = ports.random.bytes(BYTES).toString('hex');
  stateKeeper(stateFolder, INSTANCE_FILE, 'bridge.instance-not-kept', ports)(made);
  return made;
}

function readKnown(stateFolder: string, { log }: StateFilePorts): string | undefined {
  try {
    const text = readFileSync(join(stateFolder, INSTANCE_FILE), 'latin1').trim();
    if (/^[0-9a-f]{32}$/.test(text)) return text;
    log.warn('bridge.instance-lost', { reason: 'damaged' });
  } catch (thrown) {
    const reason = (thrown as NodeJS.ErrnoException).code ?? 'unreadable';
    if (reason !== 'ENOENT') log.warn('bridge.instance-lost', { reason });
  }
  return undefined;
}
