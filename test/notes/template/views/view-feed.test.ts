import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PEOPLE_VIEWS, VIEWS } from '../../../../src/notes/fields.js';
import type { Items } from '../../../../src/notes/item-value.js';
import { createViewFeed, type DocumentViewFeed } from '../../../../src/notes/template/views/view-feed.js';
import { rankOf, STATUSES, type Status } from '../../../../src/presence/availability.js';
import { builtDxl } from '../../../support/template.js';

const dxl = builtDxl();

function feedOf(...people: readonly (readonly [name: string, status: Status])[]): DocumentViewFeed {
  const feed = createViewFeed(dxl, { zone: 'Europe/Berlin', views: PEOPLE_VIEWS });
  for (const [name, status] of people) feed.put(name, person(name, status));
  return feed;
}

function person(name: string, status: Status, more: Items = {}): Items {
  return {
    Form: 'Presence',
    PersonName: { type: 'text', data: `CN=${name}/O=Contoso`, names: true },
    Status: status,
    StatusRank: rankOf(status),
    StatusSince: { type: 'datetime', data: '2026-01-05T09:42:30Z' },
    ...more,
  };
}

const ids = (feed: DocumentViewFeed, view: string): string[] => feed.rows(view).map((row) => row.id);

describe('views of the shipped template', () => {
  test('People is the first one, then By status', () => {
    expect(feedOf().views()).toMatchObject([
      { id: 'People', title: 'People', categorized: false },
      { id: 'ByStatus', title: 'By status', categorized: true },
    ]);
  });

  test('the views of administrators are drawn when asked for', () => {
    const feed = createViewFeed(dxl, { views: [VIEWS.bridges, VIEWS.settings] });
    feed.put('1', { Form: 'PresenceOptOut', PersonName: 'CN=Ana Reyes/O=Contoso', SipAddress: '' });
    feed.put('2', { Form: 'PresenceBridge', Bridge: 'bridge-1', OcsState: 'connected', People: 3, Unknown: 1 });
    expect(feed.rows('Settings')).toMatchObject([
      { id: '1', category: 'Not to be shown', cells: [{ text: '' }, { text: 'Ana Reyes/Contoso' }, { text: '' }] },
    ]);
    expect(feed.rows('Bridges').map(({ id }) => id)).toEqual(['2']);
  });

  test('columns have title, kind and width of the design, without hidden ones', () => {
    const [people, byStatus] = feedOf().views();
    expect(people?.columns).toEqual([
      { title: '', kind: 'icon', width: 3 },
      { title: 'Name', kind: 'text', width: 28 },
      { title: 'Status', kind: 'text', width: 48 },
      { title: 'Since', kind: 'text', width: 16 },
      { title: 'Out of office', kind: 'icon', width: 12 },
    ]);
    expect(byStatus?.columns).toHaveLength(6);
  });

  test('a row has an icon with words, name, text and local time', () => {
    const feed = createViewFeed(dxl, { zone: 'Europe/Berlin', views: PEOPLE_VIEWS });
    feed.put('1', person('Ana Reyes', 'busy', { Activity: 'on-the-phone', OutOfOffice: '1' }));
    expect(feed.rows('People')).toEqual([
      {
        id: '1',
        status: 'busy',
        category: '',
        cells: [
          { kind: 'icon', image: 'presence-on-the-phone.gif', label: 'Busy, on the phone' },
          { kind: 'text', text: 'Ana Reyes' },
          { kind: 'text', text: 'Busy, on the phone' },
          { kind: 'text', text: '2026-01-05 10:42' },
          { kind: 'icon', image: 'presence-out-of-office.gif', label: 'Out of office' },
        ],
      },
    ]);
  });

  test('the German template speaks German, and writes dates so', () => {
    const feed = createViewFeed(builtDxl('de'), { language: 'de', zone: 'Europe/Berlin' });
    feed.put('1', person('Ana Reyes', 'do-not-disturb'));
    const [row] = feed.rows('ByStatus');
    expect(row?.category).toBe('Nicht stören');
    expect(row?.cells.map((cell) => (cell.kind === 'text' ? cell.text : cell.label))).toEqual([
      '',
      'Nicht stören',
      'Ana Reyes',
      'Nicht stören',
      '05.01.2026 10:42',
      '',
    ]);
  });

  test('a person without a moment has an empty cell', () => {
    const feed = createViewFeed(dxl);
    feed.put('1', person('Ana', 'busy', { StatusSince: '' }));
    expect(feed.rows('People')[0]?.cells[3]).toEqual({ kind: 'text', text: '' });
  });

  test('images are those of the DXL', () => {
    const image = feedOf().image('presence-away.gif');
    expect([image?.type, image?.data.subarray(0, 6).toString()]).toEqual(['image/gif', 'GIF89a']);
    expect(feedOf().image('presence-nobody.gif')).toBeUndefined();
  });

  test('a view that is not there is refused', () => {
    expect(() => feedOf().rows('Nowhere')).toThrow('there is no view "Nowhere"');
  });
});

