import { describe, expect, test } from 'vitest';
import { clockTime, WatchLines } from '../../../src/cli/watch/watch-lines.js';
import type { PersonPresence } from '../../../src/client/messages.js';

const NOW = 1_767_600_000_000;
const ana: PersonPresence = {
  address: 'sip:ana@x',
  name: 'CN=Ana Reyes/O=Contoso',
  status: 'busy',
  activity: 'in-a-meeting',
  outOfOffice: true,
  since: NOW,
  source: 'ocs',
  confirmed: true,
  words: { mistatus: { value: 82, name: 'MISTATUS_IN_A_MEETING' } },
};
const unknown: PersonPresence = {
  address: 'sip:ana@x',
  name: 'CN=Ana Reyes/O=Contoso',
  status: 'unknown',
  outOfOffice: false,
  source: 'none',
  confirmed: false,
  reason: 'not-confirmed',
};
const at = clockTime(NOW);

describe('lines of watch', () => {
  test('tell time, sign, name, status and what belongs to it', () => {
    const lines = new WatchLines([]);
    expect(lines.of({ changed: [ana], removed: [] }, NOW)).toEqual([
      `${at} ▦ Ana Reyes/Contoso: busy, in-a-meeting, out of office`,
    ]);
    expect(lines.of({ changed: [unknown], removed: [] }, NOW)).toEqual([
      `${at} ? Ana Reyes/Contoso: unknown, not-confirmed`,
    ]);
  });

  test('carry the words of other programs that were asked for', () => {
    expect(new WatchLines(['mistatus']).of({ changed: [ana], removed: [] }, NOW)[0]).toContain(
      'out of office, MISTATUS_IN_A_MEETING (82)',
    );
  });

  test('are not repeated for somebody who reads as before', () => {
    const lines = new WatchLines([]);
    lines.of({ changed: [ana], removed: [] }, NOW);
    expect(lines.of({ changed: [{ ...ana, observedAt: NOW }], removed: [] }, NOW)).toEqual([]);
  });

  test('tell of somebody who is not there any more, once', () => {
    const lines = new WatchLines([]);
    lines.of({ changed: [ana], removed: [] }, NOW);
    expect(lines.of({ changed: [], removed: ['sip:ana@x'] }, NOW)).toEqual([`${at} - sip:ana@x: not there any more`]);
    expect(lines.of({ changed: [], removed: ['sip:ana@x'] }, NOW)).toEqual([]);
  });
});
