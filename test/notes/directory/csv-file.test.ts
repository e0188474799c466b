import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CsvFile, systemFiles } from '../../../src/notes/directory/sources/csv-file.js';
import { DEFAULT_CSV_LIMITS } from '../../../src/notes/directory/sources/csv-text.js';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'directory-'));
  path = join(folder, 'people.csv');
});

afterEach(() => rmSync(folder, { recursive: true }));

test('a file that did not change gives the very same people, a changed one others', async () => {
  writeFileSync(path, 'name,address\nAna Reyes/Contoso,ana@contoso.example\n');
  const file = new CsvFile(path);
  const first = await file.read();
  expect(first).toHaveLength(1);
  expect(await file.read()).toBe(first);
  writeFileSync(path, 'name,address\nBen Okoro/Contoso,ben@contoso.example\n');
  // Of the same size, and on a file system that keeps seconds alone of the same time: a day later shows in any case.
  utimesSync(path, new Date(), new Date(Date.now() + 86_400_000));
  expect((await file.read())[0]?.names).toEqual(['Ben Okoro/Contoso']);
});

test('a bad file is read again at each attempt, and after it the good one it was before counts', async () => {
  writeFileSync(path, 'name,address\nAna Reyes/Contoso,ana@contoso.example\n');
  const file = new CsvFile(path);
  await file.read();
  writeFileSync(path, 'no columns');
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(file.read()).rejects.toMatchObject({
      code: 'DIRECTORY_CSV',
      details: { file: 'people.csv', line: 1 },
    });
  }
  writeFileSync(path, 'name,address\nBen Okoro/Contoso,ben@contoso.example\nCleo Vogt/Contoso,cleo@contoso.example\n');
  expect(await file.read()).toHaveLength(2);
});

test('a file that is not there, and a folder, are a source that cannot be read', async () => {
  await expect(new CsvFile(path).read()).rejects.toMatchObject({
    code: 'DIRECTORY_SOURCE',
    message: 'The file people.csv cannot be read (ENOENT).',
  });
  await expect(new CsvFile(folder).read()).rejects.toMatchObject({ code: 'DIRECTORY_SOURCE' });
});

test('of a file that is too large no more is read than shows it', async () => {
  writeFileSync(path, 'name,address\n'.padEnd(10_000, 'x'));
  expect(await systemFiles.read(path, 100)).toHaveLength(101);
  const file = new CsvFile(path, systemFiles, { ...DEFAULT_CSV_LIMITS, bytes: 100 });
  await expect(file.read()).rejects.toMatchObject({ code: 'DIRECTORY_CSV' });
});

test('an empty file says that columns are missing', async () => {
  writeFileSync(path, '');
  await expect(new CsvFile(path).read()).rejects.toMatchObject({ code: 'DIRECTORY_CSV' });
});