describe('order', () => {
  test('people stand by name, without regard to case and accents', () => {
    const feed = feedOf(['bo', 'away'], ['Álvaro', 'busy'], ['Zoë', 'busy'], ['Ana', 'busy'], ['Carl', 'offline']);
    expect(ids(feed, 'People')).toEqual(['Álvaro', 'Ana', 'bo', 'Carl', 'Zoë']);
  });

  test('statuses stand by rank, and people in them by name', () => {
    const feed = feedOf(['d', 'unknown'], ['c', 'available'], ['b', 'offline'], ['a', 'available'], ['e', 'busy-idle']);
    expect(feed.rows('ByStatus').map((row) => [row.category, row.id])).toEqual([
      ['Available', 'a'],
      ['Available', 'c'],
      ['Busy (inactive)', 'e'],
      ['Offline', 'b'],
      ['Unknown', 'd'],
    ]);
  });

  test('a changed status moves the row to its new heading', () => {
    const feed = feedOf(['a', 'available'], ['b', 'away']);
    feed.put('a', person('a', 'offline'));
    expect(feed.rows('ByStatus').map((row) => [row.category, row.id])).toEqual([
      ['Away', 'b'],
      ['Offline', 'a'],
    ]);
    expect(ids(feed, 'People')).toEqual(['a', 'b']);
  });

  test('whatever comes and goes, the rows are those of a fresh feed with the same documents', () => {
    const change = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      name: fc.constantFrom('Ana', 'ana', 'Bo', 'Cy', 'Ána', ''),
      status: fc.option(fc.constantFrom(...STATUSES), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const feed = createViewFeed(dxl, { zone: 'UTC', views: PEOPLE_VIEWS });
        const documents = new Map<string, Items>();
        for (const { id, name, status } of changes) {
          if (status === undefined) {
            documents.delete(id);
            feed.remove(id);
          } else {
            documents.set(id, person(name, status));
            feed.put(id, person(name, status));
          }
        }
        const fresh = createViewFeed(dxl, { zone: 'UTC', views: PEOPLE_VIEWS });
        for (const [id, items] of documents) fresh.put(id, items);
        for (const view of ['People', 'ByStatus']) expect(feed.rows(view)).toEqual(fresh.rows(view));
      }),
      { numRuns: 40 },
    );
  });
});

describe('selection', () => {
  test.each([
    ['heartbeats', { Form: 'PresenceBridge', Bridge: 'b' }],
    ['documents of no form', {}],
    ['replication conflicts', { ...person('a', 'available'), $Conflict: '' }],
  ])('%s have no row', (_, items) => {
    const feed = feedOf();
    feed.put('x', items);
    expect([...feed.rows('People'), ...feed.rows('ByStatus')]).toEqual([]);
  });

  test('a document that becomes a conflict leaves the views', () => {
    const feed = feedOf(['a', 'available']);
    feed.put('a', { ...person('a', 'available'), $Conflict: '' });
    expect(feed.rows('People')).toEqual([]);
  });
});

describe('changes', () => {
  test('listeners hear the id of a row that changed', () => {
    const feed = feedOf(['a', 'available']);
    const heard: string[][] = [];
    feed.onChange((changed) => heard.push([...changed]));
    feed.put('a', person('a', 'busy'));
    feed.put('b', person('b', 'busy'));
    feed.remove('a');
    expect(heard).toEqual([['a'], ['b'], ['a']]);
  });

  test('nobody hears of a document that looks as before', () => {
    const feed = feedOf(['a', 'available']);
    const heard: unknown[] = [];
    feed.onChange((changed) => heard.push(changed));
    const before = feed.rows('People');
    feed.put('a', person('a', 'available', { Seq: 7, ObservedAt: { type: 'datetime', data: '2026-01-05T10:00:00Z' } }));
    feed.remove('nobody');
    feed.put('x', { Form: 'PresenceBridge' });
    expect(heard).toEqual([]);
    expect(feed.rows('People')).toBe(before);
  });

  test('a listener that ended hears nothing', () => {
    const feed = feedOf();
    const heard: unknown[] = [];
    feed.onChange((changed) => heard.push(changed))();
    feed.put('a', person('a', 'busy'));
    expect(heard).toEqual([]);
  });

  test('rows that a reader holds do not change under it', () => {
    const feed = feedOf(['a', 'available']);
    const held = feed.rows('People');
    feed.put('b', person('b', 'busy'));
    expect(held).toHaveLength(1);
  });
});

