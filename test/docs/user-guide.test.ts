import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDesign } from '../../src/notes/template/design/design.js';
import { readGuidePage } from '../support/guide-page.js';
import { builtDxl, TEMPLATE_FOLDER } from '../support/template.js';
import { PICTURE_FOLDER, pictureNames } from '../support/template-pictures.js';

const GUIDES = { en: 'docs/guide/user.md', de: 'docs/guide/user.de.md' } as const;
const ICON_FOLDER = 'docs/images/icons';

interface Icon {
  readonly key: string;
  readonly icon?: object;
}
const STATUSES: { readonly statuses: Icon[]; readonly activities: Icon[]; readonly marks: Icon[] } = JSON.parse(
  readFileSync(join(TEMPLATE_FOLDER, 'Statuses.json'), 'utf8'),
);
const ICONS = [...STATUSES.statuses, ...STATUSES.activities, ...STATUSES.marks].filter(({ icon }) => icon);

/** Rows of all tables, each with its cells. */
function tablesOf(text: string): string[][][] {
  return text
    .split(/\n(?!\|)/)
    .map((block) => block.split('\n').filter((line) => line.startsWith('|')))
    .filter((lines) => lines.length > 0)
    .map((lines) =>
      lines.map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      ),
    );
}

/** Pictures that a page names, as paths from the project's folder. */
function picturesOf(page: string): string[] {
  const { text } = readGuidePage(page);
  return [...text.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, target = '']) => join(dirname(page), target));
}

describe.each(['en', 'de'] as const)("user's guide in the language %s", (language) => {
  const page = GUIDES[language];
  const { text } = readGuidePage(page);
  // Where a line of the page ends is no matter of its words.
  const flowing = text.replace(/\s+/g, ' ');
  const design = readDesign(builtDxl(language));
  const texts: Record<string, string> = JSON.parse(
    readFileSync(join(TEMPLATE_FOLDER, 'Texts', `${language}.json`), 'utf8'),
  );

  test('each icon of the catalogue stands beside its words', () => {
    const rows = tablesOf(text).flat();
    const beside = ICONS.map(({ key }) => {
      const row = rows.find(([first]) => first === `![](../images/icons/presence-${key}.gif)`);
      return [key, row?.[1]];
    });
    expect(ICONS.length).toBeGreaterThan(STATUSES.statuses.length);
    expect(beside).toEqual(ICONS.map(({ key }) => [key, design.images.get(`presence-${key}.gif`)?.label]));
  });

  test('activities without an icon are named in the words that stand beside a status', () => {
    const missing = STATUSES.activities
      .filter(({ icon }) => !icon)
      .map(({ key }) => texts[`activity.${key}`] ?? key)
      .filter((words) => !flowing.includes(`*${words}*`));
    expect(missing).toEqual([]);
  });

  test('each view that people see is named', () => {
    const titles = design.views.filter(({ isHidden }) => !isHidden).map(({ title }) => title);
    expect(titles.length).toBeGreaterThan(3);
    expect(titles.filter((title) => !flowing.includes(`*${title}*`))).toEqual([]);
  });

  test('buttons are called as in Notes', () => {
    const buttons = ['chat', 'call', 'mail', 'opt-out', 'save'].map((key) => texts[`action.${key}`] ?? key);
    expect(buttons.filter((button) => !flowing.includes(`*${button}*`))).toEqual([]);
  });

  test('reasons are those that Notes gives', () => {
    const said = Object.values(texts);
    const reasons = tablesOf(text).find(([head]) => ['it says', 'dort steht'].includes(head?.[0] ?? ''));
    const unsaid = (reasons ?? []).slice(2).filter(([words = '']) => !said.some((own) => own.startsWith(words)));
    expect(reasons?.length).toBeGreaterThan(4);
    expect(unsaid).toEqual([]);
  });

  test('pictures are those of the command that makes them, in this language', () => {
    const made = pictureNames(design).map((name) => join(PICTURE_FOLDER, language, `${name}.png`));
    const pictures = picturesOf(page).filter((path) => dirname(path) !== ICON_FOLDER);
    expect(pictures.length).toBeGreaterThan(2);
    expect(pictures.filter((path) => !made.includes(path))).toEqual([]);
  });

  test('the pictures of all views and forms are there', () => {
    const absent = pictureNames(design).filter((name) => !existsSync(join(PICTURE_FOLDER, language, `${name}.png`)));
    expect(absent).toEqual([]);
  });
});

test("user's guides have the same headings, tables and pictures in both languages", () => {
  const shapes = Object.values(GUIDES).map((page) => {
    const { text } = readGuidePage(page);
    return {
      headings: text.split('\n').flatMap((line) => /^(#+) /.exec(line)?.[1] ?? []),
      tables: tablesOf(text).map((rows) => rows.map((cells) => cells.length)),
      pictures: picturesOf(page).map((path) => basename(path)),
    };
  });
  expect(shapes[1]).toEqual(shapes[0]);
  expect(shapes[0]?.headings.length).toBeGreaterThan(5);
});
