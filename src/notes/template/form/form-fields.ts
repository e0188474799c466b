import type { FieldDesign } from '../design/field-design.js';
import type { Block, Inline } from '../design/form-model.js';

/** The fields of a body in the order in which Notes computes them: from left to right, from top to bottom. */
export function fieldsIn(blocks: readonly Block[]): FieldDesign[] {
  return blocks.flatMap(fieldsOfBlock);
}

function fieldsOfBlock(block: Block): FieldDesign[] {
  switch (block.kind) {
    case 'paragraph':
      return fieldsInline(block.parts);
    case 'section':
      return fieldsIn(block.blocks);
    case 'table':
      return block.rows.flatMap((row) => row.flatMap((cell) => fieldsIn(cell.blocks)));
    case 'subform':
    case 'undrawn':
      return [];
  }
}

function fieldsInline(parts: readonly Inline[]): FieldDesign[] {
  return parts.flatMap((part): FieldDesign[] => {
    if (part.kind === 'field') return [part.field];
    return 'parts' in part ? fieldsInline(part.parts) : [];
  });
}
