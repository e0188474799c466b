import { describe, expect, test } from 'vitest';
import { resolveDirectory } from '../../../src/notes/directory/resolve.js';
import type { DirectoryRow } from '../../../src/presence/directory.js';
import { type ExpectedRow, generateDirectory, shuffled } from '../../support/domino-directory.js';
import { seededRandom } from '../../support/simulated-clock.js';

const DOCUMENTS = 20_000;
/** Of the issue. */
const LIMIT_MS = 5_000;

const directory = generateDirectory(DOCUMENTS, 7);
const started = process.cpuUsage();
const resolved = resolveDirectory(directory.entries, directory.settings);
const { user, system } = process.cpuUsage(started);
/** Of the processor, so that neighbours on the same machine do not count. */
const elapsed = (user + system) / 1000;

const whoIs = (row: DirectoryRow): string => row.name ?? row.displayName;
const comparable = (row: ExpectedRow): string =>
  JSON.stringify([row.who, row.outcome, row.address, row.rule, [...row.otherNames].sort(), row.watched]);
const found = (row: DirectoryRow): string => comparable({ ...row, who: whoIs(row), spellings: [] });

describe('a Domino Directory of 20,000 Person documents', () => {
  test('has as many documents, and every outcome and rule', () => {
    expect(directory.documents).toBe(DOCUMENTS);
    expect(new Set(directory.expected.map(({ outcome }) => outcome)).size).toBe(5);
    expect(new Set(directory.expected.map(({ rule }) => rule)).size).toBe(6);
  });

  test('maps as the expected report says', () => {
    const expected = directory.expected.map(comparable).sort();
    const rows = resolved.rows.map(found).sort();
    const wanted = new Set(expected);
    expect(rows.filter((row) => !wanted.has(row)).slice(0, 10)).toEqual([]);
    expect(rows.join('\n') === expected.join('\n')).toBe(true);
  });

  test('is resolved in less than five seconds', ({ annotate }) => {
    void annotate(`${DOCUMENTS} Person documents in ${Math.round(elapsed)} ms`);
    expect(elapsed).toBeLessThan(LIMIT_MS);
  });

  test('finds everybody by every spelling', () => {
    const wrong = directory.expected.flatMap((row) =>
      row.spellings.flatMap((text) => {
        const { outcome, rows } = resolved.index.lookUp(text);
        const right = outcome === 'found' && rows[0] !== undefined && found(rows[0]) === comparable(row);
        return right ? [] : [`${text}: ${outcome}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('finds nobody by what may mean several, or somebody outside', () => {
    const wrong = directory.unsure.filter(([text, outcome]) => resolved.index.lookUp(text).outcome !== outcome);
    expect(wrong).toEqual([]);
  });

  test('gives every row a reason, and watches whom the report says', () => {
    expect(resolved.rows.filter(({ reason }) => !/^.{10,}\.$/u.test(reason))).toEqual([]);
    const watched = directory.expected.filter((row) => row.watched).map(({ address }) => address);
    const roster = resolved.roster.people.map(({ uri }) => uri);
    expect(roster.length).toBeGreaterThan(5_000);
    expect(roster.sort().join('\n') === watched.sort().join('\n')).toBe(true);
  });

  test('takes away the documents of those who opted out and of nobody who is watched', () => {
    const shy = resolved.rows.filter(({ outcome }) => outcome === 'opted-out');
    expect(resolved.roster.optedOut.size).toBe(shy.length);
    expect(resolved.roster.people.filter(({ key }) => resolved.roster.optedOut.has(key))).toEqual([]);
  });

  test('reports the group that is unknown and the one that contains itself', () => {
    expect(resolved.remarks).toEqual([
      'Opt-out: the group "Shy" contains itself; it counts once.',
      'Watched groups: the group "CN=Deeper/O=Groups" contains itself; it counts once.',
      'Watched groups: the member "No such group" is only a common name and does not count. Give the whole name.',
    ]);
  });
});

test('the order in which sources give their entries makes no difference', () => {
  const { entries, settings } = generateDirectory(600, 11);
  const first = resolveDirectory(entries, settings);
  for (let seed = 1; seed <= 20; seed++) {
    const { unit } = seededRandom(seed);
    const mixed = {
      people: shuffled(entries.people, unit),
      groups: shuffled(
        entries.groups.map((group) => ({ ...group, members: shuffled(group.members, unit) })),
        unit,
      ),
      optOuts: shuffled(entries.optOuts, unit),
    };
    const again = resolveDirectory(mixed, settings);
    expect({ ...again, index: undefined }).toEqual({ ...first, index: undefined });
  }
});
