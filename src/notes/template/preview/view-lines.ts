import { createHash } from 'node:crypto';
import type { PlacedRow } from '../../../bridge/view-ports.js';

/** A line of a view as a reader sees it: a heading that can be closed, or a document. */
export type ViewLine = CategoryLine | DocumentLine;

export interface CategoryLine {
  readonly kind: 'category';
  /** Stable name of the heading, usable in an address. */
  readonly key: string;
  readonly text: string;
  /** 0 is the outermost. */
  readonly level: number;
  readonly isOpen: boolean;
  /** Documents below it, shown or not. */
  readonly documents: number;
}

export interface DocumentLine {
  readonly kind: 'document';
  readonly key: string;
  readonly row: PlacedRow;
  /** Headings above it. */
  readonly level: number;
}

/** Which headings are open: all but, or none but, the named ones. */
export interface Expansion {
  readonly rest: 'open' | 'closed';
  readonly except: ReadonlySet<string>;
}

export const ALL_OPEN: Expansion = { rest: 'open', except: new Set() };

/** Between the levels of a category, as Notes writes them in one value: `Contoso\\Sales`. */
const MAX_LEVELS = 10;

/** Lays out rows, which stand in the order of the view, under their headings. */
export function viewLines(rows: readonly PlacedRow[], categorized: boolean, expansion: Expansion): ViewLine[] {
  const unique = uniqueKeys();
  const documentLine = (row: PlacedRow, level: number): ViewLine => {
    return { kind: 'document', key: unique(keyOf(row)), row, level };
  };
  if (!categorized) return rows.map((row) => documentLine(row, 0));
  const lines: (ViewLine & { documents?: number })[] = [];
  let headings: Heading[] = [];
  for (const row of rows) {
    const path = pathOf(row.category);
    const same = commonLength(headings, path);
    headings = headings.slice(0, same);
    for (let level = same; level < path.length; level += 1) {
      const key = unique(headingKey(path.slice(0, level + 1)));
      const heading: Heading = { text: path[level] ?? '', key, isOpen: isOpen(expansion, key), documents: 0 };
      if (headings.every((above) => above.isOpen)) {
        heading.at = lines.length;
        const { text, isOpen: open } = heading;
        lines.push({ kind: 'category', key, text, level, isOpen: open, documents: 0 });
      }
      headings.push(heading);
    }
    for (const heading of headings) {
      heading.documents += 1;
      const line = heading.at === undefined ? undefined : lines[heading.at];
      if (line?.kind === 'category' && heading.at !== undefined)
        lines[heading.at] = { ...line, documents: heading.documents };
    }
    if (headings.every((heading) => heading.isOpen)) lines.push(documentLine(row, headings.length));
  }
  return lines;
}

/** Counts keys that come again: a document may give several rows, and a heading may stand there twice. */
function uniqueKeys(): (key: string) => string {
  const counts = new Map<string, number>();
  return (key) => {
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return count === 0 ? key : `${key}-${count}`;
  };
}

interface Heading {
  readonly text: string;
  readonly key: string;
  readonly isOpen: boolean;
  documents: number;
  /** Its line, unless a heading above it is closed. */
  at?: number;
}

function isOpen({ rest, except }: Expansion, key: string): boolean {
  return (rest === 'open') !== except.has(key);
}

function pathOf(category: string): readonly string[] {
  return category.split('\\').slice(0, MAX_LEVELS);
}

function commonLength(headings: readonly Heading[], path: readonly string[]): number {
  const differs = headings.findIndex((heading, level) => heading.text !== path[level]);
  return differs < 0 ? Math.min(headings.length, path.length) : differs;
}

/** A document may stand there several times, each time under another heading. */
function keyOf({ id, category }: PlacedRow): string {
  return category === '' ? id : `${id}.${headingKey([category])}`;
}

function headingKey(path: readonly string[]): string {
  return createHash('sha256').update(path.join('\u0000')).digest('hex').slice(0, 10);
}