describe('size', () => {
  test('5000 people are taken, and each changes once more, in a few seconds', () => {
    const feed = createViewFeed(dxl, { zone: 'UTC', views: PEOPLE_VIEWS });
    for (let round = 0; round < 2; round += 1) {
      for (let index = 0; index < 5000; index += 1) {
        const name = `Person ${(index * 7919) % 5000}`;
        feed.put(name, person(name, STATUSES[(index + round) % STATUSES.length] ?? 'unknown'));
      }
    }
    expect(feed.rows('People')).toHaveLength(5000);
    const order = feed.rows('ByStatus').map((row) => row.category);
    expect(new Set(order).size).toBe(9);
    expect(order.filter((category, index) => category !== order[index - 1])).toHaveLength(9);
  });
});

describe('other views', () => {
  /** A database with one view of these columns. */
  function feedWith(columns: string, selection = 'SELECT @All'): DocumentViewFeed {
    return createViewFeed(
      `<database xmlns='http://www.lotus.com/dxl' title='t'><view name='V' alias='V'><code event='selection'><formula>${selection}</formula></code>${columns}</view></database>`,
      { zone: 'UTC' },
    );
  }

  test('a document with several categories stands under each of them', () => {
    const feed = feedWith("<column itemname='Team' sort='ascending' categorized='true'/><column itemname='Name'/>");
    feed.put('1', { Team: ['Sales', 'Lab'], Name: 'Ana' });
    feed.put('2', { Team: 'Lab', Name: 'Bo' });
    expect(feed.rows('V').map((row) => [row.category, row.id])).toEqual([
      ['Lab', '1'],
      ['Lab', '2'],
      ['Sales', '1'],
    ]);
    feed.remove('1');
    expect(ids(feed, 'V')).toEqual(['2']);
  });

  test('several values in one cell are separated as the column says', () => {
    const feed = feedWith("<column itemname='A' listseparator='semicolon'/><column itemname='A'/>");
    feed.put('1', { A: ['x', 'y'] });
    expect(feed.rows('V')[0]?.cells).toEqual([
      { kind: 'text', text: 'x; y' },
      { kind: 'text', text: 'x, y' },
    ]);
  });

  test('numbers sort as numbers, descending where the column says so', () => {
    const feed = feedWith("<column itemname='N' sort='descending'/>");
    for (const n of [9, 10, 1]) feed.put(String(n), { N: n });
    expect(ids(feed, 'V')).toEqual(['10', '9', '1']);
  });

  test('a formula that fails shows its error, as Notes does', () => {
    const feed = feedWith("<column itemname='$1'><code event='value'><formula>1 + \"a\"</formula></code></column>");
    feed.put('1', {});
    expect(feed.rows('V')[0]?.cells).toEqual([
      { kind: 'text', text: 'ERROR: Incorrect data type for operator or @Function' },
    ]);
  });

  test('a column cannot use the clock', () => {
    const feed = feedWith("<column itemname='$1'><code event='value'><formula>@Text(@Now)</formula></code></column>");
    feed.put('1', {});
    expect(feed.rows('V')[0]?.cells[0]).toMatchObject({ text: expect.stringMatching(/^ERROR: @Now/) });
  });

  test('a selection that fails takes no document', () => {
    const feed = feedWith("<column itemname='A'/>", 'SELECT missing + 1');
    feed.put('1', { A: 'x' });
    expect(feed.rows('V')).toEqual([]);
  });

  test('hidden views are not offered', () => {
    const feed = createViewFeed(
      "<database><view name='(Keys)' alias='Keys'/><view name='V' alias='V' showinmenu='false'/></database>",
    );
    expect(feed.views()).toEqual([]);
  });

  test.each([
    [
      'a broken formula',
      '<database>\n<view name="V"><code event="selection">\n<formula>SELECT (</formula></code></view></database>',
      /line 3/,
    ],
    ['broken XML', '<database>', /unclosed/],
  ])('%s is refused with its line', (_, text, message) => {
    expect(() => createViewFeed(text)).toThrow(message);
  });
});
