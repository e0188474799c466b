import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { DominoDbDriver } from '../../../src/notes/drivers/domino-db/domino-db.js';
import { DominoRestDriver } from '../../../src/notes/drivers/domino-rest/domino-rest.js';
import { DocumentEngine } from '../../../src/notes/drivers/embedded/engine.js';
import { memoryStorage } from '../../../src/notes/drivers/embedded/storage.js';
import { createEmbeddedModule } from '../../../src/notes/drivers/embedded/use-server.js';
import { createDriver } from '../../../src/notes/open-driver.js';
import { CanaryBridge, type CanaryBridgeOptions, canaryPeople, changesFound } from '../../support/canary-bridge.js';
import { filesBelow } from '../../support/canary-search.js';
import { RestServer } from '../../support/rest-server.js';
import { PASSWORD_LOGIN } from '../../support/rest-server-site.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

const CHANGES = 1_000;
const LAST = CHANGES - 1;
const NONE = { notes: [], activities: [], moments: [] };
const NEWEST = { notes: [LAST], activities: [LAST], moments: [LAST] };

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A bridge after a thousand changes of each person. */
async function afterChanges(
  options: Omit<CanaryBridgeOptions, 'people' | 'clock'> & { readonly people: number; readonly clock?: SimulatedClock },
): Promise<CanaryBridge> {
  const { people, clock = new SimulatedClock() } = options;
  const running = await CanaryBridge.start({ ...options, clock, people: canaryPeople(people) });
  ends.push(() => running.stops());
  for (let change = 0; change < CHANGES; change++) await running.everybodyChanges();
  return running;
}

function embeddedIn(folder: string): CanaryBridgeOptions['driver'] {
  return (clock, log) => createDriver({ kind: 'embedded', folder }, { clock, log });
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'presence-privacy-'));
  ends.push(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('after a thousand changes of each person', () => {
  test('files of the embedded store, answers and a new stream hold one value per person, log and metrics none', async () => {
    const folder = newFolder();
    const people = 4;
    const running = await afterChanges({ people, driver: embeddedIn(folder), notes: true });
    expect(running.bridge.counters.written).toBe(people * CHANGES);
    // A minute is the longest that a value which was replaced may stay.
    await running.passes(61_000);
    const inFiles = () => Buffer.concat(Object.values(filesBelow(folder)));
    await expect
      .poll(() => Array.from({ length: people }, (_, index) => changesFound(inFiles(), index)), { timeout: 10_000 })
      .toEqual(Array(people).fill(NEWEST));
    const answers = await running.answers();
    for (let index = 0; index < people; index++) {
      expect(changesFound(answers['/api/v1/people'] ?? '', index)).toEqual(NEWEST);
      expect(changesFound(answers['/stream'] ?? '', index)).toMatchObject({ notes: [], activities: [] });
      for (const place of ['/metrics', '/healthz', '/api/v1/status']) {
        expect([place, changesFound(answers[place] ?? '', index)]).toEqual([place, NONE]);
      }
      expect(changesFound(running.logLines.join(''), index)).toEqual(NONE);
    }
  }, 60_000);

  test('the Domino REST API was left with one document and one value per person', async () => {
    const clock = new SimulatedClock();
    const server = new RestServer({ clock });
    const url = await server.start();
    ends.push(() => server.stop());
    const options = { url, scope: 'presence', login: PASSWORD_LOGIN, parallel: 4 };
    const people = 2;
    const running = await afterChanges({
      people,
      clock,
      notes: false,
      driver: (_clock, log) => new DominoRestDriver(options, { clock, log }),
    });
    expect(running.bridge.counters.written).toBe(people * CHANGES);
    const documents = JSON.stringify(server.documents.engine.find('@all'));
    const answers = await running.answers();
    for (let index = 0; index < people; index++) {
      expect(changesFound(documents, index)).toEqual({ ...NONE, moments: [LAST] });
      expect(changesFound(answers['/api/v1/people'] ?? '', index)).toEqual({ ...NONE, moments: [LAST] });
      expect(changesFound(answers['/metrics'] ?? '', index)).toEqual(NONE);
      expect(changesFound(running.logLines.join(''), index)).toEqual(NONE);
    }
    expect(server.documents.engine.find("Form = 'Presence'")).toHaveLength(people);
  }, 60_000);

  test('domino-db was left with one document and one value per person', async () => {
    const clock = new SimulatedClock();
    const storage = memoryStorage();
    const { useServer } = createEmbeddedModule({ clock, openStorage: async () => storage });
    const load = async () => ({ name: '@domino/domino-db', version: '1.11.7', useServer });
    const people = 2;
    const running = await afterChanges({
      people,
      clock,
      notes: true,
      driver: () =>
        new DominoDbDriver(
          {
            kind: 'domino-db',
            load,
            server: { hostName: 'domino.contoso.example', connection: { port: '3002' } },
            filePath: 'presence.nsf',
          },
          clock,
        ),
    });
    const documents = JSON.stringify(new DocumentEngine(storage, clock).find('@all'));
    for (let index = 0; index < people; index++) {
      expect(changesFound(documents, index)).toEqual(NEWEST);
      expect(changesFound(running.logLines.join(''), index)).toEqual(NONE);
    }
  }, 60_000);
});
