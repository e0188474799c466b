import type { OpenBlock, OpenParagraph, OpenSection } from '../form/open-model.js';
import { type Html, html } from './html.js';
import { inlinesHtml, undrawnHtml } from './inlines-html.js';
import { fontCss, paragraphCss } from './rich-text-css.js';
import type { Pen } from './rich-text-options.js';
import { tableHtml } from './table-html.js';

const ORDERED = ['number', 'alphaupper', 'alphalower', 'romanupper', 'romanlower'];

const MARKS: Readonly<Record<string, string>> = {
  bullet: 'disc',
  number: 'decimal',
  circle: 'circle',
  square: 'square',
  alphaupper: 'upper-alpha',
  alphalower: 'lower-alpha',
  romanupper: 'upper-roman',
  romanlower: 'lower-roman',
  check: '"\\2713\\20"',
  uncheck: '"\\2717\\20"',
};

/** Paragraphs, tables and sections one below the other; neighbours of one kind of list become one list. */
export function blocksHtml(blocks: readonly OpenBlock[], pen: Pen): Html[] {
  const drawn: Html[] = [];
  for (let index = 0; index < blocks.length; ) {
    const run = listAt(blocks, index);
    const [first] = run;
    const block = blocks[index];
    if (first) drawn.push(listHtml(first.style.list, run, pen));
    else if (block) drawn.push(blockHtml(block, pen));
    index += Math.max(run.length, 1);
  }
  return drawn;
}

function listAt(blocks: readonly OpenBlock[], from: number): OpenParagraph[] {
  const first = blocks[from];
  if (first?.kind !== 'paragraph' || first.style.list === 'none') return [];
  const run: OpenParagraph[] = [];
  for (let index = from; index < blocks.length; index += 1) {
    const block = blocks[index];
    if (block?.kind !== 'paragraph' || block.style.list !== first.style.list) break;
    run.push(block);
  }
  return run;
}

function listHtml(kind: string, paragraphs: readonly OpenParagraph[], pen: Pen): Html {
  const look = `notes-list list-${kind} ${pen.styles.classOf([`list-style-type:${MARKS[kind] ?? 'disc'}`])}`;
  const items = paragraphs.map((par) => html`<li class="${parClass(par, pen)}">${parContent(par, pen)}</li>`);
  return ORDERED.includes(kind) ? html`<ol class="${look}">${items}</ol>` : html`<ul class="${look}">${items}</ul>`;
}

function blockHtml(block: OpenBlock, pen: Pen): Html {
  switch (block.kind) {
    case 'paragraph':
      return html`<div class="${parClass(block, pen)}">${parContent(block, pen)}</div>`;
    case 'table':
      return tableHtml(block, pen, blocksHtml);
    case 'section':
      return sectionHtml(block, pen);
    case 'undrawn':
      return html`<div class="par">${undrawnHtml(block.element, pen)}</div>`;
  }
}

function parClass(paragraph: OpenParagraph, { styles }: Pen): string {
  return `par ${styles.classOf(paragraphCss(paragraph.style))}`.trim();
}

/** An empty paragraph is an empty line. */
function parContent(paragraph: OpenParagraph, pen: Pen): Html[] {
  const parts = inlinesHtml(paragraph.parts, pen);
  return parts.length > 0 ? parts : [html`<br/>`];
}

function sectionHtml(section: OpenSection, pen: Pen): Html {
  const { titleFont, borderColor, borderStyle, isOpen, hidesTitleWhenOpen } = section;
  const look = pen.styles.classOf(fontCss(titleFont));
  const line = pen.styles.classOf([
    // The margin is the title's; what is inside has its own.
    ...(section.style ? paragraphCss(section.style) : []),
    borderStyle !== 'none' && borderColor !== undefined && `border-bottom:1px solid ${borderColor}`,
  ]);
  return html`<details class="notes-section ${hidesTitleWhenOpen && 'hides-title'}"${isOpen && html` open="open"`}><summary class="${line}"><span class="${look}">${section.title}</span></summary>${blocksHtml(section.blocks, pen)}</details>`;
}
