import type { Length } from '../design/measures.js';
import type { OpenBlock, OpenCell, OpenTable } from '../form/open-model.js';
import { type Html, html } from './html.js';
import { cssLength } from './rich-text-css.js';
import type { Pen } from './rich-text-options.js';

const DEFAULT_BORDER = '#000000';

/** A table. Without header cells it only arranges things, which a screen reader need not say. */
export function tableHtml(table: OpenTable, pen: Pen, draw: (blocks: readonly OpenBlock[], pen: Pen) => Html[]): Html {
  const isForData = table.rows.some((row) => row.some(({ isHeader }) => isHeader));
  const rows = table.rows.map(
    (row, rowIndex) =>
      html`<tr>${row.map((cell, columnIndex) => cellHtml(cell, table, { rowIndex, columnIndex }, pen, draw))}</tr>`,
  );
  const columns = columnWidths(table).map(
    (width) => html`<col class="${pen.styles.classOf([width && `width:${width}`])}"/>`,
  );
  return html`<table class="notes-table ${pen.styles.classOf(tableCss(table))}"${!isForData && html` role="presentation"`}><colgroup>${columns}</colgroup><tbody>${rows}</tbody></table>`;
}

function fills({ fits }: OpenTable): boolean {
  return fits === 'fitmargins' || fits === 'fitwindow';
}

function tableCss(table: OpenTable): string[] {
  const { fits, leftMargin, rightMargin, columnWidths: widths } = table;
  const left = leftMargin && fits !== 'fitwindow' ? cssLength(leftMargin) : '0px';
  const pixels = widths.flatMap((width) => (width && 'px' in width ? [width.px] : []));
  const isKnown = pixels.length === widths.length && widths.length > 0;
  const right = rightMargin && 'px' in rightMargin ? cssLength(rightMargin) : '100%';
  return [
    fills(table) ? `width:calc(${right} - ${left})` : isKnown ? `width:${sum(pixels)}px` : '',
    fits === 'fixedcenter' ? 'margin-inline:auto' : fits === 'fixedright' ? 'margin-left:auto' : `margin-left:${left}`,
  ].filter((declaration) => declaration !== '');
}

/** Tables that fill the place share it in the proportion of their columns' widths. */
function columnWidths(table: OpenTable): (string | undefined)[] {
  const { columnWidths: widths } = table;
  const pixels = widths.map((width) => (width && 'px' in width ? width.px : 0));
  const total = sum(pixels);
  const shares = fills(table) && total > 0 && pixels.every((width) => width > 0);
  return widths.map((width, index) => {
    if (shares) return `${Math.round(((pixels[index] ?? 0) / total) * 10_000) / 100}%`;
    return width && positive(width) ? cssLength(width) : undefined;
  });
}

function positive(length: Length): boolean {
  return 'px' in length ? length.px > 0 : length.percent > 0;
}

function sum(list: readonly number[]): number {
  return Math.round(list.reduce((total, entry) => total + entry, 0) * 100) / 100;
}

interface Place {
  readonly rowIndex: number;
  readonly columnIndex: number;
}

function cellHtml(
  cell: OpenCell,
  table: OpenTable,
  place: Place,
  pen: Pen,
  draw: (blocks: readonly OpenBlock[], pen: Pen) => Html[],
): Html {
  const { rowSpan, columnSpan, isHeader, blocks } = cell;
  const look = pen.styles.classOf(cellCss(cell, table, place));
  const spans = html`${rowSpan > 1 && html` rowspan="${rowSpan}"`}${columnSpan > 1 && html` colspan="${columnSpan}"`}`;
  const content = draw(blocks, pen);
  return isHeader
    ? html`<th scope="${place.rowIndex === 0 ? 'col' : 'row'}" class="${look}"${spans}>${content}</th>`
    : html`<td class="${look}"${spans}>${content}</td>`;
}

function cellCss(cell: OpenCell, table: OpenTable, place: Place): string[] {
  const background = cell.background ?? backgroundOf(table, place);
  const align = { top: 'top', center: 'middle', bottom: 'bottom' }[cell.align];
  return [
    `vertical-align:${align}`,
    `padding:${table.rowSpacing}px ${table.columnSpacing}px`,
    `border:0 ${table.borderStyle} ${table.borderColor ?? DEFAULT_BORDER}`,
    `border-width:${cell.borders.map((width) => `${width}px`).join(' ')}`,
    background ? `background-color:${background}` : '',
  ].filter((declaration) => declaration !== '');
}

/** How the two colours of a table are spread over its cells. */
function backgroundOf(table: OpenTable, { rowIndex, columnIndex }: Place): string | undefined {
  const { colorStyle, background, otherBackground, rows } = table;
  const isLast = columnIndex === (rows[rowIndex]?.length ?? 0) - 1;
  const isFirst: Readonly<Record<string, boolean>> = {
    solid: true,
    altrows: rowIndex % 2 === 0,
    altcolumns: columnIndex % 2 === 0,
    top: rowIndex === 0,
    left: columnIndex === 0,
    right: isLast,
    lefttop: columnIndex === 0 || rowIndex === 0,
    righttop: isLast || rowIndex === 0,
  };
  if (!Object.hasOwn(isFirst, colorStyle)) return undefined;
  return isFirst[colorStyle] ? background : otherBackground;
}
