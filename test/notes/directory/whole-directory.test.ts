import { beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../../src/bridge/ports.js';
import type { DirectoryEntry } from '../../../src/notes/directory/entry.js';
import type { Items, ItemValue } from '../../../src/notes/item-value.js';
import type { DirectoryReport, DirectoryRow, DirectoryRule } from '../../../src/presence/directory.js';
import { DirectoryStage, groupDocument, mappingDocument, optOutDocument } from '../../support/directory-stage.js';
import { type ExpectedRow, generateDirectory } from '../../support/domino-directory.js';
import { person } from '../../support/people.js';

const DOCUMENTS = 20_000;
const LIMIT_MS = 5_000;
const CSV = '/etc/presence/people.csv';

const ruleOf = ({ addresses }: DirectoryEntry): DirectoryRule | undefined => addresses[0]?.rule;
const nameOf = ({ names }: DirectoryEntry): string => names[0] ?? '';
const addressOf = ({ addresses }: DirectoryEntry): string => addresses[0]?.text ?? '';

/** A Person document with the items of one entry. */
function personItems({ names, addresses, displayName }: DirectoryEntry): Items {
  const texts = (rule: DirectoryRule): ItemValue => {
    const found = addresses.filter((one) => one.rule === rule).map(({ text }) => text);
    return found.length === 0 ? '' : found;
  };
  return {
    Form: 'Person',
    FullName: { type: 'text', data: names, names: true },
    LastName: displayName,
    SIPAddress: texts('sip-item'),
    InternetAddress: texts('internet-address'),
  };
}

/** As administrators do it where a list is too long for one document. */
function groupItems(name: string, members: readonly string[]): readonly Items[] {
  const parts: Items[] = [];
  for (let start = 0; start === 0 || start < members.length; start += 500) {
    parts.push(groupDocument(name, members.slice(start, start + 500)));
  }
  return parts;
}

function csvOf(entries: readonly DirectoryEntry[]): string {
  const lines = entries.map((entry) => `"${nameOf(entry)}";"${addressOf(entry)}"`);
  return ['Name;Adresse', ...lines].join('\r\n');
}

describe('a Domino Directory of 20,000 Person documents, read through the embedded driver', () => {
  const generated = generateDirectory(DOCUMENTS, 7);
  const stage = new DirectoryStage();
  let report: DirectoryReport;
  let elapsed: number;

  beforeAll(async () => {
    const { people, groups, optOuts } = generated.entries;
    const of = (rule: DirectoryRule) => people.filter((entry) => ruleOf(entry) === rule);
    const documents = people.filter((entry) => !['mapping', 'people', 'csv'].includes(ruleOf(entry) ?? ''));
    await stage.domino.add(...documents.map(personItems));
    await stage.domino.add(...groups.flatMap(({ names, members }) => groupItems(names[0] ?? '', members)));
    await stage.presence.add(...of('mapping').map((entry) => mappingDocument(nameOf(entry), addressOf(entry))));
    await stage.presence.add(...optOuts.map(({ names, addresses }) => optOutDocument(names, addresses)));
    stage.files.set(CSV, csvOf(of('csv')));
    const directory = stage.make({
      csvFile: CSV,
      people: of('people').map((entry): Person => person(addressOf(entry), nameOf(entry))),
      settings: generated.settings,
    });
    // Time of the processor: nothing here waits, and other tests run beside this one.
    const begun = process.cpuUsage();
    await directory.refresh();
    report = directory.report();
    const { user, system } = process.cpuUsage(begun);
    elapsed = (user + system) / 1_000;
  }, 60_000);

  test('maps as the expected report says', () => {
    const comparable = (row: ExpectedRow): string =>
      JSON.stringify([row.who, row.outcome, row.address, row.rule, [...row.otherNames].sort(), row.watched]);
    const found = (row: DirectoryRow): string =>
      comparable({ ...row, who: row.name ?? row.displayName, spellings: [] });
    const expected = generated.expected.map(comparable).sort();
    const rows = report.rows.map(found).sort();
    const wanted = new Set(expected);
    expect(rows.filter((row) => !wanted.has(row)).slice(0, 10)).toEqual([]);
    expect(rows.join('\n') === expected.join('\n')).toBe(true);
  });

  test('is read and resolved in less than five seconds', ({ annotate }) => {
    void annotate(`${DOCUMENTS} Person documents in ${Math.round(elapsed)} ms`);
    expect(elapsed).toBeLessThan(LIMIT_MS);
  });

  test('is read again, with nothing changed, without being resolved again', async () => {
    const resolved = () => stage.log.entries.filter(({ event }) => event === 'directory.resolved').length;
    const before = resolved();
    await stage.directory?.refresh();
    stage.directory?.report();
    expect(resolved()).toBe(before);
    await stage.directory?.stop();
  });
});
