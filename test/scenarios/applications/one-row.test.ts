import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PersonStatus } from '../../../src/bridge/status.js';
import { readPresence } from '../../../src/ocs/documents/read-presence.js';
import { merge, unknownSnapshot } from '../../../src/presence/snapshot.js';
import { categoriesDocument, category, stateContent } from '../../ocs/documents/samples.js';
import { ANA, BEARER, type TestServer, testServer } from '../../support/http-server.js';

/**
 * Table D3 of the mission, as published: numbers of OCS and Lync, MISTATUS, ContactAvailability, availability and activity
 * of Graph. The second part of each range holds what an activity changes.
 */
type Words = readonly [mistatus: number, lync: number, graph: string];
const TABLE: readonly (readonly [from: number, to: number, plain: Words, byActivity?: Record<string, Words>])[] = [
  [0, 2999, [0, 0, 'PresenceUnknown/PresenceUnknown']],
  [3000, 4499, [2, 3500, 'Available/Available']],
  [4500, 5999, [162, 5000, 'AvailableIdle/Inactive']],
  [
    6000,
    7499,
    [10, 6500, 'Busy/Busy'],
    {
      'on-the-phone': [50, 6500, 'Busy/InACall'],
      'in-a-conference': [130, 6500, 'Busy/InAConferenceCall'],
      'in-a-meeting': [82, 6500, 'Busy/InAMeeting'],
      'urgent-interruptions-only': [146, 6500, 'DoNotDisturb/UrgentInterruptionsOnly'],
    },
  ],
  [7500, 8999, [10, 7500, 'BusyIdle/Busy']],
  [
    9000,
    11999,
    [114, 9500, 'DoNotDisturb/DoNotDisturb'],
    {
      presenting: [114, 9500, 'DoNotDisturb/Presenting'],
      'in-presentation': [114, 9500, 'DoNotDisturb/Presenting'],
      'urgent-interruptions-only': [146, 9500, 'DoNotDisturb/UrgentInterruptionsOnly'],
    },
  ],
  [12000, 14999, [14, 12500, 'BeRightBack/BeRightBack']],
  [
    15000,
    17999,
    [34, 15500, 'Away/Away'],
    {
      'out-to-lunch': [66, 15500, 'Away/Away'],
      'off-work': [34, 15500, 'Away/OffWork'],
      'out-of-office': [98, 15500, 'Away/OutOfOffice'],
    },
  ],
  [18000, 20000, [1, 18500, 'Offline/Offline']],
];

const TOKENS = ['', ...new Set(TABLE.flatMap(([, , , changes = {}]) => Object.keys(changes)))];

function rowOf(number: number, token: string): Words {
  const [from, , plain, changes = {}] = TABLE.find(([low, high]) => number >= low && number <= high) ?? never(number);
  if (changes[token] !== undefined) return changes[token];
  // Out of office is no number: it says itself beside whatever the number says.
  const [mistatus, lync, graph] = plain;
  return token === 'out-of-office' && from >= 3000 ? [mistatus, lync, graph.replace(/\/.*/, '/OutOfOffice')] : plain;
}

function never(number: number): never {
  throw new Error(`${number} stands nowhere in the table`);
}

const DOCUMENT = 'application/msrtc-event-categories+xml';

/** What the bridge makes of somebody of whom OCS says this number and activity. */
function personOf(asked: string): PersonStatus {
  const [number = '', token = ''] = asked.split(' ');
  const activity = token === '' ? '' : `<activity token="${token}"/>`;
  const document = categoriesDocument(category('state', stateContent(number, activity)), ANA.uri);
  const { observations } = readPresence(DOCUMENT, Buffer.from(document), { now: server.clock.now() });
  const [observed = never(Number(number))] = observations;
  const options = { now: server.clock.now(), notes: false, authoritative: true };
  const { status, activity: known, outOfOffice } = merge(unknownSnapshot(ANA.uri), observed, options);
  return { ...ANA, status, activity: known, outOfOffice, observedAt: server.clock.now() };
}

let server: TestServer;
beforeAll(async () => {
  const find = (asked: string) => ({ outcome: 'found', person: personOf(asked) }) as const;
  server = await testServer({ query: { find, freshMs: 90_000 } });
});
afterAll(() => server.close());

interface Answer {
  readonly words: {
    readonly mistatus: { readonly value: number };
    readonly lync: { readonly availability: number };
    readonly graph: { readonly availability: string; readonly activity: string };
  };
}

/** The words of up to 1,000 people through the HTTP API. */
async function wordsOf(people: readonly string[]): Promise<readonly Words[]> {
  const answer = await server.get('/api/v1/people/query', {
    method: 'POST',
    headers: { ...BEARER, 'content-type': 'application/json' },
    body: JSON.stringify({ people, words: ['mistatus', 'lync', 'graph'] }),
  });
  const { people: told } = (await answer.json()) as { people: readonly Answer[] };
  return told.map(({ words: { mistatus, lync, graph } }) => [
    mistatus.value,
    lync.availability,
    `${graph.availability}/${graph.activity}`,
  ]);
}

describe('old and new words of one person are of one row', () => {
  test('for every number from 0 to 20,000', async () => {
    for (let from = 0; from <= 20_000; from += 1_000) {
      const numbers = Array.from({ length: Math.min(1_000, 20_001 - from) }, (_, at) => from + at);
      expect(await wordsOf(numbers.map(String))).toEqual(numbers.map((number) => rowOf(number, '')));
    }
  }, 30_000);

  test('whatever activity goes with it', async () => {
    const look = fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.constantFrom(...TOKENS));
    await fc.assert(
      fc.asyncProperty(fc.array(look, { minLength: 1, maxLength: 200 }), async (looks) => {
        const told = await wordsOf(looks.map((one) => one.join(' ').trim()));
        expect(told).toEqual(looks.map(([number, token]) => rowOf(number, token)));
      }),
      { numRuns: 25 },
    );
  });
});
