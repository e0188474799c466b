import { BridgeError } from '../../../presence/errors.js';
import { compileFormula } from '../formula/compile.js';
import type { Formula } from '../formula/syntax.js';
import type { TimeParts } from '../formula/time-text.js';
import { childrenOf, type XmlElement } from '../xml-tree.js';
import { timePartsOf } from './time-parts.js';

/** A view as its DXL describes it. */
export interface ViewDesign {
  readonly title: string;
  /** First alias, or the title when there is none. */
  readonly alias: string;
  readonly isDefault: boolean;
  /** Kept from users: its name stands in round brackets, or it is not in the menu. */
  readonly isHidden: boolean;
  readonly selection: Formula;
  readonly columns: readonly ColumnDesign[];
}

export type SortDirection = 'ascending' | 'descending';

export interface ColumnDesign {
  readonly title: string;
  /** Item name, by which programs call the column. */
  readonly item: string;
  readonly kind: 'text' | 'icon';
  /** Characters. */
  readonly width: number;
  readonly isHidden: boolean;
  readonly isCategory: boolean;
  readonly sort: 'none' | SortDirection;
  /** Directions in which a click on the title sorts. */
  readonly resort: readonly SortDirection[];
  readonly ignoresCase: boolean;
  readonly ignoresAccent: boolean;
  /** Several values give several rows. */
  readonly separatesValues: boolean;
  readonly listSeparator: string;
  readonly timeParts: TimeParts;
  /** The value is a formula's, or that of an item whose name stands here in lower case. */
  readonly value: { readonly item: string } | { readonly formula: Formula };
}

/** Formulas by their text, so that columns of several views share one. */
export type CompiledFormulas = Map<string, Formula>;

const RESORTS: Readonly<Record<string, readonly SortDirection[]>> = {
  ascending: ['ascending'],
  descending: ['descending'],
  both: ['ascending', 'descending'],
};
const SEPARATORS: Readonly<Record<string, string>> = { comma: ', ', semicolon: '; ', space: ' ', newline: '\n' };
const DEFAULT_WIDTH = 10;

/** Reads a `view` element. Throws `BridgeError` (`TEMPLATE_INVALID`) with the line when a formula cannot be read. */
export function readViewDesign(view: XmlElement, formulas: CompiledFormulas = new Map()): ViewDesign {
  const title = view.attributes.get('name') ?? '';
  const columns = view.children.flatMap((child) =>
    child.name === 'column' ? [child] : child.name === 'sharedcolumnref' ? childrenOf(child, 'column') : [],
  );
  return {
    title,
    alias: view.attributes.get('alias')?.split('|')[0] || title,
    isDefault: view.attributes.get('default') === 'true',
    isHidden: /^\(.*\)$/.test(title) || view.attributes.get('showinmenu') === 'false',
    selection: formulaFor(view, 'selection', formulas) ?? compiled('SELECT @All', view, formulas),
    columns: columns.map((column) => readColumn(column, formulas)),
  };
}

function readColumn(column: XmlElement, formulas: CompiledFormulas): ColumnDesign {
  const flag = (name: string): boolean => column.attributes.get(name) === 'true';
  const sort = column.attributes.get('sort');
  const formula = formulaFor(column, 'value', formulas);
  const item = column.attributes.get('itemname') ?? '';
  return {
    title: childrenOf(column, 'columnheader')[0]?.attributes.get('title') ?? '',
    item,
    kind: flag('showasicons') ? 'icon' : 'text',
    width: Number(column.attributes.get('width')) || DEFAULT_WIDTH,
    isHidden: flag('hidden'),
    isCategory: flag('categorized'),
    sort: sort === 'ascending' || sort === 'descending' ? sort : 'none',
    resort: RESORTS[column.attributes.get('resort') ?? ''] ?? [],
    ignoresCase: flag('sortnocase'),
    ignoresAccent: flag('sortnoaccent'),
    separatesValues: flag('separatemultiplevalues') || flag('categorized'),
    listSeparator: SEPARATORS[column.attributes.get('listseparator') ?? ''] ?? ', ',
    timeParts: timePartsOf(childrenOf(column, 'datetimeformat')[0]),
    value: formula ? { formula } : { item: item.toLowerCase() },
  };
}

function formulaFor(element: XmlElement, event: string, formulas: CompiledFormulas): Formula | undefined {
  const code = childrenOf(element, 'code').find((child) => child.attributes.get('event') === event);
  const formula = code && childrenOf(code, 'formula')[0];
  return formula && compiled(formula.text, formula, formulas);
}

function compiled(source: string, element: XmlElement, formulas: CompiledFormulas): Formula {
  const known = formulas.get(source);
  if (known) return known;
  const outcome = compileFormula(source);
  if (outcome.ok) {
    formulas.set(source, outcome.formula);
    return outcome.formula;
  }
  const line = element.contentLine + outcome.at.line - 1;
  throw new BridgeError('TEMPLATE_INVALID', `line ${line}: ${outcome.reason}`, { details: { line } });
}
