import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BridgeConfig } from '../config/config.js';
import type { PersonSubject, PersonTrace } from '../person-ports.js';

type Site = Pick<BridgeConfig, 'file' | 'bridge' | 'domino' | 'people' | 'directory'>;

/** Larger files in a state folder are not ours. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_FILES = 100;

/**
 * Where else than in the database something about a person stands: in the configuration and in files beside it, which are
 * searched; in files of the embedded store and in memory, where it may be. Changes nothing.
 */
export function personTraces(site: Site, subject: PersonSubject): readonly PersonTrace[] {
  const { domino, directory } = site;
  const files = [site.file, ...(directory.csvFile === undefined ? [] : [directory.csvFile])];
  return [
    ...files.map((file) => searched(file, subject)),
    ...stateFiles(site.bridge.stateFolder).map((file) => searched(file, subject)),
    ...(domino.kind === 'embedded' ? [journal(domino.folder)] : []),
    { place: 'memory of a running bridge', says: 'Status and directory answers, which end with the process.' },
    { place: 'log', says: 'At the default level people appear as their key alone.' },
  ].filter((trace) => trace !== undefined);
}

/** Why the configuration alone has the person watched. */
export function wantedByConfig({ people }: Pick<Site, 'people'>, subject: PersonSubject): readonly string[] {
  const keys = new Set(subject.keys);
  const names = new Set(subject.names.map((name) => name.toLowerCase()));
  return people
    .filter(({ key, name }) => keys.has(key) || (name !== undefined && names.has(name.toLowerCase())))
    .map(({ uri }) => `The list "people" of the configuration has ${uri}.`);
}

function stateFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .slice(0, MAX_FILES)
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** `undefined` when the file does not name the person. One that cannot be read is told, since nobody knows then. */
function searched(file: string, subject: PersonSubject): PersonTrace | undefined {
  try {
    const { size } = statSync(file);
    if (size > MAX_BYTES) return { place: file, says: 'It is too large to be searched.' };
    const text = readFileSync(file, 'utf8').toLowerCase();
    const found = spellings(subject).find((spelling) => holds(text, spelling));
    return found === undefined ? undefined : { place: file, says: `It names ${found}.` };
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code ?? '';
    return code === 'ENOENT' || code === 'EISDIR' ? undefined : { place: file, says: `It cannot be read: ${code}.` };
  }
}

/** True when the text has it as a whole: `ana@contoso.example` does not stand in `diana@contoso.example`. */
function holds(text: string, spelling: string): boolean {
  for (let at = text.indexOf(spelling); at >= 0; at = text.indexOf(spelling, at + 1)) {
    const before = text.slice(Math.max(0, at - 1), at);
    const after = text.slice(at + spelling.length, at + spelling.length + 2);
    if (!/[\p{L}\p{N}._%+-]$/u.test(before) && !/^([\p{L}\p{N}/-]|\.[\p{L}\p{N}])/u.test(after)) return true;
  }
  return false;
}

function spellings({ addresses, keys, names, otherNames }: PersonSubject): readonly string[] {
  const bare = addresses.map((address) => address.slice('sip:'.length));
  const known = [...names, ...otherNames];
  const abbreviated = known.map((name) => name.replace(/(^|\/)[A-Z]+=/g, '$1'));
  return [...bare, ...keys, ...known, ...abbreviated].map((text) => text.toLowerCase());
}

function journal(folder: string): PersonTrace {
  const says =
    'A status that was replaced stands in its journal for a minute at most, a removed document for five seconds.';
  return { place: `files of the embedded store in ${folder}`, says };
}
