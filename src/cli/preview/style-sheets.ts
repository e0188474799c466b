import { createHash } from 'node:crypto';

/** Style sheets that belong to documents: a strict content security policy takes them from an address only. */
export class StyleSheets {
  readonly #sheets = new Map<string, string>();
  readonly #most: number;

  /** Keeps the newest `most` of them. */
  constructor(most = 200) {
    this.#most = most;
  }

  /** Name under which the text can be fetched for a while. */
  keep(css: string): string {
    const name = createHash('sha256').update(css).digest('hex').slice(0, 16);
    this.#sheets.delete(name);
    this.#sheets.set(name, css);
    const [oldest] = this.#sheets.keys();
    if (this.#sheets.size > this.#most && oldest !== undefined) this.#sheets.delete(oldest);
    return name;
  }

  get(name: string): string | undefined {
    return this.#sheets.get(name);
  }
}
