import { colourOf } from '../design/measures.js';
import { childrenOf, type XmlElement } from '../xml-tree.js';

/** How the Notes client draws a view, as far as the preview follows it. Colours are `#rrggbb`. */
export interface ViewLook {
  readonly background: string;
  readonly alternate: string;
  readonly headerBackground: string;
  readonly headerKind: 'none' | 'flat' | 'beveled' | 'simple';
  /** Heights of lines in units of one line of text. */
  readonly rowLines: number;
  readonly rowSpacing: number;
  readonly extendsLastColumn: boolean;
  readonly hasGrid: boolean;
  readonly gridColour: string;
  /** What an open view does when its index changed: it follows, or an arrow tells. */
  readonly onRefresh: 'itself' | 'arrow';
  /** Of the visible columns. */
  readonly columns: readonly ColumnLook[];
}

export interface ColumnLook {
  /** Average characters. */
  readonly width: number;
  readonly align: 'left' | 'center' | 'right';
  readonly headerAlign: 'left' | 'center' | 'right';
  readonly colour: string | undefined;
  readonly bold: boolean;
  readonly italic: boolean;
  /** Points. */
  readonly size: number | undefined;
}

const WHITE = '#ffffff';
const DEFAULT_WIDTH = 10;
const MAX_WIDTH = 200;
const MAX_POINTS = 40;

export function readViewLook(view: XmlElement): ViewLook {
  const at = (name: string): string | undefined => view.attributes.get(name);
  const background = colourOf(at('bgcolor')) ?? WHITE;
  const headers = at('headers');
  const grid = at('gridstyle');
  const columns = view.children.flatMap((child) =>
    child.name === 'column' ? [child] : child.name === 'sharedcolumnref' ? childrenOf(child, 'column') : [],
  );
  return {
    background,
    alternate: colourOf(at('altrowcolor')) ?? background,
    headerBackground: colourOf(at('headerbgcolor')) ?? '#e1e6ec',
    headerKind: headers === 'none' || headers === 'flat' || headers === 'simple' ? headers : 'beveled',
    rowLines: within(at('rowlinecount'), 1, 9, 1),
    rowSpacing: within(at('rowspacing'), 1, 2, 1),
    extendsLastColumn: at('extendlastcolumn') === 'true',
    hasGrid: grid !== undefined && grid !== 'none',
    gridColour: colourOf(at('gridcolor')) ?? '#d5dae0',
    onRefresh: at('onrefresh')?.startsWith('refresh') ? 'itself' : 'arrow',
    columns: columns.filter((column) => column.attributes.get('hidden') !== 'true').map(readColumnLook),
  };
}

function readColumnLook(column: XmlElement): ColumnLook {
  const [font] = childrenOf(column, 'font');
  const [header] = childrenOf(column, 'columnheader');
  const styles = (font?.attributes.get('style') ?? '').split(/\s+/);
  const size = /^(\d{1,3}(?:\.\d+)?)pt$/.exec(font?.attributes.get('size') ?? '')?.[1];
  const align = alignOf(column.attributes.get('align'));
  return {
    width: within(column.attributes.get('width'), 0.5, MAX_WIDTH, DEFAULT_WIDTH),
    align,
    headerAlign: header?.attributes.has('align') ? alignOf(header.attributes.get('align')) : align,
    colour: colourOf(font?.attributes.get('color')),
    bold: styles.includes('bold'),
    italic: styles.includes('italic'),
    size: size === undefined ? undefined : Math.min(Number(size), MAX_POINTS),
  };
}

function alignOf(text: string | undefined): ColumnLook['align'] {
  return text === 'center' || text === 'right' ? text : 'left';
}

function within(text: string | undefined, min: number, max: number, otherwise: number): number {
  const value = Number(text);
  return text === undefined || Number.isNaN(value) ? otherwise : Math.min(max, Math.max(min, value));
}
