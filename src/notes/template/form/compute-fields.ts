import type { FieldDesign } from '../design/field-design.js';
import { EMPTY } from '../formula/values.js';
import type { FormSession } from './form-session.js';

/**
 * Computes fields one after the other, so that a formula sees those before it. What is stored stays, but for fields that
 * are computed for display and, when the document is new or computed anew, for computed ones.
 */
export function computeFields(session: FormSession, fields: readonly FieldDesign[]): void {
  for (const field of fields) computeField(session, field);
}

/** Computes one field; its value is there for all that run later. */
export function computeField(session: FormSession, field: FieldDesign): void {
  const { isNew = false, refreshes = false } = session.request;
  const key = field.name.toLowerCase();
  const isStored = session.values.has(key);
  const computesAgain = {
    editable: false,
    computedwhencomposed: false,
    computed: isNew || refreshes,
    computedfordisplay: true,
  }[field.kind];
  if (isStored && !computesAgain) return;
  // The default of an editable field is for new documents only.
  if (field.kind === 'editable' && !isNew) return;
  if (field.kind === 'computedwhencomposed' && !isNew) return;
  session.values.set(
    key,
    field.value ? session.fieldValue(field.value, field.name) : (session.values.get(key) ?? EMPTY),
  );
}
