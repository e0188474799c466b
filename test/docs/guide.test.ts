import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/presence/errors.js';
import { readGuidePage } from '../support/guide-page.js';

const GUIDES = readdirSync('docs/guide').filter((file) => file.endsWith('.md'));
const FOLDERS = ['nsf-templates/README.md', 'nsf-templates/rest-api/README.md'];
const PAGES = ['README.md', 'docs/examples/README.md', ...GUIDES.map((file) => `docs/guide/${file}`), ...FOLDERS];

/** As the usual viewers make anchors of headings. */
function anchorOf(heading: string): string {
  const text = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
  return text.replaceAll(' ', '-');
}

test.each(PAGES)('links of %s lead somewhere', (page) => {
  const { text } = readGuidePage(page);
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
  const broken = links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    if (!existsSync(file)) return true;
    return anchor !== undefined && !readGuidePage(file).headings.some((heading) => anchorOf(heading) === anchor);
  });
  expect(broken).toEqual([]);
});

test.each(['docs/guide/admin.md', 'docs/guide/domino.md', 'nsf-templates/rest-api/README.md'])(
  'every block of %s says what it is',
  (page) => {
    const { blocks, text } = readGuidePage(page);
    expect(blocks.filter(({ language }) => !['sh', 'yaml', 'csv', 'ini', 'domino', 'text'].includes(language))).toEqual(
      [],
    );
    expect(blocks.filter(({ language, file }) => ['yaml', 'csv', 'ini'].includes(language) && file === '')).toEqual([]);
    // Blocks by indentation would not be executed.
    expect(text).not.toMatch(/\n\n {4}\S/);
  },
);

test.each(['docs/guide/admin.md', 'docs/guide/domino.md'])('%s names only codes that there are', (page) => {
  const codes = readFileSync(page, 'utf8').match(/\b(?:OCS|NOTES|DIRECTORY|CFG|BRIDGE|API)_[A-Z_]+/g) ?? [];
  expect(codes.length).toBeGreaterThan(0);
  expect(codes.filter((code) => !(code in ERROR_CODES))).toEqual([]);
});
