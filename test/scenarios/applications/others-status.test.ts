import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApplicationSite } from '../../support/application-site.js';
import { storedDocuments } from '../../support/bridge-reader.js';
import { consentDocument } from '../../support/directory-stage.js';

const ANA = 'Ana Reyes/Sales/Contoso';
const BEN = 'Ben Okoro/IT/Contoso';
const canonical = (name: string): string => {
  const [person, unit, organisation] = name.split('/');
  return `CN=${person}/OU=${unit}/O=${organisation}`;
};

let site: ApplicationSite;

/** Ana allowed the application "calendar" to speak for her, and nobody allowed anything else. */
beforeAll(async () => {
  site = await ApplicationSite.start({
    people: 3,
    documents: [
      consentDocument([canonical(ANA)], ['calendar'], canonical(ANA)),
      // What somebody else wrote is nobody's leave.
      consentDocument([canonical(BEN)], ['calendar'], canonical(ANA)),
    ],
    config: { directory: { administrators: ['CN=Hanna Koch/O=Contoso'] } },
    tokens: [
      ['calendar', ['read', 'others-status']],
      ['reader', ['read', 'own-status']],
      ['other', ['read', 'others-status']],
      ['it-only', ['others-status'], ['*/IT/Contoso']],
    ],
  });
}, 60_000);
afterAll(() => site.ends());

const busy = () => ({ status: 'busy', activity: 'in-a-meeting', until: Date.now() + 3_600_000 });
const path = (who: string, rest = ''): string => `/api/v1/people/${encodeURIComponent(who)}${rest}`;
const sets = (token: string, who: string) => site.ask(token, 'PUT', path(who, '/status'), busy());
const statusOf = async (who: string) =>
  (await site.ask('reader', 'GET', path(who))).body as { readonly status: string };
const documentOf = (name: string) =>
  storedDocuments(join(site.folder.path, 'data'), 'Presence').find(({ personname }) =>
    JSON.stringify(personname ?? '').includes(canonical(name)),
  );

describe('setting the status of somebody else', () => {
  test.each([
    ['an application without that right', 'reader', ANA, 403, 'API_FORBIDDEN'],
    ['an application that the person did not allow', 'other', ANA, 403, 'PERSON_NOT_ALLOWED'],
    ['an allowed application, for somebody who allowed nothing', 'calendar', BEN, 403, 'PERSON_NOT_ALLOWED'],
    ['an application whose filter leaves the person out', 'it-only', ANA, 404, 'DIRECTORY_NOBODY'],
  ])('is refused to %s', async (_who, token, person, status, code) => {
    const refused = await sets(token, person);
    expect(refused).toMatchObject({ status, body: { code } });
    const { message } = refused.body as { readonly message: string };
    expect(message.length).toBeGreaterThan(10);
    expect(message).not.toMatch(/Ana|Ben|Reyes|Okoro/);
    expect(await statusOf(person)).toMatchObject({ status: 'available', source: 'ocs' });
  });

  test('is done for whoever allowed it: in answers and in the document, until it is taken back', async () => {
    expect(await sets('calendar', ANA)).toMatchObject({ status: 200, body: { said: { status: 'busy' } } });
    expect(await statusOf(ANA)).toMatchObject({ status: 'busy', activity: 'in-a-meeting', source: 'application' });
    await site.until(() => documentOf(ANA)?.['status'] === 'busy');
    // Others cannot take it back, nor does it tell them who said it.
    await site.ask('other', 'DELETE', path(ANA, '/status'));
    expect(await statusOf(ANA)).toMatchObject({ status: 'busy' });
    expect(JSON.stringify(await statusOf(ANA))).not.toContain('calendar');
    expect((await site.ask('calendar', 'DELETE', path(ANA, '/status'))).status).toBe(200);
    expect(await statusOf(ANA)).toMatchObject({ status: 'available', source: 'ocs' });
    await site.until(() => documentOf(ANA)?.['status'] === 'available');
  });

  test('stands in the log by token and document key, without a name or a status', () => {
    const lines = site.log.entries.filter(({ event }) => event === 'audit.status-set');
    expect(lines.map(({ fields }) => fields['holder'])).toContain('calendar');
    expect(JSON.stringify(lines)).not.toMatch(/Ana|reyes|busy|in-a-meeting/i);
    expect(site.log.entries.some(({ event }) => event === 'audit.refused')).toBe(true);
  });
});
