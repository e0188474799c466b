import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';

/** A file of the board's page, held in memory. It says nothing of any person, so it needs no token. */
export interface Page {
  readonly type: string;
  readonly data: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads the board's files, by name. Only what is there at the start can ever be asked for: no path is made from a request. */
export async function readBoard(
  folder: URL = new URL('./public/', import.meta.url),
): Promise<ReadonlyMap<string, Page>> {
  const names = (await readdir(folder)).filter((name) => extname(name) in TYPES);
  const pages = names.map(async (name): Promise<[string, Page]> => {
    return [name, { type: TYPES[extname(name)] ?? '', data: await readFile(new URL(name, folder)) }];
  });
  return new Map(await Promise.all(pages));
}
