import type { ViewCell } from '../../../bridge/view-ports.js';
import type { SortDirection } from '../design/view-design.js';
import { type Html, html } from './html.js';
import type { PreviewPaths } from './preview-paths.js';
import type { PreviewWords } from './preview-words.js';
import type { CategoryLine, DocumentLine, ViewLine } from './view-lines.js';
import type { ViewModel, ViewModelColumn } from './view-model.js';

export interface ViewHtmlInput {
  readonly model: ViewModel;
  readonly words: PreviewWords;
  readonly paths: PreviewPaths;
}

/** The grid of a view with its header; the lines come by `linesHtml`, a window of them at a time. */
export function gridHtml({ model, words, paths }: ViewHtmlInput, first: Html, total: number): Html {
  const { id, title, columns, isCategorized } = model;
  return html`<div class="grid" id="grid" role="${isCategorized ? 'treegrid' : 'grid'}" tabindex="0"
  aria-label="${title}" aria-rowcount="${total + 1}" aria-colcount="${columns.length}" aria-describedby="grid-hint"
  data-lines="${paths.lines(id)}" data-find="${paths.find(id)}" data-actions="${paths.viewActions(id)}" data-view="${id}" data-total="${total}"
  data-line-height="${model.lineHeight}" data-refresh="${model.onRefresh}">
<div class="head" role="row" aria-rowindex="1">${columns.map((column, index) => headerCell(column, index, words))}</div>
<div class="space" id="space" role="presentation"><div class="window" id="window" role="rowgroup">${first}</div></div>
<p class="empty" id="empty"${total > 0 && html` hidden`}>${words.empty}</p>
</div>
<p class="spoken" id="grid-hint">${words.hint}</p>`;
}

function headerCell({ title, kind, sort, resort }: ViewModelColumn, index: number, words: PreviewWords): Html {
  const label = title === '' && kind === 'icon' && html` aria-label="${words.icon}"`;
  const sorted = sort !== 'none' && html` aria-sort="${sort}"`;
  const content =
    resort.length > 0
      ? html`<button type="button" class="sorter" tabindex="-1" data-column="${index}" data-directions="${resort.join(' ')}"
  title="${words.sortBy} ${title}"><span class="words">${title}</span><span class="arrows" aria-hidden="true">${resort.map(arrow)}</span></button>`
      : html`<span class="words">${title}</span>`;
  return html`<div class="cell c${index}" role="columnheader" aria-colindex="${index + 1}"${label}${sorted}>${content}</div>`;
}

function arrow(direction: SortDirection): Html {
  return html`<span class="arrow ${direction}"></span>`;
}

export interface LinesWindow {
  readonly lines: readonly ViewLine[];
  /** Index of the first line that is wanted, and how many of them. */
  readonly from: number;
  readonly count: number;
}

/** A window of a view's lines. */
export function linesHtml({ model, paths }: Omit<ViewHtmlInput, 'words'>, { lines, from, count }: LinesWindow): Html {
  const wanted = lines.slice(from, from + count);
  return html`${wanted.map((line, offset) => lineHtml(line, from + offset, model, paths))}`;
}

function lineHtml(line: ViewLine, index: number, model: ViewModel, paths: PreviewPaths): Html {
  const alternate = index % 2 === 1 && ' alternate';
  const level = model.isCategorized && html` aria-level="${line.level + 1}"`;
  const own =
    line.kind === 'category'
      ? html` class="line category level${line.level}${alternate}" aria-expanded="${String(line.isOpen)}"`
      : html` class="line document${alternate}" data-open="${paths.document(model.id, line.row.id)}" data-id="${line.row.id}"`;
  const cells = line.kind === 'category' ? categoryCells(line, model) : documentCells(line, model, paths);
  return html`<div role="row" id="line-${index}" aria-rowindex="${index + 2}" data-index="${index}" data-key="${line.key}"${level}${own}>${cells}</div>
`;
}

/** The heading begins in the column of its level and goes on to the right end. */
function categoryCells({ text, level, documents }: CategoryLine, { columns }: ViewModel): Html {
  const deepest = Math.max(0, ...columns.map(({ category }) => category ?? 0));
  const column = Math.max(
    0,
    columns.findIndex(({ category }) => category === Math.min(level, deepest)),
  );
  // Levels that one column makes by backslashes stand below each other, further in.
  const deep = level > deepest && ` deep${Math.min(5, level - deepest)}`;
  return html`<div class="heading from${column}${deep}" role="gridcell" aria-colindex="${column + 1}" aria-colspan="${columns.length - column}"><span class="twistie" aria-hidden="true"></span><span class="words">${text}</span><span class="spoken"> (${documents})</span></div>`;
}

function documentCells({ row }: DocumentLine, { columns }: ViewModel, paths: PreviewPaths): Html {
  return html`${columns.map(
    (column, index) =>
      html`<div class="cell c${index}" role="gridcell" aria-colindex="${index + 1}">${cellContent(row.cells[index], column, paths)}</div>`,
  )}`;
}

function cellContent(cell: ViewCell | undefined, column: ViewModelColumn, paths: PreviewPaths): Html {
  if (cell === undefined || column.category !== undefined) return html``;
  if (cell.kind === 'text') return html`<span class="words">${cell.text}</span>`;
  const icons = [cell, ...(cell.more ?? [])];
  return html`${icons.map(({ image, label }) => html`<img src="${paths.image(image)}" alt="${label}" title="${label}">`)}`;
}
