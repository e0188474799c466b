import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shared, sharedPath } from './shared.js';

export interface TortureFile {
  readonly name: string;
  readonly class: 'valid' | 'invalid' | 'semantic';
  readonly framing: string;
  readonly bytes: Buffer;
}

/** All messages of one suite, `rfc4475` or `rfc5118`; none where the shared material is absent. */
export function tortureFiles(folder: 'rfc4475' | 'rfc5118'): readonly TortureFile[] {
  if (shared === undefined) return [];
  const index = JSON.parse(readFileSync(sharedPath('vectors', folder, 'index.json'), 'utf8')) as {
    messages: (Omit<TortureFile, 'bytes'> & { file?: string })[];
    /** Files beside the suite: a repaired copy, and one that the RFC does not describe. All are invalid. */
    extra?: { file: string }[];
  };
  const extra = (index.extra ?? []).map(({ file }) => {
    return { name: file.replace(/\.dat$/, ''), file, class: 'invalid', framing: 'none' } as const;
  });
  return [...index.messages, ...extra].map(({ name, class: verdict, framing, file = name }) => {
    return { name, class: verdict, framing, bytes: readFileSync(sharedPath('vectors', folder, file)) };
  });
}

/** Those that the project keeps itself. */
export function keptTortureFiles(): readonly Buffer[] {
  const folder = join(import.meta.dirname, '../fixtures/rfc4475');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.dat'))
    .map((name) => readFileSync(join(folder, name)));
}
