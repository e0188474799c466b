import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readGuidePage } from '../support/guide-page.js';
import { PICTURE_FOLDER, SAMPLE_PICTURES } from '../support/template-pictures.js';

const PAGE = 'docs/guide/adopt.md';

test('the guide for applications shows all pictures of the sample application, each with words for it', () => {
  const { text } = readGuidePage(PAGE);
  const pictures = [...text.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map(([, words = '', target = '']) => {
    return { path: join('docs/guide', target), isDescribed: words.length > 20 };
  });
  expect(pictures).toEqual(
    SAMPLE_PICTURES.map((name) => ({ path: join(PICTURE_FOLDER, 'en', `${name}.png`), isDescribed: true })),
  );
});

test.each(['en', 'de'])('the pictures of the sample application in the language %s are there', (language) => {
  expect(SAMPLE_PICTURES.filter((name) => !existsSync(join(PICTURE_FOLDER, language, `${name}.png`)))).toEqual([]);
});
