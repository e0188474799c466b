import type { Lease } from '../bridge/lease-ports.js';
import { FORMS, LEASE_ITEMS as ITEM, SCHEMA_VERSION } from './fields.js';
import { momentItem, numberOf, textOf } from './item-access.js';
import type { Items } from './item-value.js';
import { notesText } from './notes-text.js';

export const LEASE_FORM: string = FORMS.lease;

/** Stands for a holder that nobody can read: somebody holds the lease, and only standing still shows who no longer does. */
export const UNREADABLE_HOLDER = '?';

const MAX_NAME_BYTES = 200;
/** Far above what a bridge can count to; a higher number was not written by one. */
const MAX_COUNT = 2 ** 40;

/** All items of a lease. `RenewedAt` is for people: no bridge judges by it. */
export function leaseItems(bridge: string, lease: Lease, now: number): Items {
  return {
    [ITEM.form]: LEASE_FORM,
    [ITEM.bridge]: bridge,
    [ITEM.holder]: lease.holder,
    [ITEM.holderName]: notesText(lease.holderName, MAX_NAME_BYTES),
    [ITEM.epoch]: lease.epoch,
    [ITEM.renewals]: lease.renewals,
    [ITEM.duration]: lease.durationMs / 1000,
    [ITEM.renewedAt]: momentItem(now),
    [ITEM.schemaVersion]: SCHEMA_VERSION,
  };
}

/** What a lease document says; items that somebody spoiled count as nothing said, yet never as a lease given back. */
export function leaseFromItems(items: Items): Lease {
  return {
    holder: holderOf(items),
    holderName: notesText(textOf(items, ITEM.holderName), MAX_NAME_BYTES),
    epoch: countOf(items, ITEM.epoch),
    renewals: countOf(items, ITEM.renewals),
    durationMs: durationOf(items),
  };
}

function holderOf(items: Items): string {
  const holder = items[ITEM.holder];
  // An empty item may come back as none.
  if (holder === undefined || holder === '') return '';
  return notesText(textOf(items, ITEM.holder), MAX_NAME_BYTES) || UNREADABLE_HOLDER;
}

function countOf(items: Items, name: string): number {
  const count = numberOf(items, name) ?? 0;
  return Number.isInteger(count) && count >= 0 && count <= MAX_COUNT ? count : 0;
}

const UNREADABLE_DURATION_MS = 90_000;

function durationOf(items: Items): number {
  const seconds = numberOf(items, ITEM.duration) ?? 0;
  return seconds > 0 ? seconds * 1000 : UNREADABLE_DURATION_MS;
}
