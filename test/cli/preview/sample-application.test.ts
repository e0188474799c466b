import { request } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import type { PreviewServer } from '../../../src/cli/preview/preview-server.js';
import { profileId } from '../../../src/cli/preview/profile-id.js';
import { STILL_MOMENT } from '../../../src/cli/preview/sample-office.js';
import { APPLICATION_DATABASE, PRESENCE_DATABASE } from '../../../src/cli/preview/sample-servers.js';
import type { ShownTemplate } from '../../../src/cli/preview/shown-template.js';
import { PROFILE_FORM } from '../../../src/notes/fields.js';
import { textOf, textsOf } from '../../../src/notes/item-access.js';
import { buildTemplate } from '../../../src/notes/template/source/build.js';
import { MemoryDatabase } from '../../support/lotusscript/notes/memory-database.js';
import { NotesWorld } from '../../support/lotusscript/notes/world.js';
import { runAgent } from '../../support/lotusscript/run.js';
import { startPreviewSite } from '../../support/preview-site.js';
import { builtDxl } from '../../support/template.js';

describe('preview of the sample application', () => {
  let server: PreviewServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  const begin = async (options: Parameters<typeof startPreviewSite>[0] = {}) => {
    const site = await startPreviewSite({ template: 'sample-directory', ...options });
    ({ server } = site);
    const [shown] = site.templates;
    if (!shown) throw new Error('there is no language');
    return { ...site, shown };
  };
  const page = async (path: string): Promise<string> => {
    const answer = await request((server?.url ?? '') + path);
    return await answer.body.text();
  };
  const contact = ({ source }: ShownTemplate, subject: string) => {
    const found = [...source.documents.entries()].find(([, items]) => textOf(items, 'Subject') === subject);
    if (!found) throw new Error(`there is no contact ${subject}`);
    return found;
  };
  const form = async (shown: ShownTemplate, subject: string, language = 'en'): Promise<string> =>
    await page(`/${language}/view/Contacts/document/${contact(shown, subject)[0]}`);

  test('its statuses are those that the agent PushStatus writes', async () => {
    const { shown, documents } = await begin();
    const presence = new MemoryDatabase({
      ...PRESENCE_DATABASE,
      dxl: builtDxl('en'),
      // Domino itself keeps who saved a document; here an administrator did.
      documents: [...documents.entries()].map(([, items]) => ({ ...items, $UpdatedBy: 'CN=Ada Min/O=Contoso' })),
    });
    const contacts = new MemoryDatabase({
      ...APPLICATION_DATABASE,
      dxl: buildTemplate({ folder: 'nsf-templates/sample-directory', language: 'en' }).dxl,
      documents: [...shown.source.documents.entries()].map(([, items]) => items),
    });
    const world = new NotesWorld({
      databases: [presence, contacts],
      now: () => STILL_MOMENT,
      offset: 0,
      isOnServer: true,
    });
    const { printed } = await runAgent({ dxl: builtDxl('en'), world, agent: 'PushStatus', steps: 50_000_000 });
    expect(printed).toEqual([]);
    expect(contacts.saved).toEqual([]);
    // And it would have found other ones.
    const [first] = contacts.documents();
    contacts.change(first?.unid ?? '', { PresenceStatus: ['offline'] });
    const again = await runAgent({ dxl: builtDxl('en'), world, agent: 'PushStatus', steps: 50_000_000 });
    expect(again.printed).toEqual([expect.stringContaining('1 of ')]);
  });

  test('the view shows an icon for each name, and several kinds of them', async () => {
    const { shown } = await begin();
    const html = await page('/en/view/Contacts');
    const icons = [...html.matchAll(/\/image\/(presence-[a-z-]+)\.gif/g)].map(([, name]) => name);
    const names = [...shown.source.documents.entries()].flatMap(([, items]) => textsOf(items, 'PresencePerson'));
    expect(icons).toHaveLength(names.length);
    expect(new Set(icons).size).toBeGreaterThanOrEqual(8);
  });

  test('the navigator offers no help document that the application does not have', async () => {
    await begin();
    expect(await page('/en/view/Contacts')).not.toContain('href="/en/about"');
    expect(await page('/en/view/Contacts')).toContain('href="/en/design"');
  });

  test('the badge tells whom the presence database knows, and why it knows nothing of others', async () => {
    const { shown } = await begin();
    expect(await form(shown, 'Amir Rahman')).toContain('Available');
    expect(await form(shown, 'Petra Vogel')).toContain('Nina Sommer: Unknown (not in the presence database)');
    expect(await form(shown, 'Ines Moreau')).toContain('several people have this name');
    expect(await form(shown, 'Samir Haddad')).toContain('Unknown (');
    expect(await form(shown, 'Olga Ivanov', 'de')).toContain('Unbekannt (');
  });

  test('icon and badge of a contact say the same', async () => {
    const { shown } = await begin();
    for (const [id, items] of shown.source.documents.entries()) {
      const statuses = textsOf(items, 'PresenceStatus');
      if (statuses.length !== 1) continue;
      const drawn = /<div role="row"[^>]*data-id="ID"[\s\S]*?\/image\/(presence-[a-z-]+\.gif)/.source.replace('ID', id);
      const [, icon] = new RegExp(drawn).exec(await page('/en/view/Contacts')) ?? [];
      const [, badge] = /\/image\/(presence-[a-z-]+\.gif)/.exec(await page(`/en/view/Contacts/document/${id}`)) ?? [];
      expect([id, badge]).toEqual([id, icon ?? 'no icon']);
    }
  });

  test('the presence database is found under any name that the profile gives, and under none', async () => {
    const { shown } = await begin();
    const { documents } = shown.source;
    const id = profileId(PROFILE_FORM);
    for (const place of [
      { PresenceServer: 'CN=Elsewhere/O=Fabrikam', PresenceFile: 'apps\\who.nsf' },
      { PresenceServer: '', PresenceFile: 'other.nsf' },
      { PresenceServer: '', PresenceFile: '' },
    ]) {
      documents.put([id, { ...documents.get(id), ...place }]);
      expect([place, await form(shown, 'Petra Vogel')]).toEqual([place, expect.stringContaining('Unknown (not in')]);
      expect(await form(shown, 'Amir Rahman')).toContain('Available');
    }
  });

  test('an application that names itself as the presence database has no look-up views', async () => {
    const { shown } = await begin();
    const { documents } = shown.source;
    const id = profileId(PROFILE_FORM);
    const { server: PresenceServer, file: PresenceFile } = APPLICATION_DATABASE;
    documents.put([id, { ...documents.get(id), PresenceServer, PresenceFile }]);
    expect(await form(shown, 'Amir Rahman')).toContain('the presence database cannot be read');
  });

  test('icons follow the office, in both languages', async () => {
    const { shown, documents } = await begin();
    const [id = '', items = {}] = [...documents.entries()][0] ?? [];
    documents.put([id, { ...items, Status: 'do-not-disturb', Activity: 'presenting' }]);
    expect(textsOf(contact(shown, 'Amir Rahman')[1], 'PresenceStatus')).toEqual(['do-not-disturb']);
    for (const language of ['en', 'de']) {
      const [row = ''] =
        /<div role="row"(?:(?!<div role="row")[\s\S])*Amir Rahman/.exec(await page(`/${language}/view/Contacts`)) ?? [];
      expect(row).toContain('presence-presenting.gif');
    }
  });

  test('the kit has the presence database beside it as well', async () => {
    await begin({ template: 'kit' });
    const badge = await page('/en/subform/PresenceBadge');
    expect(badge).toContain('Ana Reyes: Available');
    expect(await page('/en/form/PresenceProfile')).toContain('presence.nsf');
  });

  test('beside a real presence database the application has no made-up documents but its profile', async () => {
    const { shown } = await begin({ source: { takesChanges: false, origin: { place: 'presence.nsf' } } });
    expect([...shown.source.documents.entries()].map(([id]) => id)).toEqual([profileId(PROFILE_FORM)]);
    expect(await page('/en/subform/PresenceBadge')).toContain('Ana Reyes: Available');
  });
});
