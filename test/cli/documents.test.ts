import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from '../../src/cli/cli.js';
import { ALL_FORMS, type ExportedDocument, exportDocuments } from '../../src/notes/desk/export.js';
import { command } from '../support/command-line.js';
import { StoreSite } from '../support/store-site.js';
import { storedBridge, storedOptOut, storedPerson } from '../support/stored-documents.js';

let site: StoreSite;
beforeEach(() => {
  site = new StoreSite();
});
afterEach(() => site.remove());

const documents = (...more: readonly string[]) => command('documents', '--config', site.config, ...more);

describe('documents', () => {
  test('lists people, bridges and opt-outs, and says where nothing is', async () => {
    await site.holds(
      storedPerson('sip:ana.reyes@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso', { Epoch: 7 }),
      storedBridge('bridge'),
      storedOptOut(['CN=Cem Aydin/O=Contoso'], ['sip:dora@contoso.example']),
    );
    const { code, out } = await documents();
    expect(code).toBe(0);
    expect(out).toMatch(/^People \(form Presence\): 1$/m);
    expect(out).toMatch(
      /^Ana Reyes\/Sales\/Contoso +available +2026-01-05 07:58:12 +2026-01-05 08:00:00 +bridge +7 +sip:ana.reyes@contoso.example$/m,
    );
    expect(out).toMatch(/^bridge +2026-01-05 08:00:00 +2026-01-05 08:01:30 +connected +connected +1 +7 +0\.1\.0$/m);
    expect(out).toMatch(/^Cem Aydin\/Contoso +sip:dora@contoso.example$/m);
    expect(out).toMatch(/^Mappings \(form PresenceMapping\): none$/m);
  });

  test('lists people by name, whatever order the store has them in', async () => {
    await site.holds(
      storedPerson('sip:zoe@contoso.example', 'CN=Zoë van Dijk/O=Contoso'),
      storedPerson('sip:ana@contoso.example', 'CN=Ana Reyes/O=Contoso'),
      storedPerson('sip:mia@contoso.example', 'CN=Mia Łuk/O=Contoso'),
    );
    const { out } = await documents('--form', 'Presence');
    expect(out.match(/^\S+(?= .*\/Contoso)/gm)).toEqual(['Ana', 'Mia', 'Zoë']);
  });

  test('cuts lines at a terminal, and says so, but never in a file', async () => {
    await site.holds(storedPerson('sip:ana.reyes@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso'));
    const file = join(site.folder, 'people.txt');
    let shown = '';
    const run = (...more: readonly string[]) =>
      runCli(['documents', '--config', site.config, '--form', 'Presence', ...more], {
        out: (text) => {
          shown += text;
        },
        err: () => undefined,
        terminal: true,
        columns: 80,
        rows: 24,
        input: async () => '',
        stop: new AbortController().signal,
      });
    await run();
    expect(Math.max(...shown.split('\n').map((one) => one.length))).toBe(80);
    expect(shown).toContain('Long lines are cut');
    await run('--out', file);
    expect(readFileSync(file, 'utf8')).toContain('sip:ana.reyes@contoso.example');
  });

  test('reads an embedded store while its bridge has it', async () => {
    await site.holds(storedPerson('sip:ana.reyes@contoso.example'));
    const owner = await site.open();
    const { code, out } = await documents('--form', 'Presence').finally(() => owner.close());
    expect([code, out]).toMatchObject([0, expect.stringContaining('sip:ana.reyes@contoso.example')]);
  });

  test('--json can be read back as it stands in the store', async () => {
    await site.holds(
      storedPerson('sip:ana.reyes@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso', {
        OtherNames: { type: 'text', data: ['CN=Ana Old/O=Contoso', 'CN=Ana Older/O=Contoso'], names: true },
        DisplayName: '"Grüße",\n=1+1 \u{1f600}',
      }),
      storedBridge('bridge'),
    );
    const driver = await site.open();
    const stored = await exportDocuments(driver, ALL_FORMS);
    await driver.close();
    const told = JSON.parse((await documents('--json')).out) as { ok: boolean; documents: ExportedDocument[] };
    expect(stored).toHaveLength(2);
    expect([told.ok, told.documents]).toEqual([true, stored]);
  });

  test('--csv has a row for each document and no formula', async () => {
    await site.holds(
      storedPerson('sip:ana.reyes@contoso.example', undefined, { DisplayName: '=HYPERLINK("http://x")' }),
      storedOptOut(['CN=A/O=B', 'CN=C/O=D'], []),
    );
    const { out } = await documents('--csv');
    const rows = parse(out, { bom: true, columns: true }) as Record<string, string>[];
    expect(rows.map((row) => [row['Form'], row['PersonName'], row['DisplayName']])).toEqual([
      ['Presence', '', '\'=HYPERLINK("http://x")'],
      ['PresenceOptOut', 'CN=A/O=B; CN=C/O=D', ''],
    ]);
    expect(rows[0]?.['StatusSince']).toBe('2026-01-05T07:58:12Z');
  });

  test('--out writes a file for the owner only', async () => {
    await site.holds(storedPerson('sip:ana.reyes@contoso.example'));
    const file = join(site.folder, 'out', 'people.csv');
    const { code, out, err } = await documents('--form', 'Presence', '--csv', '--out', file);
    expect([code, out, err]).toEqual([0, '', `Wrote 1 document of ${site.store} to ${file}.\n`]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain('sip:ana.reyes@contoso.example');
  });

  test('shows nothing of a document to a terminal that it could be steered by', async () => {
    await site.holds(storedPerson('sip:ana.reyes@contoso.example', undefined, { DisplayName: 'a\u001b[2Jb' }));
    expect((await documents()).out).not.toContain('\u001b');
  });

  test.each([
    [['--form', 'Person'], 'Allowed choices are'],
    [['--csv', '--json'], 'cannot be used with'],
  ])('%j is refused with 64', async (args, advice) => {
    const { code, out, err } = await documents(...args);
    // With --json the refusal is JSON too, and stands where the result would.
    expect([code, args.includes('--json') ? out : err]).toMatchObject([64, expect.stringContaining(advice)]);
  });
});
