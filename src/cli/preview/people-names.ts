import { FORMS, PERSON_ITEMS } from '../../notes/fields.js';
import { isConflict, textOf } from '../../notes/item-access.js';
import type { DocumentTable } from './document-table.js';

/** Canonical names of the people of a presence database who have one, in the order of its documents. */
export function peopleOf(presence: DocumentTable): string[] {
  return [...presence.entries()].flatMap(([, items]) => {
    const name = textOf(items, PERSON_ITEMS.name);
    return name !== '' && textOf(items, PERSON_ITEMS.form) === FORMS.person && !isConflict(items) ? [name] : [];
  });
}
