import type { Block, SectionDesign, TableDesign } from '../design/form-model.js';
import type { ClickIds } from './click-ids.js';
import type { FormSession } from './form-session.js';
import { openInlines } from './open-inlines.js';
import type { OpenBlock, OpenCell } from './open-model.js';

/** Blocks without those that are hidden; all fields have their values already. */
export function openBlocks(session: FormSession, blocks: readonly Block[], clicks: ClickIds): OpenBlock[] {
  return blocks.flatMap((block) => openBlock(session, block, clicks));
}

function openBlock(session: FormSession, block: Block, clicks: ClickIds): OpenBlock[] {
  switch (block.kind) {
    case 'paragraph': {
      const { style } = block;
      if (session.isHidden(style.hide, style.hideWhen, 'hide-when of a paragraph')) return [];
      return [{ kind: 'paragraph', style, parts: openInlines(session, block.parts, clicks) }];
    }
    case 'table':
      return openTable(session, block, clicks);
    case 'section':
      return openSection(session, block, clicks);
    case 'undrawn':
      return [block];
    case 'subform':
      return [];
  }
}

/** A row of which all is hidden is not there, as in Notes; nor is a table without rows. */
function openTable(session: FormSession, table: TableDesign, clicks: ClickIds): OpenBlock[] {
  const rows = table.rows.map((row) =>
    row.map((cell): OpenCell => ({ ...cell, blocks: openBlocks(session, cell.blocks, clicks) })),
  );
  const isGone = (row: readonly OpenCell[], index: number): boolean =>
    row.every(({ blocks }) => blocks.length === 0) &&
    (table.rows[index] ?? []).some(({ blocks }) => blocks.length > 0) &&
    // What another row reaches into must stay.
    rows.every((other) => other.every(({ rowSpan }) => rowSpan === 1));
  const shown = rows.filter((row, index) => !isGone(row, index));
  return shown.length === 0 ? [] : [{ ...table, rows: shown }];
}

function openSection(session: FormSession, section: SectionDesign, clicks: ClickIds): OpenBlock[] {
  const { style, isOpen } = section;
  if (style && session.isHidden(style.hide, style.hideWhen, 'hide-when of a section')) return [];
  return [
    {
      ...section,
      title: session.text(section.title, 'title of a section'),
      isOpen: isOpen[session.request.mode],
      blocks: openBlocks(session, section.blocks, clicks),
    },
  ];
}
