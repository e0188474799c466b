import type { PlacedRow, ViewDescription, ViewFeed } from '../../src/bridge/view-ports.js';

/** A person as this stand-in shows it: category and the texts of the two columns. */
export interface FakeRow {
  readonly id: string;
  readonly name: string;
  /** Name of an image, and heading in the second view. */
  readonly status: string;
}

const GIF = Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64');

/** Two views over rows a test sets: `People`, by name, and `ByStatus`, under headings. */
export class FakeViewFeed implements ViewFeed {
  readonly #rows = new Map<string, FakeRow>();
  readonly #listeners = new Set<(ids: ReadonlySet<string>) => void>();
  /** Throws instead of giving rows while set. */
  broken = false;

  constructor(rows: readonly FakeRow[] = []) {
    for (const row of rows) this.#rows.set(row.id, row);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  put(...rows: readonly FakeRow[]): void {
    for (const row of rows) this.#rows.set(row.id, row);
    this.#tell(rows.map(({ id }) => id));
  }

  remove(id: string): void {
    this.#rows.delete(id);
    this.#tell([id]);
  }

  views(): readonly ViewDescription[] {
    const columns = [
      { title: '', kind: 'icon', width: 3 },
      { title: 'Name', kind: 'text', width: 24 },
    ] as const;
    return [
      { id: 'People', title: 'People', columns, categorized: false },
      {
        id: 'ByStatus',
        title: 'By status',
        columns: [{ title: '', kind: 'text', width: 2 }, ...columns],
        categorized: true,
      },
    ];
  }

  rows(view: string): readonly PlacedRow[] {
    if (this.broken) throw new Error('the view cannot be made');
    const categorized = view === 'ByStatus';
    const sorted = [...this.#rows.values()].sort(
      (a, b) => (categorized ? a.status.localeCompare(b.status) : 0) || a.name.localeCompare(b.name),
    );
    return sorted.map(({ id, name, status }) => ({
      id,
      category: categorized ? status : '',
      cells: [
        // A category stands above its rows; its own cell is empty, as in the real feed.
        ...(categorized ? [{ kind: 'text', text: '' } as const] : []),
        { kind: 'icon', image: `${status}.gif`, label: status },
        { kind: 'text', text: name },
      ],
    }));
  }

  image(name: string): { readonly type: string; readonly data: Buffer } | undefined {
    if (name === 'picture.svg') return { type: 'image/svg+xml', data: Buffer.from('<svg/>') };
    return /^[a-z-]+\.gif$/.test(name) ? { type: 'image/gif', data: GIF } : undefined;
  }

  onChange(listener: (ids: ReadonlySet<string>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(ids: readonly string[]): void {
    for (const listener of this.#listeners) listener(new Set(ids));
  }
}
