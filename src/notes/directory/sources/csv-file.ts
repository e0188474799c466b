import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { BridgeError } from '../../../presence/errors.js';
import type { DirectoryEntry } from '../entry.js';
import { type CsvLimits, DEFAULT_CSV_LIMITS, peopleOfCsv } from './csv-text.js';

/** The two things a directory wants of a file. */
export interface FileAccess {
  /** Changes whenever the content may have: time of the last change and size. Throws what the system says. */
  stamp(path: string): Promise<string>;
  /** The content, at most one byte more than `limit`. */
  read(path: string, limit: number): Promise<Uint8Array>;
}

export const systemFiles: FileAccess = {
  async stamp(path) {
    const { mtimeNs, size, ino } = await stat(path, { bigint: true });
    return `${mtimeNs} ${size} ${ino}`;
  },
  async read(path, limit) {
    const file = await open(path);
    try {
      const bytes = Buffer.alloc(Math.min((await file.stat()).size, limit) + 1);
      let length = 0;
      // The file may grow or shrink meanwhile; what is asked for bounds it.
      for (let read = -1; read !== 0 && length < bytes.length; length += read) {
        read = (await file.read(bytes, length, bytes.length - length, length)).bytesRead;
      }
      return bytes.subarray(0, length);
    } finally {
      await file.close();
    }
  },
};

/** A CSV file of people, read again only when it changed. */
export class CsvFile {
  readonly #path: string;
  readonly #files: FileAccess;
  readonly #limits: CsvLimits;
  #stamp: string | undefined;
  #people: readonly DirectoryEntry[] = [];

  constructor(path: string, files: FileAccess = systemFiles, limits = DEFAULT_CSV_LIMITS) {
    this.#path = path;
    this.#files = files;
    this.#limits = limits;
  }

  /** The same list as before while the file has not changed. Throws `DIRECTORY_SOURCE` or `DIRECTORY_CSV`. */
  async read(): Promise<readonly DirectoryEntry[]> {
    const name = basename(this.#path);
    let bytes: Uint8Array;
    let stamp: string;
    try {
      // Before the content: a change in between is then seen the next time.
      stamp = await this.#files.stamp(this.#path);
      if (stamp === this.#stamp) return this.#people;
      bytes = await this.#files.read(this.#path, this.#limits.bytes);
    } catch (cause) {
      const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
      throw new BridgeError('DIRECTORY_SOURCE', `The file ${name} cannot be read (${reason}).`, {
        cause,
        details: { file: this.#path },
      });
    }
    this.#people = peopleOfCsv(bytes, name, this.#limits);
    this.#stamp = stamp;
    return this.#people;
  }
}
