import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { INSTANCE_FILE, instanceId } from '../../../src/bridge/runtime/instance-id.js';
import { fileServers, SERVERS_FILE } from '../../../src/bridge/runtime/known-servers.js';
import { FAILURE_FILE, lastFailure, recordFailure } from '../../../src/bridge/runtime/last-failure.js';
import { ATTEMPTS_FILE, fileAttempts } from '../../../src/bridge/runtime/sign-in-attempts.js';
import { accessToken, STATE_FILES, writeState } from '../../../src/bridge/runtime/state-folder.js';
import { lockState } from '../../../src/bridge/runtime/state-lock.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { sipKeyOf } from '../../../src/presence/ids.js';
import { mutated } from '../../support/mutator.js';
import { sip } from '../../support/people.js';
import { recordingLog } from '../../support/silent-log.js';
import { SimulatedClock, seededRandom } from '../../support/simulated-clock.js';

const ANA = sipKeyOf(sip('ana.reyes@contoso.example'));
const ATTEMPT = { failures: 2, at: Date.UTC(2026, 0, 5), mark: 'a1b2' };
const TOKEN = /^[A-Za-z0-9_-]{43,256}$/;

/** In memory where that is possible: thousands of files are made to survive a loss of power. */
const ROOM = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
let folder: string;
let log: ReturnType<typeof recordingLog>;
beforeEach(() => {
  folder = mkdtempSync(join(ROOM, 'damaged-state-'));
  log = recordingLog();
});
afterEach(() => rmSync(folder, { recursive: true }));

const failed: string[] = [];
beforeEach(() => failed.splice(0));
const ports = () => ({
  random: seededRandom(7),
  clock: new SimulatedClock(),
  log,
  onFailed: (file: string) => failed.push(file),
});

interface StateFile {
  readonly file: string;
  /** Makes a good file. */
  make(): void;
  /** Reads it as a start does. */
  read(): unknown;
  /** Whether what was read can be worked with. */
  isUsable(read: unknown): boolean;
  readonly warning?: string;
}

const FILES: readonly StateFile[] = [
  {
    file: ATTEMPTS_FILE,
    make: () => fileAttempts(folder, ports()).write(ANA, ATTEMPT),
    read: () => fileAttempts(folder, ports()).read(ANA),
    isUsable: (read) => read === undefined || (read as typeof ATTEMPT).failures > 0,
    warning: 'bridge.attempts-lost',
  },
  {
    file: SERVERS_FILE,
    make: () => fileServers(folder, ports()).write(ANA, 'pool.contoso.example'),
    read: () => fileServers(folder, ports()).read(ANA),
    isUsable: (read) => read === undefined || typeof read === 'string',
    warning: 'bridge.servers-lost',
  },
  {
    file: INSTANCE_FILE,
    make: () => instanceId(folder, ports()),
    read: () => instanceId(folder, ports()),
    isUsable: (read) => /^[0-9a-f]{32}$/.test(String(read)),
    warning: 'bridge.instance-lost',
  },
  {
    file: STATE_FILES.token,
    make: () => accessToken(folder, seededRandom(7), log),
    read: () => accessToken(folder, seededRandom(8), log),
    isUsable: (read) => TOKEN.test(String(read)),
    warning: 'bridge.token-lost',
  },
  {
    file: FAILURE_FILE,
    make: () => recordFailure(folder, new BridgeError('NOTES_SCHEMA', 'newer'), ports()),
    read: () => lastFailure(folder),
    isUsable: (read) => read === undefined || typeof (read as { message: unknown }).message === 'string',
  },
  {
    file: 'lock',
    make: () => writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 2 ** 22 + 17, began: '4711' })),
    read: () => lockState(folder),
    isUsable(read) {
      (read as () => void)();
      return true;
    },
  },
];

