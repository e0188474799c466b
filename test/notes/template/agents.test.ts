import { describe, expect, test } from 'vitest';
import { HEARTBEAT_ITEMS, PERSON_ITEMS } from '../../../src/notes/fields.js';
import { momentItem } from '../../../src/notes/item-access.js';
import type { Items } from '../../../src/notes/item-value.js';
import { rankOf, type Status } from '../../../src/presence/availability.js';
import { MemoryDatabase } from '../../support/lotusscript/notes/memory-database.js';
import { NotesWorld } from '../../support/lotusscript/notes/world.js';
import { runAgent } from '../../support/lotusscript/run.js';
import { builtDxl, elementOf, treeOf } from '../../support/template.js';

const DXL = builtDxl('en');
const NOW = Date.UTC(2026, 0, 5, 10);
const MINUTE = 60_000;

function person(name: string, bridge: string, status: Status = 'busy', more: Items = {}): Items {
  return {
    Form: 'Presence',
    PersonName: { type: 'text', data: `CN=${name}/O=Contoso`, names: true },
    Status: status,
    StatusRank: rankOf(status),
    Activity: 'in-a-meeting',
    OutOfOffice: '1',
    StatusSince: momentItem(NOW - 60 * MINUTE),
    Bridge: bridge,
    ...more,
  };
}

/** A heartbeat that counts for so many minutes from now on. */
function heartbeat(bridge: string, minutes: number, more: Items = {}): Items {
  return {
    Form: 'PresenceBridge',
    Bridge: bridge,
    Connected: '1',
    FreshUntil: momentItem(NOW + minutes * MINUTE),
    ...more,
  };
}

interface Site {
  readonly db: MemoryDatabase;
  readonly world: NotesWorld;
  run(dxl?: string): Promise<readonly string[]>;
  statuses(): readonly unknown[];
}

/** A presence database in which the agent can be run. */
function siteOf(...documents: readonly Items[]): Site {
  const db = new MemoryDatabase({ file: 'presence.nsf', server: 'CN=Apps/O=Contoso', dxl: DXL, documents });
  const world = new NotesWorld({ databases: [db], now: () => NOW, isOnServer: true, agent: 'SweepStale' });
  return {
    db,
    world,
    run: async (dxl = DXL) => (await runAgent({ dxl, agent: 'SweepStale', world })).printed,
    statuses: () =>
      db
        .documents()
        .filter(({ items }) => items['Form'] === 'Presence')
        .map(({ items }) => items['Status']),
  };
}

const unids = ({ db }: Site): string[] =>
  db
    .documents()
    .filter(({ items }) => items['Form'] === 'Presence')
    .map(({ unid }) => unid);

