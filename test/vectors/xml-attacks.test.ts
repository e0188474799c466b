import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { onlyExpected } from '../../src/ocs/documents/only-expected.js';
import { readPresence } from '../../src/ocs/documents/read-presence.js';
import { readXml } from '../../src/ocs/documents/xml.js';
import { BridgeError } from '../../src/presence/errors.js';
import { sharedPath, skippedWithoutShared } from '../support/shared.js';

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

function octetsOf({ file }: Attack): Buffer {
  const octets = readFileSync(sharedPath('vectors', 'xml-attacks', file));
  return file.endsWith('.gz') ? gunzipSync(octets) : octets;
}

/** The samples are PIDF documents. The same trick inside a categories document, the kind that is read from OCS. */
function asCategories(pidf: Buffer): Buffer {
  const text = pidf
    .toString('latin1')
    .replaceAll(/(<\/?)presence\b/g, '$1categories')
    .replaceAll('urn:ietf:params:xml:ns:pidf', 'http://schemas.microsoft.com/2006/09/sip/categories')
    .replace('entity=', 'uri=')
    .replaceAll('<status><basic>open</basic></status>', '')
    .replaceAll(/(<\/?)note\b/g, '$1body')
    .replaceAll(
      /<tuple id="t[0-9]+">/g,
      '<category name="note"><note xmlns="http://schemas.microsoft.com/2006/09/sip/note">',
    )
    .replaceAll('</tuple>', '</note></category>');
  return Buffer.from(text, 'latin1');
}

function verdictOf(attack: Attack, read: () => boolean): string {
  const verdict = read() ? 'parse' : 'refuse';
  return attack.verdict === 'parse-or-refuse' ? attack.verdict : verdict;
}

describe.skipIf(skipped)(SUITE, () => {
  test('are all there', () => {
    expect(attacks).toHaveLength(46);
  });

  for (const attack of attacks) {
    // Namespace and person are a matter of the kind of document, below.
    test.skipIf(attack.rule === 'meaning')(`${attack.file} as it is: ${attack.verdict}`, () => {
      const verdict = verdictOf(attack, () => {
        try {
          readXml(octetsOf(attack), { open: () => true, close: () => undefined });
          return true;
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(BridgeError);
          return false;
        }
      });
      expect(verdict).toBe(attack.verdict);
    });

    test(`${attack.file} as categories: ${attack.verdict}`, () => {
      const reading = onlyExpected(
        readPresence('application/msrtc-event-categories+xml', asCategories(octetsOf(attack))),
        (uri) => uri === 'sip:mallory@example.test',
      );
      const verdict = verdictOf(attack, () => reading.observations.length === 1);
      expect(verdict).toBe(attack.verdict);
      expect(reading.refused.length + reading.observations.length).toBe(1);
      expect(reading.refused.map((error) => error.code)).not.toContain('INTERNAL');
      expect(Object.keys(Object.prototype)).toEqual([]);
    });
  }
});
