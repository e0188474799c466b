import type { Items } from '../../../../src/notes/item-value.js';
import type { ImageDesign } from '../../../../src/notes/template/design/design.js';
import type { ColumnDesign, ViewDesign } from '../../../../src/notes/template/design/view-design.js';
import type { Formula } from '../../../../src/notes/template/formula/syntax.js';
import { TIME_STYLES } from '../../../../src/notes/template/formula/time-text.js';
import { type Value as FormulaValue, withList } from '../../../../src/notes/template/formula/values.js';
import { fieldsOf } from '../../../../src/notes/template/item-fields.js';
import { type Collation, openingCollation } from '../../../../src/notes/template/views/collation.js';
import { type DocumentValues, documentValues } from '../../../../src/notes/template/views/document-values.js';
import { createOrderedRows, type OrderedRows } from '../../../../src/notes/template/views/ordered-rows.js';
import { columnValue } from '../../../../src/notes/template/views/view-rows.js';

/** One row of a view as scripts read it. */
export interface ViewRow {
  readonly unid: string;
  /** Values of the sorted columns from left to right; moments are milliseconds since 1970. */
  readonly keys: readonly (string | number)[];
  /** Columns from left to right, hidden ones too. Constant ones are left out, as Notes leaves them out. */
  readonly columns: readonly FormulaValue[];
}

export interface KeyRules {
  readonly isExact: boolean;
  /** Case never counts. Accents count by default, but the collation of a real server may ignore them too. */
  readonly ignoresAccents: boolean;
}

/** A view of a database, its rows made by the view engine from the formulas in the DXL. */
export class DatabaseView {
  readonly design: ViewDesign;
  readonly #rows: OrderedRows;
  readonly #documents = new Map<string, DocumentValues>();
  readonly #collation: Collation;

  constructor(design: ViewDesign, images: ReadonlyMap<string, ImageDesign>) {
    this.design = design;
    this.#collation = openingCollation(design);
    this.#rows = createOrderedRows(design, this.#collation, { images, timeStyle: TIME_STYLES.en, language: 'en' });
  }

  put(unid: string, items: Items): void {
    const document = documentValues(fieldsOf(items), TIME_STYLES.en);
    this.#documents.set(unid, document);
    this.#rows.put(unid, document);
  }

  remove(unid: string): void {
    this.#documents.delete(unid);
    this.#rows.remove(unid);
  }

  /** The rows as they are now; the array does not change. */
  rows(): readonly ViewRow[] {
    return this.#rows.entries().map(({ keys, row }) => {
      const document = this.#documents.get(row.id);
      const { design } = this;
      const place = this.#collation;
      return {
        unid: row.id,
        keys,
        get columns() {
          return document ? columnsOf(design, place, document, keys) : [];
        },
      };
    });
  }
}

function columnsOf(
  { columns }: ViewDesign,
  collation: Collation,
  document: DocumentValues,
  keys: readonly (string | number)[],
): FormulaValue[] {
  return columns.flatMap((column, index) => {
    if (isConstant(column)) return [];
    const value = columnValue(column, document);
    const key = keys[collation.keys.findIndex((one) => one.column === index)];
    const isOwn = collation.separated.has(index) && value.type !== 'error' && key !== undefined;
    return [isOwn ? withList(value, [key]) : value];
  });
}

function isConstant({ value }: ColumnDesign): boolean {
  return 'formula' in value && isConstantFormula(value.formula);
}

function isConstantFormula({ statements }: Formula): boolean {
  const [only] = statements;
  return statements.length === 1 && (only?.value.kind === 'text' || only?.value.kind === 'number');
}

/** Rows whose sorted columns begin with these keys, each compared with its own column. */
export function matchingRows(
  rows: readonly ViewRow[],
  keys: readonly (string | number)[],
  rules: KeyRules,
): readonly ViewRow[] {
  const wanted = keys.map((key) => folded(key, rules));
  return rows.filter((row) =>
    wanted.every((key, index) => {
      const value = row.keys[index];
      if (value === undefined) return false;
      const found = folded(value, rules);
      if (typeof key === 'string' && typeof found === 'string' && !rules.isExact) return found.startsWith(key);
      return found === key;
    }),
  );
}

function folded(key: string | number, { ignoresAccents }: KeyRules): string | number {
  if (typeof key === 'number') return key;
  const lower = key.toLowerCase();
  return ignoresAccents ? lower.normalize('NFD').replace(/\p{Mn}/gu, '') : lower;
}