describe('state files that are damaged in a thousand ways', () => {
  test.each(FILES)(
    '$file: the bridge starts, and what it reads can be used',
    (one) => {
      one.make();
      const path = join(folder, one.file);
      const good = readFileSync(path);
      const random = seededRandom(41);
      for (let round = 0; round < 1_000; round++) {
        const bytes = mutated([good], random);
        writeFileSync(path, bytes);
        const read = one.read();
        if (!one.isUsable(read)) expect.fail(`round ${round}: ${JSON.stringify(bytes.toString('latin1'))}`);
      }
      if (one.warning !== undefined) expect(log.entries.map(({ event }) => event)).toContain(one.warning);
    },
    60_000,
  );

  test.each(FILES.slice(0, 4))('$file: is whole again after the next write', (one) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, one.file), '\0\0\0');
    one.make();
    log.entries.splice(0);
    const [first, second] = [one.read(), one.read()];
    expect([first, log.entries]).toEqual([second, []]);
    expect(first).toBeDefined();
  });
});

/** Makes a file system with room for some pages, or says why there is none. */
function smallDisk(at: string): boolean {
  try {
    mkdirSync(at);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32k,mode=0700', 'tmpfs', at], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a full disk', () => {
  test('costs no state file, is said once, counted each time, and stops nothing', ({ skip }) => {
    const disk = join(folder, 'disk');
    if (!smallDisk(disk)) return skip('no file system may be mounted here');
    try {
      const attempts = fileAttempts(disk, ports());
      attempts.write(ANA, ATTEMPT);
      instanceId(disk, ports());
      const before = readFileSync(join(disk, ATTEMPTS_FILE));
      fill(disk);
      attempts.write(ANA, { ...ATTEMPT, failures: 3 });
      attempts.write(ANA, { ...ATTEMPT, failures: 4 });
      recordFailure(disk, new BridgeError('INTERNAL', 'x'), ports());
      const token = accessToken(disk, seededRandom(1), log);
      expect(readFileSync(join(disk, ATTEMPTS_FILE))).toEqual(before);
      expect([attempts.read(ANA)?.failures, TOKEN.test(token)]).toEqual([4, true]);
      expect(failed).toEqual([ATTEMPTS_FILE, ATTEMPTS_FILE, FAILURE_FILE]);
      expect(log.entries.map(({ event }) => event)).toEqual([
        'bridge.attempts-not-kept',
        'bridge.failure-not-kept',
        'bridge.token-not-kept',
      ]);
      rmSync(join(disk, 'filler'));
      attempts.write(ANA, { ...ATTEMPT, failures: 5 });
      expect(fileAttempts(disk, ports()).read(ANA)?.failures).toBe(5);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  test('or another trouble in the middle of a write leaves the old file whole and nothing beside it', () => {
    writeState(folder, STATE_FILES.address, 'old');
    // A folder in the way of the new file stands for a disk that takes no more.
    mkdirSync(join(folder, `${STATE_FILES.address}.new`));
    expect(() => writeState(folder, STATE_FILES.address, 'new')).toThrow(
      expect.objectContaining({ code: 'CFG_INVALID' }),
    );
    expect(readFileSync(join(folder, STATE_FILES.address), 'utf8')).toBe('old\n');
  });

  test('is not what a folder that cannot be made is: that is a mistake of the configuration', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => accessToken(join(folder, 'file', 'state'), seededRandom(1), log)).toThrow(
      expect.objectContaining({ code: 'CFG_INVALID' }),
    );
    expect(instanceId(join(folder, 'file', 'state'), ports())).toMatch(/^[0-9a-f]{32}$/);
    expect(failed).toEqual([INSTANCE_FILE]);
  });
});

function fill(disk: string): void {
  try {
    writeFileSync(join(disk, 'filler'), Buffer.alloc(1_000_000));
  } catch {
    // As far as it went.
  }
}

test('the identity of a bridge is made once, and another folder has another one', () => {
  const made = instanceId(folder, { log, random: seededRandom(1) });
  expect(instanceId(folder, { log, random: seededRandom(2) })).toBe(made);
  expect(instanceId(join(folder, 'other'), { log, random: seededRandom(2) })).not.toBe(made);
  expect(log.entries).toEqual([]);
});
