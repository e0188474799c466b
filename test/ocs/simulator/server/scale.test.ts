import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/ocs/simulator/options.js';
import { sip } from '../../../support/people.js';
import { ana, TestClient, testServer } from '../../../support/simulator-client.js';

const PEOPLE = 20_000;
const BATCH = 100;
const CHANGES = 4000;
/** Generous for a slow machine; a scan of all people or dialogs for each change takes minutes. */
const BOUND_MS = 20_000;

describe('20,000 people and one watcher', () => {
  test('are watched in batches of 100, and each change is one notification in the right dialog', {
    timeout: 2 * BOUND_MS,
  }, () => {
    const { server } = testServer({ limits: { ...DEFAULT_LIMITS, publicationsPerUser: 10 } });
    const people = Array.from({ length: PEOPLE }, (_, index) => sip(`person${index}@contoso.example`));
    const presence = (availability: number) =>
      ({ availability, activity: '', note: '', outOfOffice: false, displayName: 'Somebody' }) as const;
    const began = performance.now();
    for (const uri of people) server.setPerson(uri, presence(3500));
    const client = new TestClient(server, ana);
    for (let at = 0; at < PEOPLE; at += BATCH) {
      const response = client.watch(people.slice(at, at + BATCH), { callId: `batch ${at / BATCH}` });
      expect(response.body.toString().match(/state="active"/g)).toHaveLength(BATCH);
    }
    for (let change = 0; change < CHANGES; change += 1) {
      const uri = people[(change * 7919) % PEOPLE];
      if (uri !== undefined) server.setPerson(uri, presence(6500));
    }
    const told = client.requests('BENOTIFY');
    expect(told).toHaveLength(CHANGES);
    const callIds = new Set(told.flatMap(({ headers }) => headers.filter(({ name }) => name === 'Call-ID')));
    expect(new Set([...callIds].map(({ value }) => value)).size).toBe(PEOPLE / BATCH);
    client.close();
    if (people[0] !== undefined) server.setPerson(people[0], presence(9500));
    expect(client.requests('BENOTIFY')).toHaveLength(CHANGES);
    expect(performance.now() - began).toBeLessThan(BOUND_MS);
  });
});
