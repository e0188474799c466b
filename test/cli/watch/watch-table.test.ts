import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { textWidth } from '../../../src/cli/watch/text-width.js';
import { type TablePaper, watchTable } from '../../../src/cli/watch/watch-table.js';
import type { WatchView } from '../../../src/cli/watch/watch-view.js';
import type { PersonPresence } from '../../../src/client/messages.js';
import { STATUSES } from '../../../src/presence/availability.js';

const NOW = 1_767_600_000_000;
/** The clock of the bridge is a minute ahead. */
const AT = NOW + 60_000;
const paper = (columns = 80, rows = 24): TablePaper => ({ terminal: false, columns, rows, words: [] });

const ana: PersonPresence = {
  address: 'sip:ana@contoso.example',
  name: 'CN=Ana Reyes/OU=Sales/O=Contoso',
  status: 'busy',
  activity: 'in-a-meeting',
  outOfOffice: false,
  since: AT - 720_000,
  observedAt: AT - 5_000,
  source: 'ocs',
  confirmed: true,
};
const ben: PersonPresence = {
  address: 'sip:ben@contoso.example',
  displayName: 'Ben (guest)',
  status: 'unknown',
  outOfOffice: false,
  source: 'none',
  confirmed: false,
  reason: 'not-confirmed',
};

const FOLLOWING: WatchView = {
  phase: 'live',
  phaseSince: NOW,
  error: undefined,
  asked: [
    { query: 'Nobody', reason: 'not-found' },
    { query: 'Ben', address: ben.address },
  ],
  people: [ana, ben],
  bridge: {
    type: 'status',
    now: AT,
    freshUntil: AT + 45_000,
    bridge: 'bridge01',
    role: { state: 'active', since: 0 },
    ocs: { state: 'connected', since: 0 },
    notes: { state: 'connected', since: 0 },
  },
  ahead: AT - NOW,
  messages: [],
};

beforeEach(() => vi.stubEnv('NO_COLOR', ''));
afterEach(() => vi.unstubAllEnvs());

describe('the table of watch', () => {
  test('shows who was asked for, then the others, by sign and word; times by the clock of the bridge', () => {
    expect(watchTable(FOLLOWING, paper(), NOW)).toEqual([
      '● connected · OCS connected · Domino connected · bridge bridge01',
      '',
      '  name                     status     activity       since  as of',
      '- Nobody                   not-found',
      '? Ben (guest)              unknown    not-confirmed',
      '▦ Ana Reyes/Sales/Contoso  busy       in-a-meeting   12m    5s',
      '',
      '1 busy, 1 unknown, 1 not found                                       Ctrl+C ends',
    ]);
  });

  test('leaves out what a narrow terminal has no room for', () => {
    expect(watchTable(FOLLOWING, paper(50), NOW)).toEqual([
      '● connected · OCS connected · Domino connected · …',
      '',
      '  name                     status     since',
      '- Nobody                   not-found',
      '? Ben (guest)              unknown',
      '▦ Ana Reyes/Sales/Contoso  busy       12m',
      '',
      '1 busy, 1 unknown, 1 not found         Ctrl+C ends',
    ]);
  });

  test('counts those for whom the terminal is too low', () => {
    const lines = watchTable(FOLLOWING, paper(80, 7), NOW);
    expect([lines.length, lines[4]]).toEqual([7, '... and 2 more; a higher terminal shows them']);
  });

  test('tells since when the bridge is lost and why, and nothing of its sides', () => {
    const lost = { ...FOLLOWING, phase: 'lost', error: 'connect\u001b[2J refused' } as const;
    expect(watchTable(lost, paper(), NOW + 3_000)[0]).toBe('✕ bridge lost 3s ago, trying again (connect [2J refused)');
  });

  test('shows words of other programs where there is room, and messages to the bridge', () => {
    const words = { mistatus: { value: 82, name: 'MISTATUS_IN_A_MEETING' } };
    const message = { type: 'message', at: AT, from: 'sip:cem@contoso.example', text: 'good\nmorning' } as const;
    const view = { ...FOLLOWING, people: [{ ...ana, words }], messages: [message] };
    const lines = watchTable(view, { ...paper(120), words: ['mistatus'] }, NOW);
    expect(lines.join('\n')).toMatch(/as of +mistatus\n[\s\S]*Ana .* MISTATUS_IN_A_MEETING \(82\)$/m);
    expect(lines).toContain('sip:cem@contoso.example: good morning');
  });

  test('tells every status by shape alone', () => {
    const { activity: _, ...plain } = ana;
    const people = STATUSES.map((status, at) => ({ ...plain, address: `sip:p${at}@x.example`, status }));
    const lines = watchTable({ ...FOLLOWING, asked: [], people }, paper(), NOW);
    const signs = lines.slice(3, 3 + STATUSES.length).map((line) => line[0]);
    expect(new Set(signs).size).toBe(STATUSES.length);
  });

  test('has colour at terminals, and none with NO_COLOR', () => {
    const coloured = watchTable(FOLLOWING, { ...paper(), terminal: true }, NOW);
    expect(coloured[5]).toContain('\u001b[31m▦\u001b[39m');
    expect(coloured.map((line) => stripVTControlCharacters(line))).toEqual(watchTable(FOLLOWING, paper(), NOW));
    vi.stubEnv('NO_COLOR', '1');
    expect(watchTable(FOLLOWING, { ...paper(), terminal: true }, NOW)).toEqual(watchTable(FOLLOWING, paper(), NOW));
  });

  test('never leaves the terminal, whatever names and sizes', () => {
    const size = fc.record({ columns: fc.integer({ min: 8, max: 130 }), rows: fc.integer({ min: 4, max: 40 }) });
    const name = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(size, fc.array(name, { maxLength: 30 }), (terminal, names) => {
        const people = names.map((displayName, at) => ({ ...ben, address: `sip:p${at}@x.example`, displayName }));
        const view = { ...FOLLOWING, people };
        const lines = watchTable(view, { ...paper(), ...terminal }, NOW);
        expect(lines.length).toBeLessThanOrEqual(terminal.rows);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(terminal.columns);
        expect(lines.join('')).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 200 },
    );
  });
});
