import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OwnStatus } from '../../src/bridge/ports.js';
import { systemClock } from '../../src/bridge/runtime/system.js';
import { BridgeError } from '../../src/presence/errors.js';
import { AccessSite, type SitePerson } from '../support/access-site.js';
import { command } from '../support/command-line.js';
import { person } from '../support/people.js';
import { tokenOf } from '../support/token-book.js';

const ANA: SitePerson = { ...person('sip:ana@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso'), status: 'busy' };
const MINUTE = 60_000;

let folder: string;
let site: AccessSite;
let own: OwnStatus | undefined;
const sent: (readonly [string, string])[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'presence-cli-set-'));
  const tokens = [
    { name: 'pbx', scopes: ['others-status'] },
    { name: 'desk', scopes: ['own-status', 'message'] },
  ] as const;
  site = await AccessSite.start([ANA], tokens, {
    clock: systemClock,
    self: {
      own: {
        publish: async (status) => {
          own = status;
        },
        clear: async () => {
          own = undefined;
        },
        current: () => own,
      },
      messages: {
        send: async (to, text) => void sent.push([to, text]),
        typing: () => {},
        onMessage: () => () => {},
        onTyping: () => () => {},
      },
    },
  });
  for (const { name } of tokens) writeFileSync(join(folder, name), tokenOf(name));
});
beforeEach(() => {
  site.said.length = 0;
  site.maySpeak = () => {};
});
afterAll(async () => {
  await site.server.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (token: string): readonly string[] => ['--url', site.server.url, '--token-file', join(folder, token)];
const isIn = (minutes: number, time: number | undefined): boolean =>
  Math.abs((time ?? 0) - Date.now() - minutes * MINUTE) < MINUTE;

describe("set, of a bridge elsewhere's own account", () => {
  test('sets and clears the status with a token', async () => {
    const set = await command('set', 'busy', '--note', 'Room 4', '--for', '30m', ...at('desk'));
    expect([set.code, set.out]).toEqual([
      0,
      expect.stringMatching(/^the bridge's account: busy, note "Room 4", until \d\d:\d\d\.\n$/),
    ]);
    expect([own?.status, isIn(30, own?.until)]).toEqual(['busy', true]);
    const cleared = await command('set', '--clear', '--json', ...at('desk'));
    expect([cleared.code, JSON.parse(cleared.out), own]).toEqual([
      0,
      { ok: true, own: null, through: 'bridge' },
      undefined,
    ]);
  });

  test('ends with 77 when the token does not allow it', async () => {
    const { code, err } = await command('set', 'busy', ...at('pbx'));
    expect([code, err]).toEqual([77, expect.stringContaining('API_FORBIDDEN')]);
  });
});

describe('set --person', () => {
  const who = ['--person', 'Ana Reyes/Sales/Contoso'];

  test('says something of somebody else until it ends, and takes it back', async () => {
    const { code, out } = await command(
      'set',
      'busy',
      '--activity',
      'on-the-phone',
      '--for',
      '10m',
      ...who,
      ...at('pbx'),
    );
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^Ana Reyes\/Sales\/Contoso: busy, on-the-phone, until \d\d:\d\d\.\n$/),
    ]);
    const [holder, key, said] = site.said[0] ?? [];
    expect([holder, key, said?.status, isIn(10, said?.until)]).toEqual(['pbx', ANA.key, 'busy', true]);
    const cleared = await command('set', '--clear', '--json', ...who, ...at('pbx'));
    expect([cleared.code, JSON.parse(cleared.out)]).toEqual([
      0,
      expect.objectContaining({ ok: true, address: ANA.uri, said: null }),
    ]);
  });

  test('ends with 77 without the leave of the person, and with 65 where nobody has the name', async () => {
    site.maySpeak = () => {
      throw new BridgeError('PERSON_NOT_ALLOWED', 'the person did not allow this application to set the status');
    };
    const refused = await command('set', 'away', '--for', '1h', ...who, ...at('pbx'), '--json');
    expect([refused.code, JSON.parse(refused.out).error.code]).toEqual([77, 'PERSON_NOT_ALLOWED']);
    const nobody = await command('set', 'away', '--for', '1h', '--person', 'Nobody', ...at('pbx'));
    expect([nobody.code, nobody.err]).toEqual([65, expect.stringContaining('DIRECTORY_NOBODY')]);
  });

  test.each([
    [['busy'], '--for or --until is missing'],
    [['available', '--for', '1h'], 'Of somebody else can be said only: busy, do-not-disturb, be-right-back, away.'],
    [['busy', '--for', '1h', '--note', 'x'], "option '--person <who>' cannot be used with option '--note <text>'"],
    [['busy', '--for', '2d'], 'A duration such as 30m'],
    [['busy', '--for', '1h', '--until', '17:30'], 'cannot be used with'],
    [[], 'Either a status or --clear was expected.'],
  ])('is refused with %j', async (args, said) => {
    const { code, err } = await command('set', ...args, ...who, ...at('pbx'));
    expect([code, err, site.said]).toEqual([64, expect.stringContaining(said), []]);
  });
});

test('im sends a message through a bridge elsewhere', async () => {
  const { code, out } = await command('im', 'ana@contoso.example', 'good', 'morning', '--json', ...at('desk'));
  expect([code, JSON.parse(out), sent]).toEqual([
    0,
    { ok: true, to: ANA.uri, through: 'bridge' },
    [[ANA.uri, 'good morning']],
  ]);
});
