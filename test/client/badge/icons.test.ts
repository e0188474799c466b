import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { iconShapes } from '../../../src/client/badge/icon-shapes.js';
import { ACTIVITY_ICONS, iconOf, OUT_OF_OFFICE_ICON, STATUS_ICONS } from '../../../src/client/badge/icons.js';
import { BADGE_TEXTS } from '../../../src/client/badge/texts.js';
import { ACTIVITIES, STATUSES } from '../../../src/presence/availability.js';

interface Entry {
  readonly key: string;
  readonly with?: string;
  readonly like?: string;
  readonly icon?: object;
}

const template = new URL('../../../nsf-templates/presence/', import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, template), 'utf8'));
const design = read('Statuses.json') as Readonly<Record<'statuses' | 'activities' | 'marks', readonly Entry[]>>;

test('icons are those of the Notes template', () => {
  expect(STATUS_ICONS).toEqual(Object.fromEntries(design.statuses.map(({ key, icon }) => [key, icon])));
  const iconLike = ({ icon, like }: Entry) => icon ?? design.activities.find(({ key }) => key === like)?.icon;
  const withIcon = design.activities.filter((entry) => iconLike(entry) !== undefined);
  expect(ACTIVITY_ICONS).toEqual(
    Object.fromEntries(withIcon.map((entry) => [entry.key, { with: entry.with, icon: iconLike(entry) }])),
  );
  expect(design.marks.map(({ icon }) => icon)).toEqual([OUT_OF_OFFICE_ICON]);
});

test.each(['en', 'de'] as const)('words are those of the Notes template (%s)', (language) => {
  const texts = read(`Texts/${language}.json`) as Readonly<Record<string, string>>;
  const { statuses, activities, outOfOffice } = BADGE_TEXTS[language];
  expect(statuses).toEqual(Object.fromEntries(STATUSES.map((status) => [status, texts[`status.${status}`]])));
  const spoken = design.activities.map(({ key }) => [key, texts[`activity.${key}`]]);
  expect([activities, outOfOffice]).toEqual([Object.fromEntries(spoken), texts['image.out-of-office']]);
});

test('an activity changes the icon of its own status only', () => {
  for (const status of STATUSES) {
    for (const activity of ACTIVITIES) {
      const known = ACTIVITY_ICONS[activity];
      expect(iconOf(status, activity)).toEqual(known?.with === status ? known.icon : STATUS_ICONS[status]);
    }
  }
});

test('without colour no two statuses look alike', () => {
  const shapes = STATUSES.map((status) => JSON.stringify(iconShapes(STATUS_ICONS[status])));
  expect(new Set(shapes).size).toBe(STATUSES.length);
});
