import { join } from 'node:path';
import { BridgeError } from '../../../presence/errors.js';

const FILE_NAME = /^(?:snapshot|journal)-(\d{1,15})\.jsonl$/;

export function snapshotName(generation: number): string {
  return `snapshot-${generation}.jsonl`;
}

export function journalName(generation: number): string {
  return `journal-${generation}.jsonl`;
}

/** `undefined` for a file that is not one of the journal's. */
export function generationOf(name: string): number | undefined {
  const digits = FILE_NAME.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The generation that counts; 0 when there is none yet. */
export function newestGeneration(names: readonly string[]): number {
  return names.reduce((highest, name) => Math.max(highest, generationOf(name) ?? 0), 0);
}

/**
 * The folder of a database below the folder of a store. `filePath` is written as Domino takes it, with either slash.
 * Throws `CFG_INVALID` for a path that leads out of the store.
 */
export function databaseFolder(store: string, filePath: string): string {
  const parts = filePath.split(/[\\/]/);
  if (parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'))) {
    return join(store, ...parts);
  }
  throw new BridgeError('CFG_INVALID', `"${filePath}" is not the path of a database.`);
}
