import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readDesign } from '../../../src/notes/template/design/design.js';
import { drawIcon } from '../../../src/notes/template/icons/draw.js';
import { checkTemplate } from '../../../src/notes/template/lint/check.js';
import { buildTemplate } from '../../../src/notes/template/source/build.js';
import { createViewFeed } from '../../../src/notes/template/views/view-feed.js';
import { TEMPLATE_FOLDER } from '../../support/template.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'template-'));
  cpSync(TEMPLATE_FOLDER, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

type Texts = Record<string, string>;
const readJson = <T>(path: string): T => JSON.parse(readFileSync(join(folder, path), 'utf8')) as T;
const writeJson = (path: string, value: unknown): void => writeFileSync(join(folder, path), JSON.stringify(value));

const AT_LUNCH = {
  key: 'at-lunch',
  icon: { body: 'square', tone: 'amber', sign: 'clock' },
  words: { en: 'At lunch', de: 'Zu Tisch' },
} as const;

/** Puts the new status between "be right back" and "away". */
function addStatus(): void {
  const catalogue = readJson<{ statuses: { key: string }[] }>('Statuses.json');
  const place = catalogue.statuses.findIndex(({ key }) => key === 'away');
  catalogue.statuses.splice(place, 0, AT_LUNCH);
  writeJson('Statuses.json', catalogue);
}

/** What views show of people with these statuses, by the name of the view. */
function shown(language: string, view: string, ...statuses: readonly string[]) {
  const feed = createViewFeed(buildTemplate({ folder, language }).dxl, { language });
  for (const [index, Status] of statuses.entries()) {
    feed.put(`${index}`, { Form: 'Presence', Status, PersonName: `CN=Person ${index}/O=Contoso` });
  }
  return feed.rows(view);
}

describe('a status is one entry of the catalogue', () => {
  test.each([
    ['en', 'At lunch'],
    ['de', 'Zu Tisch'],
  ])('with icon and text in every view, in %s', (language, words) => {
    addStatus();
    const [row] = shown(language, 'People', 'at-lunch');
    const text = JSON.stringify(row?.cells);
    expect(text).toContain('"image":"presence-at-lunch.gif"');
    expect(text).toContain(`"label":"${words}"`);
    expect(text).toContain(`"text":"${words}"`);
    const { images } = readDesign(buildTemplate({ folder, language }).dxl);
    expect(images.get('presence-at-lunch.gif')?.data).toEqual(drawIcon(AT_LUNCH.icon));
  });

  test('which stands in its place among the categories', () => {
    addStatus();
    const rows = shown('en', 'ByStatus', 'away', 'at-lunch', 'available', 'unknown', 'be-right-back');
    expect(rows.map(({ category }) => category)).toEqual(['Available', 'Be right back', 'At lunch', 'Away', 'Unknown']);
  });

  test.each(['en', 'de'])('and the check in %s finds nothing to complain of', async (language) => {
    addStatus();
    expect((await checkTemplate({ folder, language })).findings).toEqual([]);
  });

  test('whose words are missing in a language is refused with its key', () => {
    const catalogue = readJson<{ statuses: unknown[] }>('Statuses.json');
    catalogue.statuses.unshift({ ...AT_LUNCH, words: { en: 'At lunch' } });
    writeJson('Statuses.json', catalogue);
    expect(() => buildTemplate({ folder, language: 'de' })).toThrow('the text "status.at-lunch" is missing');
  });

  test.each([
    ['another drawing', { icon: { body: 'triangle', tone: 'red' } }, 'statuses.0.icon.body'],
    ['a key with capitals', { key: 'AtLunch' }, 'statuses.0.key: must be words in small letters'],
    ['a key that is there', { key: 'busy' }, '"busy" stands there twice'],
    ['a word with a quotation mark', { words: { en: 'At "lunch"' } }, 'neither quotation marks nor backslashes'],
    ['a property that nobody knows', { colour: 'red' }, 'Unrecognized key'],
  ])('with %s is refused', (_, change, reason) => {
    const catalogue = readJson<{ statuses: unknown[] }>('Statuses.json');
    catalogue.statuses.unshift({ ...AT_LUNCH, ...change });
    writeJson('Statuses.json', catalogue);
    expect(() => buildTemplate({ folder, language: 'en' })).toThrow(reason);
  });

  test('an activity may have an icon of its own with one status', () => {
    const catalogue = readJson<{ activities: unknown[] }>('Statuses.json');
    catalogue.activities.push({
      key: 'at-the-front-desk',
      with: 'busy',
      icon: { body: 'square', tone: 'red', sign: 'check' },
      words: { en: 'at the front desk', de: 'am Empfang' },
      imageWords: { en: 'Busy, at the front desk', de: 'Beschäftigt, am Empfang' },
    });
    writeJson('Statuses.json', catalogue);
    const feed = createViewFeed(buildTemplate({ folder, language: 'de' }).dxl, { language: 'de' });
    feed.put('1', { Form: 'Presence', Status: 'busy', Activity: 'at-the-front-desk' });
    const text = JSON.stringify(feed.rows('People')[0]?.cells);
    expect(text).toContain('presence-at-the-front-desk.gif');
    expect(text).toContain('Beschäftigt, am Empfang');
  });
});

describe('a language is one file', () => {
  const english = (): Texts => readJson<Texts>('Texts/en.json');
  /** Stands for a translation: every text differs from the English one. */
  const addFrench = (texts: Texts): void =>
    writeJson(
      'Texts/fr.json',
      Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, `fr ${text}`.slice(0, 60)])),
    );

  test('that is built, checked and drawn like the others', async () => {
    addFrench(english());
    expect((await checkTemplate({ folder, language: 'fr' })).findings).toEqual([]);
    const [row] = shown('fr', 'People', 'busy');
    expect(JSON.stringify(row?.cells)).toContain('"text":"fr Busy"');
  });

  test('with dates as people of that language write them', () => {
    addFrench(english());
    const feed = createViewFeed(buildTemplate({ folder, language: 'fr' }).dxl, { language: 'fr', zone: 'UTC' });
    feed.put('1', {
      Form: 'Presence',
      Status: 'busy',
      StatusSince: { type: 'datetime', data: '2026-01-05T09:30:00Z' },
    });
    expect(JSON.stringify(feed.rows('People')[0]?.cells)).toContain('05/01/2026 09:30');
  });

  test('that must have every text', () => {
    const { 'column.name': _, ...rest } = english();
    addFrench(rest);
    expect(() => buildTemplate({ folder, language: 'fr' })).toThrow(
      'the text "column.name" is missing in Texts/fr.json',
    );
  });
});
