import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkTemplate } from '../../../src/notes/template/check.js';
import { TEMPLATE_FOLDER } from '../../support/template.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'template-'));
  cpSync(TEMPLATE_FOLDER, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

function edit(path: string, change: (text: string) => string): void {
  const file = join(folder, path);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

describe('checkTemplate', () => {
  test('the shipped template has no mistakes', async () => {
    expect(await checkTemplate({ folder, language: 'en' })).toEqual({ findings: [], checked: '24 design elements' });
  });

  test('a mistake is shown in the file that holds it', async () => {
    edit('Views/People.view', (text) => text.replace("event='selection'", "event='selektion'"));
    const { findings } = await checkTemplate({ folder, language: 'en' });
    expect(findings).toContainEqual({
      element: 'view People',
      file: 'Views/People.view',
      line: 6,
      rule: 'event',
      message: 'a view has no event "selektion"',
    });
  });

  test('a mistake in a shared formula is shown where it is used', async () => {
    edit('Formulas/PersonText.formula', (text) => text.replace('DisplayName', 'ShownAs'));
    const { findings } = await checkTemplate({ folder, language: 'de' });
    const files = new Set(findings.map(({ file }) => file));
    expect(files).toEqual(new Set(['Forms/Presence.form', 'Views/ByStatus.view', 'Views/People.view']));
  });

  test('a text that nothing uses and a text that a language lacks are shown', async () => {
    edit('Texts/en.json', (text) => text.replace('{', '{ "column.extra": "Extra",'));
    const english = await checkTemplate({ folder, language: 'en' });
    const german = await checkTemplate({ folder, language: 'de' });
    expect(english.findings.map(({ file, message }) => [file, message])).toEqual([
      ['Texts/en.json', 'nothing uses the text column.extra'],
    ]);
    expect(german.findings.map(({ file, message }) => [file, message])).toEqual([
      ['Texts/de.json', 'the text "column.extra" is missing, though another language has it'],
    ]);
  });

  test('a picture without its description is refused', async () => {
    mkdirSync(join(folder, 'Resources/Images'), { recursive: true });
    writeFileSync(join(folder, 'Resources/Images/extra.gif'), 'GIF89a');
    await expect(checkTemplate({ folder, language: 'en' })).rejects.toThrow('its .metadata file is missing');
  });
});
