import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const SRC = 'src';

interface Import {
  readonly file: string;
  readonly target: string;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : path.endsWith('.ts') ? [path] : [];
  });
}

/** Every import of every file; relative ones resolved to a path below `src`. */
function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const specifiers = [...text.matchAll(/(?<!')(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  return specifiers.map((specifier) => ({
    file: relative(SRC, file),
    target: specifier.startsWith('.')
      ? relative(SRC, normalize(join(dirname(file), specifier))).replace(/\.js$/, '.ts')
      : specifier,
  }));
}

const files = filesBelow(SRC);
const imports = files.flatMap(importsOf);
const inRoom = (path: string, room: string): boolean => path === room || path.startsWith(`${room}/`);
const isPackage = (target: string): boolean => !target.endsWith('.ts') && !target.startsWith('node:');

/** What the rooms on both sides of the bridge implement. */
const PORTS = [
  'bridge/ports.ts',
  'bridge/lease-ports.ts',
  'bridge/list-ports.ts',
  'bridge/person-ports.ts',
  'bridge/view-ports.ts',
];

/** Rooms that may know only what is listed, besides themselves. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  presence: [],
  ...Object.fromEntries(PORTS.map((ports) => [ports, ['presence', ...PORTS]])),
  'bridge/engine': ['presence', ...PORTS],
  system: [],
  ocs: ['presence', ...PORTS],
  notes: ['presence', ...PORTS, 'system'],
  // What is served to browsers brings nothing along.
  client: ['presence'],
};

/** Nothing here may touch the outside world. */
const PURE = ['presence', 'ocs/wire', 'ocs/documents', 'notes/items.ts', 'notes/fields.ts', 'bridge/engine'];
const PURE_BUILTINS = new Set(['node:buffer', 'node:crypto']);
const PURE_PACKAGES: Readonly<Record<string, readonly string[]>> = { 'ocs/documents': ['saxes'] };
const IMPURE_CALLS =
  /\b(setTimeout|setInterval|setImmediate|Date\.now|new Date\(\)|Math\.random|performance\.now|console)\b/;

/** What the client needs the wall clock for; whoever adds a line says why no monotonic time will do. */
const WALL_CLOCK: Readonly<Record<string, string>> = {
  'ocs/account/account-session.ts': 'since when, shown',
  'ocs/account/shared-roster.ts': 'since when, shown',
  'ocs/account/messenger.ts': 'when a message came, shown',
  'ocs/probe.ts': 'days left of a certificate',
  'ocs/account/own-presence.ts': 'an end that a person chose',
  'ocs/account/server-finder.ts': 'age of an address, over restarts',
  'ocs/agent/registration.ts': 'skew to the server; age of a refusal, over restarts',
  'ocs/agent/lcs-publish-dialect.ts': 'time of a publication',
  'ocs/agent/client.ts': 'how believable the times in documents are',
  'ocs/agent/presence-fetch.ts': 'how believable the times in documents are',
  'ocs/agent/subscription-run.ts': 'how believable the times in documents are',
  'ocs/auth/ntlm/mechanism.ts': 'time in a proof',
};

describe('architecture', () => {
  test('finds the sources', () => {
    expect(imports.length).toBeGreaterThan(500);
  });

  for (const [room, allowed] of Object.entries(ROOMS)) {
    test(`${room} imports only itself${allowed.length ? ` and ${allowed.join(', ')}` : ''}`, () => {
      const wrong = imports.filter(
        ({ file, target }) =>
          inRoom(file, room) &&
          target.endsWith('.ts') &&
          !inRoom(target, room) &&
          !allowed.some((other) => inRoom(target, other)),
      );
      expect(wrong).toEqual([]);
    });
  }

  test('only compose.ts and the command line know concrete classes of several rooms', () => {
    const wrong = imports.filter(
      ({ file, target }) =>
        inRoom(file, 'bridge') && file !== 'bridge/compose.ts' && (inRoom(target, 'ocs') || inRoom(target, 'notes')),
    );
    expect(wrong).toEqual([]);
  });

  test('nothing but the command line imports the command line or compose.ts', () => {
    const wrong = imports.filter(
      ({ file, target }) => !inRoom(file, 'cli') && (inRoom(target, 'cli') || target === 'bridge/compose.ts'),
    );
    expect(wrong).toEqual([]);
  });

  test('the simulator shares with the client only the words, the primitives of NTLM and the binding of GSSAPI', () => {
    const wrong = imports.filter(
      ({ file, target }) =>
        inRoom(file, 'ocs/simulator') &&
        inRoom(target, 'ocs') &&
        !inRoom(target, 'ocs/simulator') &&
        !['ocs/auth/ntlm/md4.ts', 'ocs/auth/ntlm/rc4.ts', 'ocs/auth/gssapi/binding.ts'].includes(target),
    );
    const back = imports.filter(
      ({ file, target }) => inRoom(file, 'ocs') && !inRoom(file, 'ocs/simulator') && inRoom(target, 'ocs/simulator'),
    );
    expect([...wrong, ...back]).toEqual([]);
  });

  for (const room of PURE) {
    test(`${room} is pure`, () => {
      const wrong = imports.filter(
        ({ file, target }) =>
          inRoom(file, room) &&
          ((target.startsWith('node:') && !PURE_BUILTINS.has(target)) ||
            (isPackage(target) && !PURE_PACKAGES[room]?.includes(target))),
      );
      expect(wrong).toEqual([]);
      const calls = files
        .filter((file) => inRoom(relative(SRC, file), room))
        .filter((file) => IMPURE_CALLS.test(readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')));
      expect(calls).toEqual([]);
    });
  }

  test('timers and order of the OCS client follow no wall clock', () => {
    const readers = files
      .map((file) => relative(SRC, file))
      .filter((file) => inRoom(file, 'ocs') && !inRoom(file, 'ocs/simulator'))
      .filter((file) => /\bclock\.now\b/.test(readFileSync(join(SRC, file), 'utf8')));
    expect(readers.sort()).toEqual(Object.keys(WALL_CLOCK).sort());
  });

  test('built-in modules are imported with the node: prefix', () => {
    expect(imports.filter(({ target }) => builtinModules.includes(target))).toEqual([]);
  });

  test('no file is longer than 500 lines', () => {
    const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 501);
    expect(long).toEqual([]);
  });
});
