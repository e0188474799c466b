import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readPresence } from '../../src/ocs/documents/read-presence.js';
import { readXml } from '../../src/ocs/documents/xml.js';
import { BridgeError } from '../../src/presence/errors.js';
import { merge, unknownSnapshot } from '../../src/presence/snapshot.js';
import { sharedPath, skippedWithoutShared } from '../support/shared.js';
import { ATTACK_FORMS, MALLORY } from '../support/xml-attack-forms.js';

interface Attack {
  readonly file: string;
  readonly verdict: 'refuse' | 'parse' | 'parse-or-refuse';
  readonly rule: string;
}

const SUITE = 'XML attacks';
const skipped = skippedWithoutShared(SUITE);
const attacks: readonly Attack[] = skipped
  ? []
  : JSON.parse(readFileSync(sharedPath('vectors', 'xml-attacks', 'index.json'), 'utf8')).items;

const LONGEST_MS = 50;
const MOST_MEMORY = 32 * 1024 * 1024;

function pathOf({ file }: Attack): string {
  return sharedPath('vectors', 'xml-attacks', file);
}

function octetsOf(attack: Attack): Buffer {
  const octets = readFileSync(pathOf(attack));
  return attack.file.endsWith('.gz') ? gunzipSync(octets) : octets;
}

function verdictOf(attack: Attack, read: () => boolean): string {
  const verdict = isRead(read) ? 'parse' : 'refuse';
  return attack.verdict === 'parse-or-refuse' ? attack.verdict : verdict;
}

function isRead(read: () => boolean): boolean {
  try {
    return read();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(BridgeError);
    expect(BridgeError.from(thrown).code).toBe('OCS_DOCUMENT');
    return false;
  }
}

/** Milliseconds of the quickest of three runs: a busy machine must not fail a reader. */
function quickest(read: () => boolean): number {
  const runs = [1, 2, 3].map(() => {
    const start = performance.now();
    isRead(read);
    return performance.now() - start;
  });
  return Math.min(...runs);
}

/** What is kept of the sample's note when notes are on. */
function keptNote(file: string): string {
  const attack = attacks.find((one) => one.file.startsWith(file));
  const body = attack ? octetsOf(attack) : Buffer.alloc(0);
  const [observed] = readPresence('application/pidf+xml', body).observations;
  if (observed === undefined) return 'refused';
  return merge(unknownSnapshot(MALLORY), observed, { now: 0, notes: true, authoritative: true }).note;
}

describe.skipIf(skipped)(SUITE, () => {
  test('are all there', () => {
    expect(attacks).toHaveLength(46);
  });

  for (const attack of attacks) {
    // Namespace and person are a matter of the kind of document, below.
    const isMeant = attack.rule === 'meaning';
    if (!isMeant)
      test(`${attack.file} as it is: ${attack.verdict}`, () => {
        const verdict = verdictOf(attack, () => {
          readXml(octetsOf(attack), { open: () => true, close: () => undefined });
          return true;
        });
        expect(verdict).toBe(attack.verdict);
      });

    for (const form of ATTACK_FORMS) {
      if (isMeant && !form.isPersonal) continue;
      test(`${attack.file} as ${form.name}: ${attack.verdict}`, () => {
        const body = form.dress(octetsOf(attack));
        expect(verdictOf(attack, () => form.read(body))).toBe(attack.verdict);
        expect(quickest(() => form.read(body))).toBeLessThan(LONGEST_MS);
        expect(Object.keys(Object.prototype)).toEqual([]);
      });
    }
  }

  test('take little memory from any reader', { timeout: 60_000 }, async () => {
    const flags = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=512', '--import', 'tsx'];
    const program = new URL('../support/xml-attack-cost.ts', import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, program, ...attacks.map(pathOf)]);
    const costs = stdout
      .trim()
      .split('\n')
      .map((line): { readonly file: string; readonly form: string; readonly taken: number } => JSON.parse(line));
    expect(costs).toHaveLength(attacks.length * ATTACK_FORMS.length);
    expect(costs.filter(({ taken }) => !(taken > 0 && taken < MOST_MEMORY))).toEqual([]);
  });

  test('a bare DOCTYPE is read in XPIDF when it is allowed, one with an internal subset never', () => {
    const xpidf = ATTACK_FORMS.find(({ name }) => name === 'XPIDF');
    const allowed = attacks
      .filter(({ rule }) => rule.startsWith('doctype'))
      .filter((attack) => {
        const body = xpidf?.dress(octetsOf(attack)) ?? Buffer.alloc(0);
        return readPresence('application/xpidf+xml', body, { bareDoctype: true }).observations.length > 0;
      });
    expect(allowed.map(({ file }) => file)).toEqual(['x05-external-dtd.xml', 'x09-plain-doctype.xml']);
  });

  test('a status of the far future does not freeze the record', () => {
    const attack = attacks.find(({ file }) => file.startsWith('x44'));
    const now = Date.UTC(2026, 0, 5);
    const options = { now, notes: false, authoritative: false };
    const read = (body: string) => {
      const [observed] = readPresence('application/pidf+xml', Buffer.from(body, 'utf8')).observations;
      if (observed === undefined) throw new Error('it was refused');
      return observed;
    };
    const future = attack ? octetsOf(attack).toString('utf8') : '';
    const before = merge(unknownSnapshot(MALLORY), read(future), options);
    expect([before.status, before.since]).toEqual(['available', now]);
    const later = merge(before, read(future.replace('open', 'closed').replace('9999', '2026')), options);
    expect(later.status).toBe('offline');
  });

  test.each([
    ['x29', '<script>alert(1)</script>'],
    ['x31', '=HYPERLINK('],
  ])('the text of %s is kept as text', (file, start) => {
    expect(keptNote(file)).toContain(start);
  });

  test('markup and pass-thru brackets of x30 are text, too', () => {
    expect(keptNote('x30')).toMatch(/<.*>/);
  });

  test('x32 gets no controls into anything, and x33 turns no reading direction', () => {
    expect(keptNote('x32')).toBe('refused');
    expect(keptNote('x33')).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  });
});
