import { describe, expect, test } from 'vitest';
import { readBoard } from '../../../src/bridge/board/pages.js';

const pages = await readBoard();
const texts = [...pages].map(([name, { data }]): [string, string] => [name, data.toString()]);

describe('the board’s files', () => {
  test('are all there with their types', () => {
    const types = Object.fromEntries([...pages].map(([name, { type }]) => [name, type]));
    expect(types).toMatchObject({
      'index.html': 'text/html; charset=utf-8',
      'table.css': 'text/css; charset=utf-8',
      'board.js': 'text/javascript; charset=utf-8',
      'mark.svg': 'image/svg+xml',
    });
  });

  test('name no other server', () => {
    for (const [name, text] of texts) {
      const addresses = text.match(/\b(?:https?:)?\/\/[a-z][^\s"'`)]*/gi) ?? [];
      expect([name, addresses.filter((address) => address !== 'http://www.w3.org/2000/svg')]).toEqual([name, []]);
    }
  });

  test('make no markup from text and run nothing inline', () => {
    for (const [name, text] of texts) {
      expect([
        name,
        text.match(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/),
      ]).toEqual([name, null]);
    }
    const page = pages.get('index.html')?.data.toString() ?? '';
    expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)/i);
  });

  test('refer only to files that exist', () => {
    const page = pages.get('index.html')?.data.toString() ?? '';
    const named = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    const imported = texts.flatMap(([, text]) =>
      [...text.matchAll(/^import .* from '\.\/([^']+)'/gm)].map((m) => m[1] ?? ''),
    );
    const own = named.filter((path) => path.startsWith('#'));
    for (const anchor of own) expect(page).toContain(`id="${anchor.slice(1)}"`);
    const paths = named.filter((path) => !own.includes(path));
    for (const path of [...paths, ...imported.map((name) => `board/${name}`)]) {
      expect([path, pages.has(path.replace(/^board\//, ''))]).toEqual([path, true]);
    }
  });
});
