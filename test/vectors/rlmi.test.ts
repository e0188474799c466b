import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readPresence } from '../../src/ocs/documents/read-presence.js';
import { statusOf } from '../../src/presence/availability.js';
import { sharedPath, skippedWithoutShared } from '../support/shared.js';

interface Notification {
  readonly file: string;
  /** Absent for whole messages, which carry it themselves. */
  readonly contentType?: string;
}

const SUITE = 'RFC 4662 list notifications';
const skipped = skippedWithoutShared(SUITE);
const notifications: readonly Notification[] = skipped
  ? []
  : JSON.parse(readFileSync(sharedPath('vectors', 'rlmi', 'index.json'), 'utf8')).items;

function read({ file, contentType }: Notification) {
  const octets = readFileSync(sharedPath('vectors', 'rlmi', file));
  const headEnd = contentType === undefined ? octets.indexOf('\r\n\r\n') : 0;
  const head = octets.toString('latin1', 0, headEnd).replace(/\r\n[ \t]+/g, ' ');
  const type = contentType ?? /^Content-Type:\s*(.*)$/im.exec(head)?.[1] ?? '';
  const { resources, refused, observations } = readPresence(type, contentType ? octets : octets.subarray(headEnd + 4));
  return {
    resources: resources.map(({ uri, state }) => `${uri} ${state}`),
    refused: refused.map((error) => error.details['reason']),
    people: observations.map(({ uri, state }) => `${uri} ${statusOf(state?.availability)}`),
  };
}

const RFC_RESOURCES = [
  'sip:bob@vancouver.example.com active',
  'sip:dave@vancouver.example.com active',
  'sip:ed@dallas.example.net pending',
  'sip:adam-friends@stockholm.example.org pending',
];

const RFC_PEOPLE = ['sip:bob@vancouver.example.com available', 'sip:dave@vancouver.example.com offline'];

const EXPECTED: Readonly<Record<string, ReturnType<typeof read>>> = {
  'rfc4662-fullstate.body': { resources: RFC_RESOURCES, refused: [], people: RFC_PEOPLE },
  'rfc4662-no-blank-line.body': {
    resources: RFC_RESOURCES,
    refused: [],
    people: RFC_PEOPLE,
  },
  'rfc4662-fullstate-stray-quote.body': { resources: [], refused: ['not-well-formed'], people: [] },
  'draft04-notify-rlmi-only.sip': { resources: [], refused: ['namespace'], people: [] },
  'draft04-notify-fullstate.sip': { resources: [], refused: ['namespace'], people: [] },
  'draft04-notify-partial-nested-signed.sip': { resources: [], refused: ['namespace'], people: [] },
};

describe.skipIf(skipped)(SUITE, () => {
  test('are all known here', () => {
    expect(notifications.map(({ file }) => file).sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  test.each(notifications)('$file is read or refused as it should be', (notification) => {
    expect(read(notification)).toEqual(EXPECTED[notification.file]);
  });
});
