import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type CopyOptions,
  type CopyReport,
  copyCounts,
  copyDocuments,
} from '../../../src/notes/desk/copy-documents.js';
import { type ExportedDocument, exportDocuments } from '../../../src/notes/desk/export.js';
import type { Driver } from '../../../src/notes/driver.js';
import type { Items } from '../../../src/notes/item-value.js';
import { createDriver } from '../../../src/notes/open-driver.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { silentLog } from '../../support/silent-log.js';
import { SimulatedClock } from '../../support/simulated-clock.js';
import { storedBridge, storedMapping, storedOptOut, storedPerson } from '../../support/stored-documents.js';

const ANA = 'sip:ana.reyes@contoso.example';
const BEN = 'sip:ben.okoro@contoso.example';

let clock: SimulatedClock;
let source: Driver;
let target: Driver;

beforeEach(async () => {
  clock = new SimulatedClock();
  source = await emptyStore();
  target = await emptyStore();
});

afterEach(async () => {
  await source.close();
  await target.close();
});

async function emptyStore(): Promise<Driver> {
  const driver = createDriver({ kind: 'embedded', folder: undefined }, { clock, log: silentLog });
  await driver.open();
  return driver;
}

async function put(driver: Driver, ...documents: readonly Items[]): Promise<void> {
  for (const document of documents) {
    await driver.create([document]);
    await clock.advance(10);
  }
}

const copy = (options: Partial<CopyOptions> = {}, to: Driver = target): Promise<CopyReport> =>
  copyDocuments(source, to, { bridge: 'new', asIs: false, notes: false, dryRun: false, now: clock.now(), ...options });

const people = (driver: Driver): Promise<readonly ExportedDocument[]> => exportDocuments(driver, ['Presence']);
const itemsOf = async (driver: Driver): Promise<readonly Items[]> => (await people(driver)).map(({ items }) => items);
const reasons = ({ plan }: CopyReport) => plan.leftOut.map(({ reason }) => reason);

