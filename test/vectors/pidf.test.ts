import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readPresence } from '../../src/ocs/documents/read-presence.js';
import { merge, unknownSnapshot } from '../../src/presence/snapshot.js';
import { sip } from '../support/people.js';
import { sharedPath, skippedWithoutShared } from '../support/shared.js';

const SUITE = 'PIDF documents of RFCs, old drafts and real devices';
const skipped = skippedWithoutShared(SUITE);
const files: readonly string[] = skipped
  ? []
  : JSON.parse(readFileSync(sharedPath('vectors', 'pidf', 'index.json'), 'utf8')).items.map(
      ({ file }: { readonly file: string }) => file,
    );

/** Within the time that the example of RFC 4480 gives for its activity. */
const NOW = Date.UTC(2005, 4, 30, 11, 0);

function read(file: string, options: { readonly bareDoctype?: boolean; readonly now?: number } = { now: NOW }) {
  const octets = readFileSync(sharedPath('vectors', 'pidf', file));
  const type = file.includes('xpidf') ? 'application/xpidf+xml' : 'application/pidf+xml';
  const expected = file.includes('no-entity') ? sip('someone@example.com') : undefined;
  const { observations, refused } = readPresence(type, octets, { ...options, expected });
  const [observed] = observations;
  if (observed === undefined) return `refused: ${refused.map((error) => error.details['reason']).join()}`;
  const { status, activity, note } = merge(unknownSnapshot(observed.uri), observed, {
    now: NOW,
    notes: true,
    authoritative: true,
  });
  return [observed.uri.replace('sip:', ''), status, activity, note].join(' | ');
}

const EXPECTED: Readonly<Record<string, string>> = {
  'field-asterisk-unknown-activity.xml': '5000@blitzzgod.com | available |  | ',
  'field-snom-closed.xml': '2002@blitzzgod.com | offline |  | ',
  'field-asterisk-empty-activities.xml': '2002@blitzzgod.com | available |  | Online',
  'field-pjsip-idle.xml': '5002@test.com | available |  | Idle',
  'field-prefixed-single-tuple.xml': 'someone@example.com | available |  | ',
  'rfc4479-style-on-the-phone-no-entity.xml': 'someone@example.com | busy | on-the-phone | ',
  'rfc4482-cipid-example.xml': 'someone@example.com | available |  | ',
  'rfc4480-rpid-example.xml': 'someone@example.com | away | away | Scoring 120',
  'legacy-1.xml': 'refused: not-well-formed',
  'legacy-2.xml': 'jason_at_example.com@london.gloo.net | available |  | test',
  'legacy-3.xml': 'refused: address',
  'legacy-4.xml': 'refused: namespace',
  'legacy-5.xml': 'refused: namespace',
  'legacy-6.xml': 'refused: namespace',
  'rfc3863-prefixed.xml': 'someone@example.com | available |  | ',
  'rfc3863-default-namespace.xml': 'someone@example.com | available |  | ',
  'rfc3863-status-extension.xml': 'someone@example.com | available |  | ',
  'rfc3863-two-tuples-notes.xml': "someone@example.com | available |  | I'll be in Tokyo next week",
  'rfc3863-tuple-extension.xml': 'someone@example.com | available |  | ',
  'rfc3863-must-understand.xml': 'refused: must-understand',
  'field-xpidf-with-doctype.xml': 'refused: doctype',
  'field-pidf-with-doctype-no-namespace.xml': 'refused: doctype',
};

describe.skipIf(skipped)(SUITE, () => {
  test('are all known here', () => {
    expect([...files].sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  test.each(files)('%s is read or refused as it should be', (file) => {
    expect(read(file)).toBe(EXPECTED[file]);
  });

  test('the activity of RFC 4480 counts when nobody says what time it is, and not after its time', () => {
    expect(read('rfc4480-rpid-example.xml', {})).toContain('| away | away |');
    expect(read('rfc4480-rpid-example.xml', { now: NOW + 86_400_000 })).toContain('| available-idle |');
  });

  test('XPIDF of the first generation is read when its DOCTYPE is allowed', () => {
    expect(read('field-xpidf-with-doctype.xml', { bareDoctype: true })).toBe('user@192.168.123.2 | offline |  | ');
  });

  test('PIDF with a DOCTYPE is refused even then', () => {
    expect(read('field-pidf-with-doctype-no-namespace.xml', { bareDoctype: true })).toBe('refused: doctype');
  });
});
