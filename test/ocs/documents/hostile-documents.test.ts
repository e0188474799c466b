import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFault } from '../../../src/ocs/documents/publish-fault.js';
import { PRESENCE_TYPES, readPresence } from '../../../src/ocs/documents/read-presence.js';
import { readRoamingSelf } from '../../../src/ocs/documents/roaming-self.js';
import { BridgeError } from '../../../src/presence/errors.js';
import {
  ACTIVITY,
  categoriesDocument,
  category,
  lcsDocument,
  noteContent,
  pidfDocument,
  pidfTuple,
  resourceList,
  rpidPerson,
  stateContent,
  usualDocument,
  xpidfDocument,
} from './samples.js';

/** A good document, and what reads it: how many statements it found. Throws what the reader throws. */
interface Sample {
  readonly name: string;
  readonly document: string;
  read(body: Buffer): number;
}

function presenceSample(name: string, contentType: string, document: string): Sample {
  return {
    name,
    document,
    read(body) {
      const reading = readPresence(contentType, body);
      const [error] = reading.refused;
      if (error !== undefined) throw error;
      return reading.observations.length + reading.resources.length;
    },
  };
}

const SELF = 'http://schemas.microsoft.com/2006/09/sip/roaming-self';
const CUSTOM = ACTIVITY.replace('/>', '><custom LCID="1033">Quarter close</custom></activity>');

const SAMPLES: readonly Sample[] = [
  presenceSample('categories', 'application/msrtc-event-categories+xml', usualDocument()),
  presenceSample(
    'categories with an activity in own words',
    'application/msrtc-event-categories+xml',
    categoriesDocument(
      category('state', stateContent('6500', CUSTOM)) + category('note', noteContent('caf\u00e9', 'OOF')),
    ),
  ),
  presenceSample(
    'PIDF',
    'application/pidf+xml',
    pidfDocument(
      pidfTuple('open', '<note xml:lang="fr">Caf\u00e9</note><timestamp>2026-01-05T08:00:00Z</timestamp>', '0.8') +
        rpidPerson(['meeting', 'on-the-phone'], '<rpid:user-input>idle</rpid:user-input>'),
    ),
  ),
  presenceSample('XPIDF', 'application/xpidf+xml', xpidfDocument('inuse', 'onthephone')),
  presenceSample('LCS 2005', 'text/xml+msrtc.pidf', lcsDocument('300', '600', [9500, 6500], '<note>Caf\u00e9</note>')),
  presenceSample(
    'resource list',
    'application/rlmi+xml',
    resourceList('<resource uri="sip:a@b.example"><instance id="1" state="active" cid="x@y"/></resource>'),
  ),
  {
    name: 'own account',
    document:
      `<roamingData xmlns="${SELF}"><categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories"` +
      ` uri="sip:a@b.example">${category('state', stateContent('3500', ACTIVITY, 'userState'))}</categories>` +
      '<containers><container id="200" version="1"><member type="sameEnterprise"/></container></containers>' +
      '<subscribers><subscriber user="b@c.example" acknowledged="false"/></subscribers></roamingData>',
    read: (body) => readRoamingSelf(body).publications.length,
  },
  {
    name: 'fault',
    document:
      '<Fault><Faultcode>Client.BadCall.WrongDelta</Faultcode><details><operation index="1" version="0"' +
      ' curVersion="3"/></details></Fault>',
    read: (body) => readFault(body).operations.length,
  },
];

/** Far above what any of these takes: a busy machine must not fail a reader. */
const LONGEST_MS = 1000;

/** `read` or the reason of the refusal; fails the test for any other error and when it takes too long. */
function outcome(sample: Sample, body: Buffer): string {
  const start = performance.now();
  try {
    sample.read(body);
    return 'read';
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(BridgeError);
    const { code, details } = BridgeError.from(thrown);
    expect(code).toBe('OCS_DOCUMENT');
    return String(details['reason']);
  } finally {
    expect(performance.now() - start).toBeLessThan(LONGEST_MS);
  }
}

const MARKUP = [
  '<',
  '>',
  '&',
  '"',
  "'",
  '/',
  '&#0;',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?x ?>',
  '<!DOCTYPE x>',
  '\u0000',
];

/** Changes of a document by which nearly good ones arise. */
const mutation = fc.oneof(
  fc.record({ at: fc.nat(), octet: fc.nat(255) }).map(({ at, octet }) => (body: Buffer) => {
    const changed = Buffer.from(body);
    changed[at % changed.length] = octet;
    return changed;
  }),
  fc.record({ at: fc.nat(), text: fc.constantFrom(...MARKUP) }).map(({ at, text }) => (body: Buffer) => {
    const where = at % (body.length + 1);
    return Buffer.concat([body.subarray(0, where), Buffer.from(text), body.subarray(where)]);
  }),
  fc.record({ at: fc.nat(), length: fc.nat(60) }).map(({ at, length }) => (body: Buffer) => {
    const where = at % (body.length + 1);
    return Buffer.concat([body.subarray(0, where), body.subarray(where + length)]);
  }),
  fc.record({ at: fc.nat(), length: fc.nat(200), to: fc.nat() }).map(({ at, length, to }) => (body: Buffer) => {
    const where = at % (body.length + 1);
    const target = to % (body.length + 1);
    const piece = body.subarray(where, where + length);
    return Buffer.concat([body.subarray(0, target), piece, body.subarray(target)]);
  }),
);

describe.each(SAMPLES)('a $name document', (sample) => {
  const whole = Buffer.from(sample.document, 'utf8');

  test('is read as it is', () => {
    expect(sample.read(whole)).toBe(1);
  });

  test('cut at any octet is refused', () => {
    for (let end = 0; end < whole.length; end++) {
      expect(outcome(sample, whole.subarray(0, end))).not.toBe('read');
    }
  });

  test('with anything in it changed is read, or refused with a reason', () => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const body = mutations.reduce((changed, change) => (changed.length > 0 ? change(changed) : changed), whole);
        expect(outcome(sample, body)).toMatch(/^[a-z-]+$/);
      }),
      { seed: 4662, numRuns: 400 },
    );
  });
});

describe('any octets', () => {
  test('never make a presence reader throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PRESENCE_TYPES), fc.uint8Array({ maxLength: 400 }), (type, octets) => {
        const { observations, refused } = readPresence(type, Buffer.from(octets));
        expect(observations.length + refused.length).toBe(1);
        expect(refused.map((error) => error.code)).not.toContain('INTERNAL');
      }),
      { seed: 3863, numRuns: 1000 },
    );
  });
});
