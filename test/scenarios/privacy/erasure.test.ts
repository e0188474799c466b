import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Directory } from '../../../src/bridge/ports.js';
import { createDirectory } from '../../../src/notes/directory/service.js';
import type { Driver } from '../../../src/notes/driver.js';
import { FORMS } from '../../../src/notes/fields.js';
import { createDriver } from '../../../src/notes/open-driver.js';
import { DIRECTORY_RULES } from '../../../src/presence/directory.js';
import { CanaryBridge, canaryPeople, changesFound } from '../../support/canary-bridge.js';
import { filesBelow, findCanaries } from '../../support/canary-search.js';
import { groupDocument, optOutDocument, personDocument } from '../../support/directory-stage.js';
import { silentLog } from '../../support/silent-log.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

const ends: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'presence-privacy-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('personal notes', () => {
  const people = canaryPeople(2);

  async function run(folder: string, clock: SimulatedClock, notes: boolean): Promise<CanaryBridge> {
    const driver = () => createDriver({ kind: 'embedded', folder }, { clock, log: silentLog });
    return await CanaryBridge.start({ people, clock, notes, driver });
  }

  test('that were turned off are gone from documents and files, and do not come back with the switch', async () => {
    const folder = newFolder();
    const clock = new SimulatedClock();
    const inFiles = () => changesFound(Buffer.concat(Object.values(filesBelow(folder))), 0);

    const withNotes = await run(folder, clock, true);
    await withNotes.everybodyChanges();
    expect(inFiles()).toMatchObject({ notes: [0], activities: [0] });
    await withNotes.stops();

    const without = await run(folder, clock, false);
    // Nobody has changed yet: what an earlier run left goes at once.
    await without.passes(61_000);
    await expect.poll(inFiles, { timeout: 10_000 }).toMatchObject({ notes: [], activities: [] });
    await without.everybodyChanges();
    expect(changesFound(JSON.stringify(await without.answers()), 0)).toMatchObject({ notes: [], activities: [] });
    await without.stops();
    expect(inFiles()).toMatchObject({ notes: [], activities: [] });

    const again = await run(folder, clock, true);
    await again.passes(1_000);
    expect(inFiles()).toMatchObject({ notes: [], activities: [] });
    await again.stops();
  });
});

describe('somebody who opts out', () => {
  const people = canaryPeople(3);
  const [first] = people;
  if (first === undefined) throw new Error('there are people');
  const traces = { address: first.uri.slice('sip:'.length), key: first.key };
  const name = first.name ?? '';

  let directory: Directory | undefined;
  let names: Driver | undefined;

  async function site(folder: string, optOutGroups: readonly string[] = []): Promise<CanaryBridge> {
    const clock = new SimulatedClock();
    const ports = { clock, log: silentLog };
    const running = await CanaryBridge.start({
      people,
      clock,
      notes: false,
      driver: () => createDriver({ kind: 'embedded', folder: join(folder, 'presence') }, ports),
      directory: (presence, directoryPorts) => {
        names = createDriver({ kind: 'embedded', folder: join(folder, 'names') }, ports);
        directory = createDirectory(
          {
            presence,
            directory: names,
            bridge: 'bridge',
            people: [],
            settings: {
              rules: DIRECTORY_RULES,
              domains: ['contoso.example'],
              groups: [],
              optOut: { people: [], groups: optOutGroups },
            },
            sipItems: [],
            refreshMs: 900_000,
          },
          directoryPorts,
        );
        return directory;
      },
    });
    ends.push(() => running.stops());
    return running;
  }

  /** The Domino Directory that stands before the bridge starts. */
  async function directoryOf(folder: string, ...more: readonly ReturnType<typeof groupDocument>[]): Promise<void> {
    const driver = createDriver(
      { kind: 'embedded', folder: join(folder, 'names') },
      { clock: new SimulatedClock(), log: silentLog },
    );
    await driver.open();
    const documents = people.map((one, index) =>
      personDocument(`Canary Forename${index} Surname${index}`, one.uri.slice(4, one.uri.indexOf('@')), {
        FullName: { type: 'text', data: [one.name ?? ''], names: true },
      }),
    );
    await driver.create([...documents, ...more]);
    await driver.close();
  }

  async function isShown(running: CanaryBridge): Promise<void> {
    await running.until(() => running.source.watched.length === people.length);
    await running.everybodyChanges();
  }

  /** Nothing says any more that the person had a status, at most a minute after it was said. */
  async function isForgotten(running: CanaryBridge, folder: string): Promise<void> {
    const start = running.now();
    await running.until(() => running.source.watched.every((uri) => uri !== first?.uri), 1_000);
    await running.until(() => running.bridge.status().pendingWrites === 0, 1_000);
    const found = () => findCanaries(traces, filesBelow(join(folder, 'presence')));
    await running.until(() => found().length === 0, 1_000);
    expect(running.now() - start).toBeLessThanOrEqual(60_000);
    const answers = await running.answers();
    expect(findCanaries({ ...traces, name: 'Forename0' }, answers)).toEqual([]);
    expect(running.source.watched).toHaveLength(people.length - 1);
  }

  test('by an opt-out document is no longer watched, shown or stored within a minute', async () => {
    const folder = newFolder();
    await directoryOf(folder);
    const running = await site(folder);
    await isShown(running);
    expect(findCanaries(traces, filesBelow(join(folder, 'presence')))).not.toEqual([]);
    await running.adds(optOutDocument([name]));
    await isForgotten(running, folder);
    const lines = running.logLines.join('');
    expect(findCanaries({ address: traces.address, name: 'Forename0' }, { lines })).toEqual([]);
    const stored = Object.values(filesBelow(join(folder, 'presence'))).join('');
    // Who opted out stands in that document alone.
    expect(stored.match(/Forename0/g)).toHaveLength(1);
    expect(stored).toContain(FORMS.optOut);
  });

  test('through a group is no longer watched, shown or stored within a minute', async () => {
    const folder = newFolder();
    await directoryOf(folder, groupDocument('Works Council', ['CN=Nobody Known/O=Contoso']));
    const running = await site(folder, ['Works Council']);
    await isShown(running);
    const [group] = (await names?.find({ query: "Form = 'Group'", itemNames: ['ListName'] })) ?? [];
    if (group === undefined) throw new Error('the group is there');
    await names?.replaceItems([{ unid: group.unid, items: { Members: { type: 'text', data: [name], names: true } } }]);
    await isForgotten(running, folder);
    expect(findCanaries({ name: 'Forename0' }, filesBelow(join(folder, 'presence')))).toEqual([]);
    const lookUp = await directory?.lookUp(name);
    expect(lookUp?.rows.map(({ outcome, address, watched }) => ({ outcome, address, watched }))).toEqual([
      { outcome: 'opted-out', address: undefined, watched: false },
    ]);
  });
});
