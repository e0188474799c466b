import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { command, stoppableCommand } from '../../support/command-line.js';
import { StoreSite } from '../../support/store-site.js';
import { storedPerson } from '../../support/stored-documents.js';

const LONGEST_START_MS = 8_000;

/** Runs the command until it has said where it listens, asks for a page, and ends it. */
async function pageOf(path: string, ...more: readonly string[]): Promise<string> {
  const running = stoppableCommand(['template', 'preview', '--json', ...more]);
  try {
    await expect.poll(running.output, { timeout: LONGEST_START_MS }).toContain('\n');
    const { url } = JSON.parse(running.output()) as { url: string };
    const answer = await request(new URL(path, url));
    return await answer.body.text();
  } finally {
    running.stop();
    expect((await running.result).code).toBe(0);
  }
}

describe('template preview', () => {
  let site: StoreSite;
  beforeEach(() => {
    site = new StoreSite();
  });
  afterEach(() => site.remove());

  test('shows a made-up office and ends when it is asked to', async () => {
    expect(await pageOf('/de/view/People', '--still', '--lang', 'de')).toContain(
      'Beispieldaten. Die Zeit steht still.',
    );
  });

  test('shows the sample application with presence beside it', async () => {
    const page = await pageOf('/en/view/Contacts', '--template', 'sample-directory', '--still');
    expect(page).toContain('Fabrikam');
    expect(page).toContain('presence-available.gif');
  });

  test('shows the documents of a configured database, and says that it changes none', async () => {
    await site.holds(storedPerson('sip:ana.reyes@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso'));
    const page = await pageOf('/en/view/People', '--config', site.config);
    expect(page).toContain('Ana Reyes');
    expect(page).toContain('Read only');
  });

  test('the documents of a database are not shown to other machines', async () => {
    const { code, err } = await command('template', 'preview', '--config', site.config, '--host', '0.0.0.0');
    expect(code).not.toBe(0);
    expect(err).toContain('on this machine only');
  });

  test('a language that the template does not have is refused by name', async () => {
    const { code, err } = await command('template', 'preview', '--lang', 'xx');
    expect(code).not.toBe(0);
    expect(err).toContain('the template has no language "xx", only de, en');
  });
});
