import type { AppendFile, FolderFiles } from '../../src/notes/drivers/embedded/folder-files.js';

/**
 * A folder whose process can be killed at any byte: `budget` counts bytes written and names changed, and when it is
 * used up everything fails, leaving what was written so far.
 */
export class MemoryFolder implements FolderFiles {
  readonly files: Map<string, Buffer>;
  budget: number;
  spent = 0;
  /** While set, a replacement stands on disk and is reported as failed. */
  failsAfterRename = false;

  constructor(files = new Map<string, Buffer>(), budget = Number.POSITIVE_INFINITY) {
    this.files = files;
    this.budget = budget;
  }

  async list(): Promise<readonly string[]> {
    return [...this.files.keys()];
  }

  async read(name: string): Promise<Buffer | undefined> {
    return this.files.get(name);
  }

  async replace(name: string, pieces: Iterable<string>): Promise<number> {
    const temporary = `${name}.tmp`;
    this.files.set(temporary, Buffer.alloc(0));
    for (const piece of pieces) this.#write(temporary, piece);
    this.#spend(1);
    const data = this.files.get(temporary) ?? Buffer.alloc(0);
    this.files.set(name, data);
    this.files.delete(temporary);
    // Killed behind the renaming, before anybody heard of it.
    this.#spend(1);
    if (this.failsAfterRename) throw new Error('the folder could not be synchronised');
    return data.length;
  }

  async append(name: string): Promise<AppendFile> {
    this.#spend(1);
    this.files.set(name, this.files.get(name) ?? Buffer.alloc(0));
    return { write: async (data) => this.#write(name, data), close: async () => {} };
  }

  async remove(name: string): Promise<void> {
    this.#spend(1);
    this.files.delete(name);
  }

  #write(name: string, text: string): void {
    const data = Buffer.from(text);
    const fits = Math.max(0, Math.min(data.length, this.budget - this.spent));
    this.files.set(name, Buffer.concat([this.files.get(name) ?? Buffer.alloc(0), data.subarray(0, fits)]));
    this.#spend(data.length);
  }

  #spend(units: number): void {
    this.spent += units;
    if (this.spent > this.budget) throw new Error('killed');
  }
}
