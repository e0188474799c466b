import { childrenOf, childText, type XmlElement } from '../xml-tree.js';
import { readFont } from './font-design.js';
import type { Block, ParagraphStyle, SectionDesign, TableCell, TableDesign, Undrawn } from './form-model.js';
import { type Computed, eventFormula } from './formula-code.js';
import { readInlines } from './inline-design.js';
import { colourOf, edgesOf, lengthOf, pixelsOf } from './measures.js';
import { PLAIN_PARAGRAPH, readParagraphStyle } from './paragraph-style.js';

/** What reading one rich text has come to know. */
interface Reading {
  readonly styles: Map<string, ParagraphStyle>;
  /** That of the paragraph before: a `par` without `def` goes on with it. */
  style: ParagraphStyle;
  readonly undrawn: Undrawn[];
}

/** Reads a `richtext` element. What the model has no words for is added to `undrawn`. */
export function readRichText(richText: XmlElement, undrawn: Undrawn[]): Block[] {
  return readBlocks(richText, { styles: new Map(), style: PLAIN_PARAGRAPH, undrawn }, false);
}

/** Elements that only stand around others. */
const TRANSPARENT = ['block', 'richtext'];
const SILENT = ['cellbackground', 'sectiontitle', 'code'];

function readBlocks(container: XmlElement, reading: Reading, keepsIndentation: boolean): Block[] {
  return container.children.flatMap((child): Block[] => {
    const keeps = keepsIndentationOf(child, keepsIndentation);
    switch (child.name) {
      case 'pardef':
        reading.styles.set(child.attributes.get('id') ?? '', readParagraphStyle(child));
        return [];
      case 'par':
        reading.style = reading.styles.get(child.attributes.get('def') ?? '') ?? reading.style;
        return [{ kind: 'paragraph', style: reading.style, parts: readInlines(child, reading.undrawn, keeps) }];
      case 'table':
        return [readTable(child, reading, keeps)];
      case 'section':
        return [readSection(child, reading, keeps)];
      case 'subformref':
        return [{ kind: 'subform', name: eventFormula(child, 'value') ?? child.attributes.get('name') ?? '' }];
      default:
        if (TRANSPARENT.includes(child.name)) return readBlocks(child, reading, keeps);
        if (SILENT.includes(child.name)) return [];
        reading.undrawn.push({ element: child.name, line: child.line, reason: 'the preview cannot draw it' });
        return [{ kind: 'undrawn', element: child.name }];
    }
  });
}

function keepsIndentationOf(element: XmlElement, inherited: boolean): boolean {
  const own = element.attributes.get('keepindentation');
  return own === undefined ? inherited : own === 'true';
}

const FITS = ['fixedleft', 'fixedcenter', 'fixedright', 'fitmargins', 'fitwindow'] as const;
const BORDERS = ['solid', 'ridge', 'groove'] as const;
const MOST_SPANNED = 100;

function readTable(table: XmlElement, reading: Reading, keeps: boolean): TableDesign {
  const at = (name: string): string | undefined => table.attributes.get(name);
  const display = at('rowdisplay') ?? 'all';
  if (display !== 'all') {
    const reason = `rows that show one at a time (${display}) are drawn one below the other`;
    reading.undrawn.push({ element: 'table', line: table.line, reason });
  }
  return {
    kind: 'table',
    fits: FITS.find((fits) => fits === at('widthtype')) ?? 'fixedleft',
    leftMargin: lengthOf(at('leftmargin') ?? '1in'),
    rightMargin: lengthOf(at('rightmargin') ?? '100%'),
    borderStyle: BORDERS.find((style) => style === at('cellborderstyle')) ?? 'solid',
    borderColor: colourOf(at('cellbordercolor')),
    colorStyle: at('colorstyle') ?? 'none',
    background: colourOf(at('bgcolor')),
    otherBackground: colourOf(at('altbgcolor')),
    rowSpacing: pixelsOf(at('rowspacing')) ?? 0,
    columnSpacing: pixelsOf(at('columnspacing')) ?? 0,
    columnWidths: childrenOf(table, 'tablecolumn').map((column) =>
      column.attributes.get('sizetofit') === 'true' ? undefined : lengthOf(column.attributes.get('width')),
    ),
    rows: childrenOf(table, 'tablerow').map((row) =>
      childrenOf(row, 'tablecell').map((cell) => readCell(cell, reading, keeps)),
    ),
  };
}

function readCell(cell: XmlElement, reading: Reading, keeps: boolean): TableCell {
  const at = (name: string): string | undefined => cell.attributes.get(name);
  const span = (name: string): number => {
    const count = Number(at(name) ?? 1);
    return Number.isInteger(count) ? Math.min(Math.max(count, 1), MOST_SPANNED) : 1;
  };
  if (childrenOf(cell, 'cellbackground').length > 0) {
    reading.undrawn.push({ element: 'cellbackground', line: cell.line, reason: 'the preview cannot draw it' });
  }
  const align = at('valign');
  return {
    background: colourOf(at('bgcolor')),
    rowSpan: span('rowspan'),
    columnSpan: span('columnspan'),
    align: align === 'center' || align === 'bottom' ? align : 'top',
    borders: edgesOf(at('borderwidth') ?? '1px'),
    isHeader: at('rowheader') === 'true' || at('columnheader') === 'true',
    blocks: readBlocks(cell, reading, keeps),
  };
}

function readSection(section: XmlElement, reading: Reading, keeps: boolean): SectionDesign {
  const at = (name: string): string => section.attributes.get(name) ?? '';
  const [title] = childrenOf(section, 'sectiontitle');
  const isOpen = (tokens: string): boolean => {
    const words = tokens.split(/\s+/);
    return words.includes('expand') || (at('expanded') === 'true' && !words.includes('collapse'));
  };
  return {
    kind: 'section',
    title: titleOf(title),
    titleFont: readFont(title && childrenOf(title, 'font')[0]),
    borderColor: colourOf(title?.attributes.get('color')),
    borderStyle: title?.attributes.get('borderstyle') ?? 'none',
    hidesTitleWhenOpen: title?.attributes.get('hidewhenexpanded') === 'true',
    style: reading.styles.get(title?.attributes.get('pardef') ?? ''),
    isOpen: { read: isOpen(at('onread')), edit: isOpen(at('onedit')) },
    blocks: readBlocks(section, reading, keeps),
  };
}

function titleOf(title: XmlElement | undefined): Computed {
  if (!title) return '';
  return eventFormula(title, 'value') ?? childText(title, 'text');
}