describe('agent SweepStale', () => {
  test('is shipped disabled, runs restricted, every five minutes, where the administrator chooses', () => {
    const agent = elementOf(treeOf(DXL), 'agent', { alias: 'SweepStale' });
    expect([agent.attributes.get('enabled'), agent.attributes.get('restrictions')]).toEqual(['false', 'restricted']);
    expect(elementOf(agent, 'schedule', { type: 'byminutes' }).attributes.get('minutes')).toBe('5');
    expect(elementOf(agent, 'schedule', { type: 'byminutes' }).attributes.get('runlocation')).toBe('choose');
  });

  test('turns statuses to unknown when the heartbeat is overdue, and says how many', async () => {
    const site = siteOf(heartbeat('one', -3), person('Ana', 'one'), person('Bo', 'one', 'available'));
    expect(await site.run()).toEqual([
      'Presence: 2 statuses are unknown now, since no bridge confirms them (presence.nsf).',
    ]);
    expect(site.statuses()).toEqual(['unknown', 'unknown']);
  });

  test('writes what a bridge writes for unknown, clears all that tells of a status, and touches nothing else', async () => {
    const more = { ActivityText: 'Review', Note: 'back at 3', SipAddress: 'sip:ana@contoso.com' };
    const site = siteOf(heartbeat('one', -3), person('Ana', 'one', 'busy', more));
    await site.run();
    const { status, rank, activity, activityText, outOfOffice, note, since } = PERSON_ITEMS;
    const [ana = ''] = unids(site);
    expect(site.db.items(ana)).toEqual({
      ...person('Ana', 'one', 'busy', more),
      [status]: 'unknown',
      [rank]: rankOf('unknown'),
      [activity]: '',
      [activityText]: '',
      [outOfOffice]: '',
      [note]: '',
      [since]: '',
    });
  });

  test('does not make items of activity and note where there are none', async () => {
    const site = siteOf(heartbeat('one', -3), person('Ana', 'one'));
    await site.run();
    const [ana = ''] = unids(site);
    expect(Object.keys(site.db.items(ana)).sort()).toEqual(Object.keys(person('Ana', 'one')).sort());
  });

  test('does nothing and says nothing while all heartbeats are fresh', async () => {
    const site = siteOf(heartbeat('one', 5), person('Ana', 'one'), person('Bo', 'gone'));
    expect(await site.run()).toEqual([]);
    expect(site.db.saved).toEqual([]);
  });

  test.each([
    [-1.9, 'busy'],
    [-2.1, 'unknown'],
  ])('clocks may differ by two minutes: %s minutes after the heartbeat the status is %s', async (minutes, status) => {
    const site = siteOf(heartbeat('one', minutes), person('Ana', 'one'));
    await site.run();
    expect(site.statuses()).toEqual([status]);
  });

  test('people of a bridge that lives keep their statuses', async () => {
    const site = siteOf(heartbeat('one', -3), heartbeat('two', 5), person('Ana', 'one'), person('Bo', 'two'));
    await site.run();
    expect(site.statuses()).toEqual(['unknown', 'busy']);
  });

  test('people of a bridge without a heartbeat are swept with those of a silent one', async () => {
    const site = siteOf(heartbeat('one', -3), heartbeat('two', 5), person('Ana', 'removed'), person('Bo', ''));
    await site.run();
    expect(site.statuses()).toEqual(['unknown', 'unknown']);
  });

  test('without any heartbeat all are swept', async () => {
    const site = siteOf(person('Ana', 'one'));
    await site.run();
    expect(site.statuses()).toEqual(['unknown']);
  });

  test.each([
    ['has no moment', { FreshUntil: '' }],
    ['has a text for a moment', { FreshUntil: 'tomorrow' }],
    ['has no such item', {}],
  ])('a heartbeat that %s counts as silent', async (_, more) => {
    const { [HEARTBEAT_ITEMS.freshUntil]: _dropped, ...rest } = heartbeat('one', 5);
    const site = siteOf({ ...rest, ...more }, person('Ana', 'one'));
    await site.run();
    expect(site.statuses()).toEqual(['unknown']);
  });

  test('statuses that are unknown already are not written again, nor are conflicts', async () => {
    const site = siteOf(
      heartbeat('one', -3),
      person('Ana', 'one', 'unknown'),
      person('Bo', 'one', 'busy', { $Conflict: '' }),
    );
    expect(await site.run()).toEqual([]);
    expect(site.db.saved).toEqual([]);
  });

  test('a run changes so many documents at most, and people of living bridges do not use that up', async () => {
    const alive = Array.from({ length: 5 }, (_, index) => person(`Two ${index}`, 'two'));
    const silent = Array.from({ length: 5 }, (_, index) => person(`One ${index}`, 'one'));
    const site = siteOf(heartbeat('one', -3), heartbeat('two', 5), ...alive, ...silent);
    const limited = DXL.replace(/Const MAX_DOCUMENTS = \d+/, 'Const MAX_DOCUMENTS = 3');
    await site.run(limited);
    expect(site.statuses().filter((status) => status === 'unknown')).toHaveLength(3);
    await site.run(limited);
    expect(site.statuses()).toEqual([...alive.map(() => 'busy'), ...silent.map(() => 'unknown')]);
  });

  test('a bridge that writes at the same moment is not overwritten', async () => {
    const site = siteOf(heartbeat('one', -3), person('Ana', 'one'), person('Bo', 'one'));
    const [ana = '', bo = ''] = unids(site);
    site.db.beforeSave = (unid) => {
      if (unid === ana) site.db.change(ana, { Status: 'available' });
    };
    expect(await site.run()).toEqual([
      'Presence: 1 statuses are unknown now, since no bridge confirms them (presence.nsf).',
    ]);
    expect(site.statuses()).toEqual(['available', 'unknown']);
    expect(site.db.saved).toEqual([bo]);
  });

  test('a document that is removed meanwhile stops nothing', async () => {
    const site = siteOf(heartbeat('one', -3), person('Ana', 'one'), person('Bo', 'one'));
    const [ana = ''] = unids(site);
    site.db.beforeSave = (unid) => {
      if (unid === ana) site.db.remove(ana);
    };
    expect(await site.run()).toEqual([
      'Presence: 1 statuses could not be swept: Document has been deleted',
      'Presence: 1 statuses are unknown now, since no bridge confirms them (presence.nsf).',
    ]);
  });

  test('a missing right is told once', async () => {
    const site = siteOf(heartbeat('one', -3), person('Ana', 'one'), person('Bo', 'one'));
    site.db.deniesWriting = 'You are not authorized to perform that operation';
    expect(await site.run()).toEqual([
      'Presence: 2 statuses could not be swept: Notes error: You are not authorized to perform that operation',
    ]);
  });

  test('a missing view is told, and nothing is swept', async () => {
    const site = siteOf(heartbeat('one', -3), person('Ana', 'one'));
    site.db.missingViews.add('Bridges');
    expect(await site.run()).toEqual([
      expect.stringMatching(/^Presence: statuses were not swept in line \d+: the view Bridges is missing$/),
    ]);
    expect(site.statuses()).toEqual(['busy']);
  });

  test('the German template sweeps as well', async () => {
    const site = siteOf(heartbeat('one', -3), person('Ana', 'one'));
    await site.run(builtDxl('de'));
    expect(site.statuses()).toEqual(['unknown']);
  });
});
