import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readGroupDocuments } from '../../../src/notes/directory/sources/group-documents.js';
import { missingFrom, readLastRun } from '../../../src/notes/directory/sources/last-run.js';
import { personEntry, readPersonDocuments } from '../../../src/notes/directory/sources/person-documents.js';
import { readPresenceDocuments } from '../../../src/notes/directory/sources/presence-documents.js';
import { Writers } from '../../../src/notes/directory/writers.js';
import type { Driver, FoundDocument } from '../../../src/notes/driver.js';
import type { Items, ItemValue } from '../../../src/notes/item-value.js';
import { atOnce } from '../../../src/notes/steps.js';
import { parseUnid } from '../../../src/presence/ids.js';

const UNID = '0123456789ABCDEF0123456789ABCDEF';

function found(items: Items): FoundDocument {
  const unid = parseUnid(UNID);
  if (!unid.ok) throw new Error(unid.reason);
  return { unid: unid.value, created: undefined, items };
}

/** A driver that finds these documents whatever is asked. */
function finding(...documents: readonly Items[]): Driver {
  const unused = (): Promise<never> => Promise.reject(new Error('not expected'));
  return {
    maxBatch: 100,
    revisions: false,
    identify: unused,
    open: unused,
    find: async () => documents.map(found),
    read: unused,
    create: unused,
    replaceItems: unused,
    remove: unused,
    close: unused,
  };
}

const names = (...data: readonly string[]): ItemValue => ({ type: 'text', data, names: true });

describe('Person documents', () => {
  test('give the present name first, then previous, alternate and short ones, and addresses in order of the items', () => {
    const entry = personEntry(
      found({
        FullName: names('CN=Eva Gross/O=Contoso', 'Eva Gross', ' CN=Eva Klein/O=Contoso '),
        AltFullName: names('CN=エバ/O=Contoso'),
        ShortName: ['egross', 'eklein'],
        FirstName: 'Eva',
        LastName: 'Gross',
        InternetAddress: 'eva.gross@contoso.example',
        Second: 'sip:second@contoso.example',
        First: ['sip:first@contoso.example', ''],
      }),
      ['First', 'Second'],
    );
    expect(entry).toEqual({
      origin: `Person document ${UNID}`,
      names: ['CN=Eva Gross/O=Contoso', 'Eva Gross', 'CN=Eva Klein/O=Contoso', 'CN=エバ/O=Contoso', 'egross', 'eklein'],
      addresses: [
        { rule: 'sip-item', text: 'sip:first@contoso.example' },
        { rule: 'sip-item', text: 'sip:second@contoso.example' },
        { rule: 'internet-address', text: 'eva.gross@contoso.example' },
      ],
      displayName: 'Eva Gross',
    });
  });

  test('lose values that are too long or too many, not the person', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => `CN=Ana ${index}/O=Contoso`);
    const entry = personEntry(
      found({ FullName: names('x'.repeat(2_000), ...many), InternetAddress: 'a@b.example' }),
      [],
    );
    expect(entry?.names).toHaveLength(64);
    expect(entry?.names[0]).toBe('CN=Ana 0/O=Contoso');
  });
});

