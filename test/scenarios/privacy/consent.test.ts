import { expect, test } from 'vitest';
import { createDirectory } from '../../../src/notes/directory/service.js';
import { dqlForm } from '../../../src/notes/dql-text.js';
import type { Driver } from '../../../src/notes/driver.js';
import { FORMS, PERSON_ITEMS } from '../../../src/notes/fields.js';
import { createDriver } from '../../../src/notes/open-driver.js';
import { DIRECTORY_RULES } from '../../../src/presence/directory.js';
import { CanaryBridge, canaryPeople } from '../../support/canary-bridge.js';
import { consentDocument } from '../../support/directory-stage.js';
import { silentLog } from '../../support/silent-log.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

const ADMINISTRATOR = 'CN=Hanna Koch/O=Contoso';

test('an application speaks for whoever allowed it in Notes, within a minute, and no longer than that after the withdrawal', async () => {
  const people = canaryPeople(2);
  const [ana, ben] = people as [(typeof people)[0], (typeof people)[0]];
  const name = ana.name ?? '';
  const clock = new SimulatedClock();
  let driver: Driver | undefined;
  const running = await CanaryBridge.start({
    people,
    clock,
    notes: true,
    driver: () => {
      driver = createDriver({ kind: 'embedded', folder: undefined }, { clock, log: silentLog });
      return driver;
    },
    directory: (presence, ports) =>
      createDirectory(
        {
          presence,
          bridge: 'bridge',
          people,
          settings: {
            rules: DIRECTORY_RULES,
            domains: [],
            groups: [],
            optOut: { people: [], groups: [] },
            administrators: [ADMINISTRATOR],
          },
          sipItems: [],
          refreshMs: 900_000,
        },
        ports,
      ),
  });
  const says = (key = ana.key) =>
    running.bridge.others.assert(key, 'calendar', {
      status: 'busy',
      activity: 'in-a-meeting',
      until: clock.now() + 3_600_000,
    });
  const isAllowed = (): boolean => {
    try {
      says();
      return true;
    } catch {
      return false;
    }
  };
  const documents = async (form: string) =>
    (await driver?.find({ query: dqlForm(form), itemNames: Object.values(PERSON_ITEMS) })) ?? [];
  const stored = async () => {
    const all = await documents(FORMS.person);
    return all.find(({ items }) => items[PERSON_ITEMS.key] === ana.key)?.items ?? {};
  };
  await running.until(() => running.source.watched.length === people.length);
  await running.everybodyChanges();

  // Somebody else's document is nobody's consent.
  await running.adds(consentDocument([name], ['calendar'], 'CN=Mallory Quick/O=Contoso'));
  await running.passes(61_000);
  expect(says).toThrow(expect.objectContaining({ code: 'PERSON_NOT_ALLOWED' }));

  await running.adds(consentDocument([name], ['Calendar'], name));
  const allowedSince = clock.now();
  await running.until(isAllowed, 1_000);
  expect(clock.now() - allowedSince).toBeLessThanOrEqual(60_000);
  expect(() => says(ben.key)).toThrow(expect.objectContaining({ code: 'PERSON_NOT_ALLOWED' }));
  await running.passes(1_000);
  await running.until(() => running.bridge.status().pendingWrites === 0);
  // The person's own words are not put under an application's status, and which application it was is told to nobody's views.
  expect(await stored()).toMatchObject({ Status: 'busy', Activity: 'in-a-meeting', Note: '', ActivityText: '' });
  expect(JSON.stringify(await stored())).not.toContain('calendar');

  const consents = await documents(FORMS.consent);
  await driver?.remove(consents.map(({ unid }) => unid));
  const withdrawn = clock.now();
  await running.until(() => running.bridge.watched.byAddress(ana.uri)?.status === 'available', 1_000);
  expect(clock.now() - withdrawn).toBeLessThanOrEqual(60_000);
  await running.passes(1_000);
  await running.until(() => running.bridge.status().pendingWrites === 0);
  expect((await stored())['Status']).toBe('available');
  expect(running.logLines.join('')).not.toMatch(/calendar|in-a-meeting|Forename/);
  await running.stops();
});
