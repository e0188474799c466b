import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/bridge/config/load.js';
import { checkDirectory } from '../../src/cli/check-directory.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-directory-'));
  writeFileSync(join(folder, 'password'), 'secret', { mode: 0o600 });
  writeFileSync(
    join(folder, 'bridge.yaml'),
    `ocs: { account: "sip:bridge@contoso.example", user: bridge, passwordFile: password, server: { host: 127.0.0.1, port: 5061 } }
domino: { driver: embedded, folder: store }
directory: { csvFile: people.csv }
`,
  );
});

afterEach(() => rmSync(folder, { recursive: true }));

const check = () => checkDirectory(loadConfig(join(folder, 'bridge.yaml')));
const people = (...lines: readonly string[]) =>
  writeFileSync(join(folder, 'people.csv'), ['name,address', ...lines, ''].join('\n'));

describe('check of the directory', () => {
  test('passes when every person has one address', async () => {
    people('Ana Reyes/Contoso,ana@contoso.example');
    const findings = await check();
    expect(new Set(findings.map(({ outcome }) => outcome))).toEqual(new Set(['pass']));
    expect(findings.at(-1)).toMatchObject({ name: 'People', detail: '1 watched' });
  });

  test('warns of people whose address is not clear, and says where to see them', async () => {
    people('Ana Reyes/Contoso,ana@contoso.example', 'Ben Okoro/Contoso,ana@contoso.example');
    expect((await check()).at(-1)).toMatchObject({
      outcome: 'warn',
      detail: '0 watched, 2 double',
      next: expect.stringContaining('presence-bridge directory report'),
    });
  });

  test('warns when nobody at all is watched', async () => {
    people();
    expect((await check()).at(-1)).toMatchObject({ outcome: 'warn', detail: '0 watched' });
  });

  test('fails with the code of a source that cannot be read', async () => {
    people('"Ana Reyes/Contoso,ana@contoso.example');
    const failed = (await check()).find(({ outcome }) => outcome === 'fail');
    expect(failed?.error?.code).toBe('DIRECTORY_CSV');
  });
});
