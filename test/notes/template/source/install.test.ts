import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { INSTALLERS, type Installer, installFiles } from '../../../../src/notes/template/source/install.js';

const FOLDER = 'nsf-templates/install';
const FACTS = { language: 'de', version: '0.1.0', title: 'Präsenz', template: 'NotesPresenceBridge-de' };
const ALL = Object.keys(INSTALLERS) as Installer[];
const files = installFiles(FOLDER, FACTS, ALL);
const textOf = (installer: Installer): string => files.find(({ name }) => name === INSTALLERS[installer])?.text ?? '';

describe('scripts that install the template', () => {
  test('are those that were asked for, and a page that says how', () => {
    expect(installFiles(FOLDER, FACTS, ['java']).map(({ name }) => name)).toEqual([
      'InstallPresence.java',
      'read-me.txt',
    ]);
  });

  test.each(files.map(({ name, text }) => [name, text]))(
    '%s names template and version and has no placeholder left',
    (_, text) => {
      expect(text).toContain('NotesPresenceBridge-de 0.1.0');
      expect(text).not.toMatch(/@@/);
    },
  );

  test('the PowerShell script begins with a byte order mark, since Windows PowerShell would misread umlauts', () => {
    expect(textOf('powershell').startsWith('\uFEFF<#')).toBe(true);
  });

  test.each(ALL)('%s never sets an option to a number on which documents disagree', (installer) => {
    const text = textOf(installer);
    expect(text).not.toMatch(/InputValidationOption|DXLIMPORTOPTION_(IGNORE|CREATE)\b/);
    const numbers = [...text.matchAll(/^\$\w+ = (\d+)$/gm)].map((match) => Number(match[1]));
    expect(installer === 'powershell' ? numbers : [5, 6, 32767]).toEqual([5, 6, 32767]);
  });

  test.each([
    [
      'powershell',
      /^if \(\$fresh\) \{[^}]*ReplaceDBProperties = \$true[^}]*ACLImportOption = \$ReplaceElseIgnore\n\}/m,
    ],
    [
      'lotusscript',
      /\tIf fresh Then\n\t\timporter\.ReplaceDBProperties = True\n\t\timporter\.ACLImportOption = \w+\n\tEnd If/,
    ],
    ['java', /if \(fresh\) \{\n[^}]*setReplaceDbProperties\(true\);\n[^}]*setACLImportOption\([^}]*\}/],
  ] as const)('%s sets access list and properties of a new database only', (installer, block) => {
    expect(textOf(installer)).toMatch(block);
    expect(textOf(installer).match(/ACLImportOption *[=(]/g)).toHaveLength(1);
    expect(textOf(installer).match(/ReplaceD[Bb]Properties *[=(]/g)).toHaveLength(1);
  });

  test.each(["A'; Remove-Item", 'A\u2019; Remove-Item', 'A #> Remove-Item', 'A */ static', 'A\nRemove-Item'])(
    'a title that would end a text or a comment of a script is refused: %j',
    (title) => {
      expect(() => installFiles(FOLDER, { ...FACTS, title }, ALL)).toThrow(
        'the title holds a sign that scripts take as their own',
      );
    },
  );

  test('a placeholder that nobody knows is refused', () => {
    const folder = mkdtempSync(join(tmpdir(), 'install-'));
    for (const name of [...Object.values(INSTALLERS), 'read-me.txt']) writeFileSync(join(folder, name), '@@nobody@@');
    expect(() => installFiles(folder, FACTS, ALL)).toThrow('install-presence.ps1: "@@nobody@@" is no placeholder');
    rmSync(folder, { recursive: true });
  });

  test('a folder without the scripts is refused', () => {
    expect(() => installFiles('/nowhere', FACTS, ['java'])).toThrow(
      'InstallPresence.java: it cannot be read in /nowhere',
    );
  });
});
