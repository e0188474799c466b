import type { ActionDesign } from '../design/action-design.js';
import { findNamed } from '../design/element-names.js';
import type { Block, SubformReference, Undrawn, UndrawnPart } from '../design/form-model.js';
import type { FormSession } from './form-session.js';

/** A form's body with the bodies of its subforms in it, and what else comes with these. */
export interface WholeForm {
  readonly blocks: readonly Block[];
  readonly actions: readonly ActionDesign[];
  readonly undrawn: readonly Undrawn[];
}

const DEEPEST = 10;
const MOST_SUBFORMS = 100;

/**
 * Puts subforms where they are referred to; a computed name sees the document's items as they are stored. One that is not
 * there, refers to itself or is one too many is told as a fault and leaves a note in its place.
 */
export function withSubforms(session: FormSession): WholeForm {
  const { form, subforms } = session.request;
  const actions: ActionDesign[] = [...form.actions];
  const undrawn: Undrawn[] = [...form.undrawn];
  let count = 0;

  const missing = (where: string, reason: string): UndrawnPart[] => {
    session.faults.push({ where, reason });
    return [{ kind: 'undrawn', element: 'subformref' }];
  };
  const bodyOf = ({ name }: SubformReference, depth: number): Block[] => {
    const wanted = session.text(name, 'name of a subform');
    // A computed name may be empty: then Notes shows nothing.
    if (wanted === '') return [];
    const subform = findNamed(subforms, wanted);
    count += 1;
    if (!subform) return missing(`subform ${wanted}`, 'there is no such subform');
    if (depth >= DEEPEST) return missing(`subform ${wanted}`, `subforms are nested deeper than ${DEEPEST}`);
    if (count > MOST_SUBFORMS) return missing(`subform ${wanted}`, `there are more than ${MOST_SUBFORMS} subforms`);
    actions.push(...subform.actions);
    undrawn.push(...subform.undrawn);
    return resolved(subform.body, depth + 1);
  };
  const resolved = (blocks: readonly Block[], depth: number): Block[] =>
    blocks.flatMap((block): Block[] => {
      switch (block.kind) {
        case 'subform':
          return bodyOf(block, depth);
        case 'section':
          return [{ ...block, blocks: resolved(block.blocks, depth) }];
        case 'table': {
          const rows = block.rows.map((row) => row.map((cell) => ({ ...cell, blocks: resolved(cell.blocks, depth) })));
          return [{ ...block, rows }];
        }
        default:
          return [block];
      }
    });
  const blocks = resolved(form.body, 0);
  return { blocks, actions, undrawn };
}
