import { BridgeError } from '../../presence/errors.js';
import type { Unid } from '../../presence/ids.js';
import { dqlForm, dqlText } from '../dql-text.js';
import type { DocumentOutcome, Driver } from '../driver.js';
import { FORMS, LEASE_ITEMS, SCHEMA_VERSION } from '../fields.js';
import { textOf } from '../item-access.js';
import type { Items } from '../item-value.js';
import { failed, type ProbeStep, passed } from './probe-step.js';

export const RIGHTS_STEP = 'Domino rights';

/** No bridge can have this name; the document's form is one that no view shows. */
const PROBE_NAME = 'check:rights';

/**
 * Creates, changes and deletes one document, to prove that the bridge may. One that an earlier attempt could not delete
 * is taken again, so that there is never more than one.
 */
export async function* rightsSteps(driver: Driver): AsyncGenerator<ProbeStep> {
  const query = dqlForm(FORMS.lease, `${LEASE_ITEMS.bridge} = ${dqlText(PROBE_NAME)}`);
  const [left] = await driver.find({ query, itemNames: [LEASE_ITEMS.bridge] });
  const created =
    left === undefined ? only(await driver.create([probeItems('created')])) : { ok: true as const, unid: left.unid };
  yield step('create', created);
  if (!created.ok) return;
  yield step('change', await change(driver, created.unid));
  yield step('delete', only(await driver.remove([created.unid])));
}

async function change(driver: Driver, unid: Unid): Promise<DocumentOutcome> {
  const outcome = only(await driver.replaceItems([{ unid, items: probeItems('changed') }]));
  if (!outcome.ok) return outcome;
  const [found] = await driver.read([unid], [LEASE_ITEMS.holderName]);
  if (found !== undefined && textOf(found.items, LEASE_ITEMS.holderName) === 'changed') return outcome;
  return { ok: false, error: new BridgeError('NOTES_INTERNAL', 'The change was taken, but does not show when read.') };
}

function probeItems(state: string): Items {
  return {
    [LEASE_ITEMS.form]: FORMS.lease,
    [LEASE_ITEMS.bridge]: PROBE_NAME,
    [LEASE_ITEMS.holder]: '',
    [LEASE_ITEMS.holderName]: state,
    [LEASE_ITEMS.epoch]: 0,
    [LEASE_ITEMS.renewals]: 0,
    [LEASE_ITEMS.duration]: 90,
    [LEASE_ITEMS.schemaVersion]: SCHEMA_VERSION,
  };
}

function only([outcome]: readonly DocumentOutcome[]): DocumentOutcome {
  return outcome ?? { ok: false, error: new BridgeError('NOTES_INTERNAL', 'The answer names no document.') };
}

const NEXT = {
  create: 'Give the bridge Editor access, with "Create documents", in the ACL of the database.',
  change: 'Give the bridge Editor access in the ACL; an Author may not change what others made.',
  delete: 'Give it the right "Delete documents" in the ACL; without it documents of people who left or opted out stay.',
} as const;

function step(right: keyof typeof NEXT, outcome: DocumentOutcome): ProbeStep {
  if (outcome.ok) return passed(RIGHTS_STEP, `May ${right} documents.`);
  return { ...failed(RIGHTS_STEP, outcome.error), detail: `Cannot ${right} documents.`, next: NEXT[right] };
}