describe('mapping and opt-out documents', () => {
  test('the loser of a conflict maps nobody, but still opts out', async () => {
    const read = await readPresenceDocuments(
      finding(
        { Form: 'PresenceMapping', PersonName: 'Ana Reyes/Contoso', SipAddress: 'ana@contoso.example' },
        { Form: 'PresenceMapping', PersonName: 'Ana Reyes/Contoso', SipAddress: 'old@contoso.example', $Conflict: '' },
        { Form: 'presenceoptout', PersonName: names('Ben Okoro/Contoso'), $Conflict: '1' },
        { Form: 'PresenceOptOut', PersonName: '', SipAddress: ['x@contoso.example', 'y@contoso.example'] },
        { Form: 'PresenceOptOut', PersonName: '', SipAddress: '' },
      ),
      new Writers([]),
    );
    expect(read.mappings.map(({ addresses }) => addresses)).toEqual([
      [{ rule: 'mapping', text: 'ana@contoso.example' }],
    ]);
    expect(read.optOuts.map((entry) => [...entry.names, ...entry.addresses])).toEqual([
      ['Ben Okoro/Contoso'],
      ['x@contoso.example', 'y@contoso.example'],
    ]);
    expect(read.skipped).toBe(2);
  });

  const MAPPING = { Form: 'PresenceMapping', PersonName: 'Ana Reyes/Contoso', SipAddress: 'ana@contoso.example' };
  const optOut = (...people: readonly string[]) => ({ Form: 'PresenceOptOut', PersonName: names(...people) });
  const by = (...writers: readonly string[]) => ({ $UpdatedBy: names(...writers) });
  const KOCH = new Writers(['CN=Hanna Koch/O=Contoso']);
  const said = async (...documents: readonly Items[]) => {
    const { mappings, optOuts, skipped } = await readPresenceDocuments(finding(...documents), KOCH);
    return [mappings.length, optOuts.map((entry) => [...entry.names, ...entry.addresses]), skipped];
  };

  test('of an administrator count for everybody, in whatever spelling the name stands', async () => {
    const writer = by('CN=Ana Reyes/O=Contoso', 'hanna koch/CONTOSO');
    expect(await said({ ...MAPPING, ...writer }, { ...optOut('Ben Okoro/Contoso'), ...writer })).toEqual([
      1,
      [['Ben Okoro/Contoso']],
      0,
    ]);
  });

  test('of somebody else count for that one alone, and never map', async () => {
    const writer = by('CN=Hanna Koch/O=Contoso', 'CN=Ben Okoro/O=Contoso');
    expect(
      await said(
        { ...MAPPING, ...writer },
        { ...optOut('Ana Reyes/Contoso', 'ben okoro/contoso'), SipAddress: 'ana@contoso.example', ...writer },
        { ...optOut('Ana Reyes/Contoso'), ...writer },
      ),
    ).toEqual([0, [['CN=Ben Okoro/O=Contoso']], 2]);
  });

  test('of nobody known never map, but hide whom they name', async () => {
    expect(await said(MAPPING, optOut('Ben Okoro/Contoso'), { ...optOut('Cem Aydin/Contoso'), ...by('') })).toEqual([
      0,
      [['Ben Okoro/Contoso'], ['Cem Aydin/Contoso']],
      1,
    ]);
  });
});

describe('people of the last run', () => {
  const entry = (name: string, address: string) => ({
    origin: '',
    names: [name],
    addresses: [{ rule: 'mapping', text: address } as const],
    displayName: '',
  });

  test('are those whom no other source names, by name or address in any spelling', () => {
    const lastRun = [
      entry('CN=Ana Reyes/OU=Sales/O=Contoso', 'sip:ana@contoso.example'),
      entry('CN=Ben Okoro/O=Contoso', 'sip:ben@contoso.example'),
      entry('CN=Cleo Vogt/O=Contoso', 'sip:cleo@contoso.example'),
    ];
    const present = [
      entry('ana  reyes/sales/CONTOSO', 'other@contoso.example'),
      entry('Benjamin Okoro/Contoso', 'BEN@contoso.example'),
    ];
    expect(atOnce(missingFrom(lastRun, present))).toEqual([lastRun[2]]);
  });
});

test('whatever documents hold, they are read or skipped', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('CN=', '/', '@', 'sip:', '*', 'a/b', 'PresenceOptOut'),
  );
  const value: fc.Arbitrary<ItemValue> = fc.oneof(
    text,
    fc.double(),
    fc.array(text),
    fc.array(fc.double()),
    fc.record({
      type: fc.constant('text' as const),
      data: fc.oneof(text, fc.array(text)),
      names: fc.constant(true as const),
    }),
    fc.record({ type: fc.constant('datetime' as const), data: text }),
  );
  const item = fc.constantFrom(
    'Form',
    'FullName',
    'AltFullName',
    'FirstName',
    'ShortName',
    'InternetAddress',
    'SIP',
    'ListName',
    'Members',
    'PersonName',
    'SipAddress',
    'OtherNames',
    'DisplayName',
    'Bridge',
    '$Conflict',
  );
  const documents = fc.array(fc.dictionary(item, value), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(documents, async (items) => {
      const driver = finding(...items);
      const people = await readPersonDocuments(driver, { sipItems: ['SIP'], maxDocuments: 5 });
      const groups = await readGroupDocuments(driver, 5);
      const own = await readPresenceDocuments(driver, new Writers([]));
      expect(people.entries.length + people.skipped).toBe(items.length);
      expect(groups.entries.length + groups.skipped).toBe(items.length);
      expect(own.mappings.length + own.optOuts.length + own.skipped).toBe(items.length);
      expect((await readLastRun(driver, 'bridge')).length).toBeLessThanOrEqual(items.length);
    }),
  );
});
