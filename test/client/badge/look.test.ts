import { describe, expect, test } from 'vitest';
import { lookOf } from '../../../src/client/badge/look.js';
import { plainText } from '../../../src/client/badge/plain-text.js';
import { badgeLanguage } from '../../../src/client/badge/texts.js';
import type { PersonPresence } from '../../../src/client/messages.js';

const ANA: PersonPresence = {
  address: 'sip:ana@contoso.example',
  name: 'CN=Ana Reyes/OU=Sales/O=Contoso',
  status: 'busy',
  activity: 'on-the-phone',
  outOfOffice: true,
  since: 1,
  source: 'ocs',
  confirmed: true,
};
const time = (): string => '10:42';

describe('what a badge says', () => {
  test('is status, activity, mark, moment and note, after the name', () => {
    expect(lookOf({ presence: { ...ANA, note: 'Back at noon' } }, 'en', time)).toMatchObject({
      text: 'Busy, on the phone. Out of office',
      label: '\u2068Ana Reyes\u2069: Busy, on the phone. Out of office',
      title: '\u2068Ana Reyes\u2069: Busy, on the phone. Out of office · since 10:42 · \u2068Back at noon\u2069',
      icon: { sign: 'handset' },
      outOfOffice: true,
    });
  });

  test('is German where the page is', () => {
    expect(lookOf({ presence: ANA }, 'de', time).title).toContain('Beschäftigt, am Telefon. Außer Haus · seit 10:42');
  });

  test('of somebody unknown is no more than why', () => {
    const presence = {
      ...ANA,
      status: 'unknown',
      confirmed: false,
      reason: 'bridge-disconnected',
      note: 'secret',
    } as const;
    expect(lookOf({ presence }, 'en', time)).toMatchObject({
      text: 'Unknown',
      title: '\u2068Ana Reyes\u2069: Unknown (the bridge is not signed in to the presence server)',
      outOfOffice: false,
    });
    expect(lookOf({ presence, reason: 'unreachable' }, 'de', time).label).toContain('die Bridge ist nicht erreichbar');
    expect(lookOf({ reason: 'not-found' }, 'en', time).label).toBe('Unknown (the bridge watches nobody of this name)');
  });

  test('takes the address of people without a name', () => {
    const { name: _, ...nameless } = ANA;
    expect(lookOf({ presence: nameless }, 'en', time).label).toContain('ana@contoso.example');
    expect(lookOf({ presence: { ...nameless, displayName: 'Ana' } }, 'en', time).label).toContain('\u2068Ana\u2069');
  });
});

describe('somebody’s own words', () => {
  test.each([
    ['stay what they are', '<b>x</b> & "y"', '<b>x</b> & "y"'],
    ['stay on one line', 'ok\r\n\u001b[2J forged', 'ok [2J forged'],
    ['do not turn what follows', '\u202EelbaliavA\u202C', 'elbaliavA'],
    ['do not end their isolation', 'a\u2069b\u2066c', 'a b c'],
    ['are characters', 'a\uD800b', 'a\uFFFDb'],
  ])('%s', (_what, text, shown) => {
    expect(plainText(text)).toBe(`\u2068${shown}\u2069`);
  });

  test('are cut between characters', () => {
    expect([...plainText('\u{1F600}'.repeat(300))]).toHaveLength(203);
  });

  test('are nothing where nothing is left', () => {
    expect(plainText(' \u202E\n ')).toBe('');
  });
});

test.each([
  ['de', 'de'],
  ['de-AT', 'de'],
  ['DE', 'de'],
  ['den', 'en'],
  ['fr', 'en'],
  ['', 'en'],
])('the language of "%s" is %s', (tag, language) => {
  expect(badgeLanguage(tag)).toBe(language);
});
