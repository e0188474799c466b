import { describe, expect, test } from 'vitest';
import { LOOK_UP_VIEWS, VIEWS } from '../../../src/notes/fields.js';
import type { Items } from '../../../src/notes/item-value.js';
import { createViewFeed } from '../../../src/notes/template/views/view-feed.js';
import { childrenOf } from '../../../src/notes/template/xml-tree.js';
import { builtDxl, elementOf, treeOf } from '../../support/template.js';

const dxl = builtDxl();
const tree = treeOf(dxl);

const names = (...list: readonly string[]): Items[string] => ({ type: 'text', data: list, names: true });

function indexOf(view: string, people: Readonly<Record<string, Items>>) {
  const feed = createViewFeed(dxl, { zone: 'UTC', views: [view], keepsDocuments: true });
  for (const [id, items] of Object.entries(people)) feed.put(id, { Form: 'Presence', ...items });
  const index = feed.index(view);
  if (!index) throw new Error(`no view ${view}`);
  return index;
}

describe('every look-up view', () => {
  test.each(LOOK_UP_VIEWS)('%s is hidden, has its key first, and cannot be sorted otherwise', (alias) => {
    const view = elementOf(tree, 'view', { alias });
    expect([view.attributes.get('name'), view.attributes.get('showinmenu')]).toEqual([`(${alias})`, 'false']);
    const columns = childrenOf(view, 'column');
    expect(columns[0]?.attributes.get('itemname')).toBe('$Key');
    expect(columns.filter(({ attributes }) => attributes.has('sort'))).toHaveLength(1);
    expect(columns.filter(({ attributes }) => attributes.has('resort'))).toEqual([]);
  });

  test.each([VIEWS.lookUpByName, VIEWS.lookUpByAddress, VIEWS.lookUpByMail])(
    '%s has the columns agreed on',
    (alias) => {
      const columns = childrenOf(elementOf(tree, 'view', { alias }), 'column').map(({ attributes }) =>
        attributes.get('itemname'),
      );
      expect(columns).toEqual(
        '$Key $Answer Status Activity OutOfOffice StatusSince ObservedAt Bridge PersonName SipAddress'.split(' '),
      );
    },
  );
});

describe('look-up by name', () => {
  const index = indexOf(VIEWS.lookUpByName, {
    ana: {
      PersonName: names('CN=Ana Reyes/OU=Sales/O=Contoso'),
      OtherNames: names('CN=Ana Soler/OU=Sales/O=Contoso', 'CN=Ana Reyes/O=Fabrikam'),
    },
    other: { PersonName: names('CN=Ana Reyes/OU=Lab/O=Contoso') },
    alvaro: { PersonName: names('CN=Álvaro Muñoz/O=Contoso') },
    plain: { PersonName: names('CN=Alvaro Munoz/O=Contoso') },
    country: { PersonName: names('CN=Jan Kok/O=Contoso/C=NL') },
    organisation: { PersonName: names('CN=Jan Kok/OU=Contoso/O=NL') },
    flat: { PersonName: 'Server7' },
    alias: { PersonName: '', OtherNames: names('CN=Zed Alias/O=Contoso') },
    unnamed: { PersonName: '', OtherNames: '', DisplayName: 'Bo Zorn' },
    missing: {},
  });

  test.each([
    ['CN=Ana Reyes/OU=Sales/O=Contoso', ['ana']],
    ['cn=ana reyes/ou=sales/o=contoso', ['ana']],
    ['Ana Reyes/Sales/Contoso', ['ana']],
    ['Ana Reyes/Lab/Contoso', ['other']],
    ['Ana Soler', ['ana']],
    ['Ana Soler/Sales/Contoso', ['ana']],
    ['Ana Reyes/Fabrikam', ['ana']],
    ['Álvaro Muñoz', ['alvaro']],
    ['ÁLVARO MUÑOZ/CONTOSO', ['alvaro']],
    ['Alvaro Munoz', ['plain']],
    ['CN=Jan Kok/O=Contoso/C=NL', ['country']],
    ['CN=Jan Kok/OU=Contoso/O=NL', ['organisation']],
    ['Server7', ['flat']],
    ['Zed Alias', ['alias']],
    ['Bo Zorn', []],
    ['Ana', []],
    ['Sales/Contoso', []],
    ['', []],
  ])('"%s" finds %j', (key, wanted) => {
    expect(index.find(key)).toEqual(wanted);
  });

  test.each([
    ['Ana Reyes', ['ana', 'other']],
    // Without labels a country cannot be told from an organization.
    ['Jan Kok/Contoso/NL', ['country', 'organisation']],
  ])('"%s" finds several people, so that a reader can say that it is ambiguous', (key, wanted) => {
    expect(index.find(key)).toEqual(wanted);
  });

  test('a person has one entry for each spelling, also when two names share their common name', () => {
    const keys = index
      .rows()
      .filter(({ id }) => id === 'ana')
      .map(({ cells: [cell] }) => cell?.kind === 'text' && cell.text);
    expect(keys).toEqual([
      'ana reyes',
      'ana reyes/fabrikam',
      'ana reyes/sales/contoso',
      'ana soler',
      'ana soler/sales/contoso',
      'cn=ana reyes/o=fabrikam',
      'cn=ana reyes/ou=sales/o=contoso',
      'cn=ana soler/ou=sales/o=contoso',
    ]);
  });
});

