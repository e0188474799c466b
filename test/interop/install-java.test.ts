import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installFiles } from '../../src/notes/template/source/install.js';

const STAND_INS = 'test/support/notes-java/lotus/domino';
const FACTS = { language: 'en', version: '0.1.0', title: 'Presence', template: 'NotesPresenceBridge-en' };
const hasJava = spawnSync('javac', ['-version']).error === undefined;

describe.skipIf(!hasJava)(`the Java installer${hasJava ? '' : ' (skipped: there is no javac)'}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'install-java-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  beforeAll(() => {
    const [installer] = installFiles('nsf-templates/install', FACTS, ['java']);
    const source = join(folder, installer?.name ?? '');
    writeFileSync(source, installer?.text ?? '');
    const kinds = ['ACL', 'Database', 'DbDirectory', 'DxlImporter', 'NotesException', 'NotesFactory', 'NotesThread'];
    const others = [...kinds, 'Session', 'Stream'].map((kind) => join(STAND_INS, `${kind}.java`));
    const compiled = spawnSync('javac', ['-Xlint:all', '-Werror', '-d', folder, source, ...others], {
      encoding: 'utf8',
    });
    expect(compiled.stderr).toBe('');
  }, 60_000);

  function run(properties: Readonly<Record<string, string>>, ...args: readonly string[]) {
    const set = Object.entries(properties).map(([key, value]) => `-D${key}=${value}`);
    const done = spawnSync('java', ['-cp', folder, ...set, 'InstallPresence', ...args], { encoding: 'utf8' });
    return { code: done.status, err: done.stderr, lines: done.stdout.trim().split('\n') };
  }
  const IMPORT = ['DxlImporter.importDxl(Stream, Database)', 'Stream.close()'];

  test('makes the template, takes properties and access list, imports and signs', () => {
    const { code, lines } = run({}, 'domino01/Contoso', 'presence.ntf', 'presence-en.dxl');
    expect(code).toBe(0);
    expect(lines).toEqual([
      'NotesThread.sinitThread()',
      'Session.getDatabase(domino01/Contoso, presence.ntf, false)',
      'Database.isOpen()',
      'Session.getDbDirectory(domino01/Contoso)',
      'DbDirectory.createDatabase(presence.ntf, true)',
      'Session.createStream()',
      'Stream.open(presence-en.dxl, UTF-8)',
      'Session.createDxlImporter()',
      'DxlImporter.setReplicaRequiredForReplaceOrUpdate(false)',
      'DxlImporter.setDesignImportOption(6)',
      'DxlImporter.setReplaceDbProperties(true)',
      'DxlImporter.setACLImportOption(5)',
      ...IMPORT,
      'DxlImporter.getImportedNoteCount()',
      '42 design elements imported into presence.ntf.',
      'Session.getUserName()',
      'Database.grantAccess(getUserName, 6)',
      'Database.sign(32767)',
      'Session.getCommonUserName()',
      'presence.ntf is signed by getCommonUserName.',
      'NotesThread.stermThread()',
    ]);
  });

  test('replaces nothing but design elements in a template that is there', () => {
    const { code, lines } = run({ open: 'true', template: FACTS.template }, '', 'presence.ntf', 'presence-en.dxl');
    expect(code).toBe(0);
    expect(lines).toEqual(expect.arrayContaining(IMPORT));
    expect(lines.filter((line) => /createDatabase|ReplaceDb|ACL|grantAccess/.test(line))).toEqual([]);
  });

  test('leaves a database that is something else alone', () => {
    const { code, err, lines } = run({ open: 'true', template: 'StdR85Mail' }, '', 'names.nsf', 'presence-en.dxl');
    expect([code, err]).toEqual([1, expect.stringContaining('names.nsf is not the template NotesPresenceBridge-en')]);
    expect(lines.filter((line) => /DxlImporter|sign/.test(line))).toEqual([]);
  });

  test('shows the log of an import that failed', () => {
    const { code, err, lines } = run({ failure: 'importDxl' }, '', 'presence.ntf', 'presence-en.dxl');
    expect([code, err.trim()]).toEqual([
      1,
      'Not installed: no right\ngetLog\nDelete presence.ntf before you try again: it is new and not complete.',
    ]);
    expect(lines.at(-1)).toBe('NotesThread.stermThread()');
  });
});