describe('copyDocuments', () => {
  test('copies people, mappings and opt-outs, and neither heartbeat nor lease', async () => {
    await put(
      source,
      storedPerson(ANA, 'CN=Ana Reyes/O=Contoso'),
      storedBridge('old'),
      { Form: 'PresenceLease', Bridge: 'old' },
      storedMapping('CN=Ben Okoro/O=Contoso', BEN),
      storedOptOut(['CN=Cem Aydin/O=Contoso', 'CN=Dora/O=C'], []),
    );
    await copy();
    const copied = await exportDocuments(target);
    expect(copied.map(({ form }) => form)).toEqual(['Presence', 'PresenceMapping', 'PresenceOptOut']);
    expect(copied[2]?.items['PersonName']).toEqual({
      type: 'text',
      data: ['CN=Cem Aydin/O=Contoso', 'CN=Dora/O=C'],
      names: true,
    });
  });

  test("a person arrives as unknown, as the target's bridge would write it before its first sign-in", async () => {
    await put(source, storedPerson(ANA, 'CN=Ana Reyes/O=Contoso', { Note: 'canary', ActivityText: 'canary' }));
    await copy({ notes: true });
    expect(await itemsOf(target)).toEqual([
      expect.objectContaining({ Status: 'unknown', StatusSince: '', Bridge: 'new', Epoch: 0, Seq: 0 }),
    ]);
    expect(JSON.stringify(await itemsOf(target))).not.toContain('canary');
  });

  test('--as-is keeps status and times, and a note only where the target keeps notes', async () => {
    await put(source, storedPerson(ANA, undefined, { Note: 'canary', Status: 'busy' }));
    await copy({ asIs: true });
    expect(await itemsOf(target)).toEqual([
      expect.objectContaining({
        Status: 'busy',
        StatusSince: { type: 'datetime', data: '2026-01-05T07:58:12Z' },
        ObservedAt: { type: 'datetime', data: '2026-01-05T08:00:00Z' },
      }),
    ]);
    expect(JSON.stringify(await itemsOf(target))).not.toContain('canary');
    target = await emptyStore();
    await copy({ asIs: true, notes: true });
    expect(JSON.stringify(await itemsOf(target))).toContain('canary');
  });

  test.each([false, true])('a second run writes nothing (as it is: %s)', async (asIs) => {
    await put(
      source,
      storedPerson(ANA, 'CN=Ana Reyes/O=Contoso', {
        OtherNames: { type: 'text', data: ['CN=Ana A/O=C', 'CN=Ana B/O=C'], names: true },
      }),
      storedPerson(BEN, undefined, { DisplayName: 'Ben' }),
      storedMapping('CN=Ben Okoro/O=Contoso', BEN),
      storedOptOut(['CN=Cem Aydin/O=Contoso'], []),
    );
    const first = await copy({ asIs });
    expect(first.written).toHaveLength(4);
    const before = await exportDocuments(target);
    const second = await copy({ asIs });
    expect([second.plan.steps, second.written]).toEqual([[], []]);
    expect(await exportDocuments(target)).toEqual(before);
  });

  test('leaves a document alone behind which a bridge of the target stands', async () => {
    await put(source, storedPerson(ANA, undefined, { Status: 'away' }));
    await put(target, storedPerson(ANA, undefined, { Status: 'busy', Bridge: 'new', Epoch: 3 }));
    const report = await copy();
    expect([report.plan.steps, (await itemsOf(target))[0]?.['Status']]).toEqual([[], 'busy']);
  });

  test('--as-is replaces an older status at the target, in place, and never a newer one', async () => {
    const observed = (minute: string) =>
      ({ ObservedAt: { type: 'datetime', data: `2026-01-05T08:${minute}:00Z` } }) as const;
    await put(source, storedPerson(ANA, undefined, { Status: 'away', ...observed('05') }));
    await put(source, storedPerson(BEN, undefined, { Status: 'away', ...observed('05') }));
    await put(target, storedPerson(ANA, undefined, { Status: 'busy', ...observed('04') }));
    await put(target, storedPerson(BEN, undefined, { Status: 'busy', ...observed('06') }));
    await copy({ asIs: true });
    expect((await itemsOf(target)).map(({ SipAddress, Status }) => [SipAddress, Status])).toEqual([
      [ANA, 'away'],
      [BEN, 'busy'],
    ]);
  });

  test('of duplicates and conflicts one document is copied, whatever the spelling of the address', async () => {
    await put(
      source,
      storedPerson(ANA, undefined, { DisplayName: 'first' }),
      storedPerson('SIP:Ana.Reyes@Contoso.example', undefined, { DisplayName: 'second' }),
      storedPerson(ANA, undefined, { $Conflict: '' }),
      storedPerson('nobody knows'),
    );
    const report = await copy();
    expect((await itemsOf(target)).map(({ DisplayName }) => DisplayName)).toEqual(['first']);
    expect(reasons(report).sort()).toEqual([
      'an older document of the same address is copied',
      'it has no readable address',
      'it is a replication conflict',
    ]);
    expect(copyCounts(report, 'Presence')).toMatchObject({ found: 4, written: 1, leftOut: 3 });
  });

  test('somebody who opted out is not copied, though the names are spelled differently', async () => {
    await put(
      source,
      storedPerson(ANA, 'CN=Ana Reyes/OU=Sales/O=Contoso'),
      storedPerson(BEN, 'CN=Ben Okoro/O=Contoso'),
      storedOptOut(['ana  REYES/sales/contoso'], []),
    );
    await put(target, storedOptOut([], ['SIP:Ben.Okoro@contoso.example']));
    const report = await copy();
    expect([await people(target), reasons(report)]).toEqual([[], ['the person opted out', 'the person opted out']]);
  });

  test('a mapping that the target has otherwise is left to the administrator', async () => {
    await put(source, storedMapping('CN=Ana Reyes/O=Contoso', ANA), storedMapping('CN=Ben Okoro/O=Contoso', BEN));
    await put(target, storedMapping('Ana Reyes/Contoso', BEN), storedMapping('ben okoro/contoso', BEN));
    const report = await copy();
    expect([reasons(report), report.plan.unchanged.PresenceMapping, report.written]).toEqual([
      ['the target maps this name otherwise'],
      1,
      [],
    ]);
  });

  test("while the target's bridge is alive nothing is written, and afterwards everything", async () => {
    await put(source, storedPerson(ANA));
    await put(target, storedBridge('other'), storedBridge('new'));
    await expect(copy({ asIs: true })).rejects.toMatchObject({ code: 'BRIDGE_RUNNING' });
    expect(await people(target)).toEqual([]);
    expect((await copy({ dryRun: true })).plan.steps).toHaveLength(1);
    await clock.advance(90_000);
    expect((await copy({ asIs: true })).written).toHaveLength(1);
  });

  test('a dry run plans the same and writes nothing', async () => {
    await put(source, storedPerson(ANA), storedMapping('CN=Ana Reyes/O=Contoso', ANA));
    const dry = await copy({ dryRun: true });
    expect([dry.written, await exportDocuments(target)]).toEqual([[], []]);
    expect((await copy()).written).toEqual(dry.plan.steps);
  });

  test.each(['source', 'target'])('documents of a newer bridge in the %s are refused', async (side) => {
    await put(side === 'source' ? source : target, storedPerson(ANA, undefined, { SchemaVersion: 2 }));
    await expect(copy()).rejects.toMatchObject({ code: 'NOTES_SCHEMA', message: expect.stringContaining(side) });
  });

  test('a single document that is refused is named, and the others are written', async () => {
    await put(source, storedPerson(ANA), storedPerson(BEN));
    const error = new BridgeError('NOTES_BAD_REQUEST', 'no');
    const picky = {
      find: target.find.bind(target),
      replaceItems: target.replaceItems.bind(target),
      maxBatch: target.maxBatch,
      create: (documents: readonly Items[]) =>
        target
          .create(documents.filter(({ SipAddress }) => SipAddress !== ANA))
          .then((outcomes) =>
            documents.map((one) => (one['SipAddress'] === ANA ? ({ ok: false, error } as const) : outcomes[0])),
          ),
    } as Driver;
    const report = await copy({}, picky);
    expect(report.refused.map(({ step, error: { code } }) => [step.items['SipAddress'], code])).toEqual([
      [ANA, 'NOTES_BAD_REQUEST'],
    ]);
    expect((await itemsOf(target)).map(({ SipAddress }) => SipAddress)).toEqual([BEN]);
  });

  test('what a failed run wrote without an answer is not written twice', async () => {
    await put(source, ...Array.from({ length: 5 }, (_, one) => storedPerson(`sip:p${one}@contoso.example`)));
    const losing = {
      find: target.find.bind(target),
      replaceItems: target.replaceItems.bind(target),
      maxBatch: 2,
      create: async (documents: readonly Items[]) => {
        await target.create(documents);
        throw new BridgeError('NOTES_TIMEOUT', 'no answer');
      },
    } as unknown as Driver;
    await expect(copy({}, losing)).rejects.toMatchObject({ code: 'NOTES_TIMEOUT' });
    await copy();
    expect(await people(target)).toHaveLength(5);
  });

  test('ends between two calls when it is asked to, and goes on with the next run', async () => {
    await put(source, ...Array.from({ length: 250 }, (_, one) => storedPerson(`sip:p${one}@contoso.example`)));
    const stop = new AbortController();
    const seen: string[] = [];
    const onProgress = (done: number, total: number): void => {
      seen.push(`${done}/${total}`);
      if (done === 200) stop.abort();
    };
    expect((await copy({ signal: stop.signal, onProgress })).interrupted).toBe(true);
    expect((await copy({ onProgress })).interrupted).toBe(false);
    expect([seen, (await people(target)).length]).toEqual([['100/250', '200/250', '50/50'], 250]);
  });
});