describe('the answer', () => {
  test.each([
    [{ Status: 'busy', Activity: 'in-a-meeting', OutOfOffice: '', Bridge: 'bridge-1' }, 'busy|in-a-meeting||bridge-1'],
    [
      { Status: ' Busy ', Activity: 'On-The-Phone', OutOfOffice: '1', Bridge: ' Bridge-1' },
      'busy|on-the-phone|1|bridge-1',
    ],
    [{ Status: 'dancing', Activity: 'juggling', OutOfOffice: 'yes', Bridge: '' }, 'unknown|||'],
    [{}, 'unknown|||'],
    [{ Status: 'a|b', Activity: 'c|d', OutOfOffice: 1, Bridge: 'b|c' }, 'unknown||1|b|c'],
    [{ Status: ['away', 'busy'] }, 'away|||'],
  ])('of %j is %s', (items: Items, wanted) => {
    const index = indexOf(VIEWS.lookUpByAddress, { ana: { SipAddress: 'sip:ana@contoso.example', ...items } });
    expect(index.lookUp('ana@contoso.example', '$Answer')).toEqual([{ type: 'text', list: [wanted] }]);
    expect(index.lookUp('ana@contoso.example', 2)).toEqual([{ type: 'text', list: [wanted] }]);
  });
});

describe('look-up by address', () => {
  const index = indexOf(VIEWS.lookUpByAddress, {
    ana: { SipAddress: 'sip:Ana@Contoso.example' },
    bare: { SipAddress: 'bo@contoso.example' },
    none: { SipAddress: ' ' },
  });

  test.each([
    ['sip:ana@contoso.example', ['ana']],
    ['ANA@contoso.example', ['ana']],
    ['SIP:bo@contoso.example', ['bare']],
    ['bo@contoso.example', ['bare']],
    ['sip:', []],
    ['', []],
    ['contoso.example', []],
  ])('"%s" finds %j', (key, wanted) => {
    expect(index.find(key)).toEqual(wanted);
  });
});

describe('look-up by mail address', () => {
  const index = indexOf(VIEWS.lookUpByMail, {
    several: { SipAddress: 'sip:a@ocs.example', MailAddress: ['Ana.Reyes@contoso.example', 'ana@contoso.example', ''] },
    one: { SipAddress: 'sip:b@ocs.example', MailAddress: 'bo@contoso.example' },
    none: { SipAddress: 'sip:carl@contoso.example', MailAddress: '' },
    old: { SipAddress: 'sip:dora@contoso.example' },
    only: { MailAddress: 'eva@contoso.example' },
  });

  test.each([
    ['ana.reyes@contoso.example', ['several']],
    ['ANA@contoso.example', ['several']],
    ['a@ocs.example', []],
    ['bo@contoso.example', ['one']],
    // Without a mail address the SIP address is the best guess.
    ['carl@contoso.example', ['none']],
    ['dora@contoso.example', ['old']],
    ['sip:dora@contoso.example', []],
    ['eva@contoso.example', ['only']],
    ['', []],
  ])('"%s" finds %j', (key, wanted) => {
    expect(index.find(key)).toEqual(wanted);
  });
});

describe('look-up of a bridge', () => {
  test('finds its heartbeat by name, whatever the case', () => {
    const until: Items[string] = { type: 'datetime', data: '2026-01-05T09:30:00Z' };
    const index = indexOf(VIEWS.lookUpBridge, {
      beat: { Form: 'PresenceBridge', Bridge: 'Bridge-1', FreshUntil: until, Connected: '1', OcsState: 'connected' },
      person: { Bridge: 'bridge-1' },
    });
    expect(index.find('BRIDGE-1')).toEqual(['beat']);
    expect(index.lookUp('bridge-1', 'FreshUntil')).toEqual([{ type: 'time', list: [Date.UTC(2026, 0, 5, 9, 30)] }]);
    expect(index.lookUp('bridge-1', 'Connected')).toEqual([{ type: 'text', list: ['1'] }]);
  });
});
