import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkTemplate } from '../../../../src/notes/template/lint/check.js';
import { buildTemplate } from '../../../../src/notes/template/source/build.js';
import { readTemplateSource } from '../../../../src/notes/template/source/source.js';
import { TEMPLATE_FOLDER } from '../../../support/template.js';

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

/** Elements that use a shared formula, also by way of another one. */
function filesUsing(formula: string): string[] {
  const { elements, formulas } = readTemplateSource(folder);
  const reached = new Set([formula]);
  for (const name of reached) {
    for (const [other, { text }] of formulas) if (text.includes(`\${formula:${name}}`)) reached.add(other);
  }
  const uses = (text: string): boolean => [...reached].some((name) => text.includes(`\${formula:${name}}`));
  return elements.filter(({ text }) => uses(text)).map(({ path }) => path);
}

describe('checkTemplate', () => {
  test('the shipped template has no mistakes', async () => {
    const { elements } = buildTemplate({ folder, language: 'en' });
    expect(await checkTemplate({ folder, language: 'en' })).toEqual({
      findings: [],
      checked: `${elements.length} design elements`,
    });
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

  test('a mistake in a shared formula is shown in every element that uses it', async () => {
    edit('Formulas/ShownName.formula', (text) => text.replace('DisplayName', 'ShownAs'));
    const { findings } = await checkTemplate({ folder, language: 'de' });
    const files = findings.filter(({ message }) => message.includes('ShownAs')).map(({ file }) => file);
    expect(new Set(files)).toEqual(new Set(filesUsing('ShownName')));
    expect(files).toContain('Views/People.view');
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
