import type { Lease, LeaseStore, StoredLease } from '../bridge/lease-ports.js';
import type { Clock, Log } from '../bridge/ports.js';
import { BridgeError } from '../presence/errors.js';
import type { Unid } from '../presence/ids.js';
import { dqlForm, dqlIn } from './dql-text.js';
import type { DocumentOutcome, Driver, FoundDocument } from './driver.js';
import { resolveDuplicates } from './duplicates.js';
import { CONFLICT_ITEM, LEASE_ITEMS as ITEM } from './fields.js';
import { isConflict, textOf } from './item-access.js';
import { LEASE_FORM, leaseFromItems, leaseItems } from './lease-items.js';

export interface LeaseStoreOptions {
  /** May be shared with other stores. */
  readonly driver: Driver;
  /** Name of the bridges that compete: key of their lease. */
  readonly bridge: string;
}

export interface LeaseStorePorts {
  readonly clock: Clock;
  readonly log: Log;
}

const READ_ITEMS = [...Object.values(ITEM), CONFLICT_ITEM];
/** Reads by id between two searches: a search sees an older document that came by replication or from a backup. */
const READS_PER_SEARCH = 20;

/**
 * The lease of the bridges of one name: a document of form `PresenceLease`. Of several, the oldest counts for everybody.
 * Two bridges may make one at the same moment; therefore a new document is a claim that has to stand for a while.
 */
export function createLeaseStore(options: LeaseStoreOptions, ports: LeaseStorePorts): LeaseStore {
  return new DominoLeaseStore(options, ports);
}

class DominoLeaseStore implements LeaseStore {
  readonly isConditional: boolean;
  readonly #driver: Driver;
  readonly #bridge: string;
  readonly #ports: LeaseStorePorts;
  #isOpen = false;
  #unid: Unid | undefined;
  #surplus: readonly Unid[] = [];
  #readsLeft = 0;

  constructor({ driver, bridge }: LeaseStoreOptions, ports: LeaseStorePorts) {
    this.isConditional = driver.revisions;
    this.#driver = driver;
    this.#bridge = bridge;
    this.#ports = ports;
  }

  read(): Promise<StoredLease | undefined> {
    return this.#opened(async () => stored(await this.#find()));
  }

  write(lease: Lease, expected: StoredLease | undefined): Promise<'written' | 'changed'> {
    const items = leaseItems(this.#bridge, lease, this.#ports.clock.now());
    return this.#opened(async () => {
      if (expected === undefined) return this.#create(items);
      const result = await this.#replace(items, expected);
      if (result === 'written') await this.#removeSurplus();
      return result;
    });
  }

  /** The driver may have lost its database since the last call, whoever made that. */
  async #opened<T>(run: () => Promise<T>): Promise<T> {
    try {
      if (!this.#isOpen) await this.#driver.open();
      this.#isOpen = true;
      return await run();
    } catch (thrown) {
      this.#isOpen = false;
      throw thrown;
    }
  }

  async #find(): Promise<FoundDocument | undefined> {
    if (this.#unid !== undefined && this.#readsLeft-- > 0) {
      const [document] = await this.#driver.read([this.#unid], READ_ITEMS);
      if (document !== undefined && this.#isLease(document)) return document;
    }
    return this.#search();
  }

  async #search(): Promise<FoundDocument | undefined> {
    const query = dqlForm(LEASE_FORM, dqlIn(ITEM.bridge, [this.#bridge]));
    const found = await this.#driver.find({ query, itemNames: READ_ITEMS });
    const leases = found.filter((document) => this.#isLease(document));
    const { kept, surplus } = resolveDuplicates(
      leases,
      () => this.#bridge,
      () => true,
    );
    const document = kept.get(this.#bridge);
    this.#unid = document?.unid;
    this.#surplus = surplus.map(({ unid }) => unid);
    // While there are several, or none, the next look is at all of them again.
    this.#readsLeft = leases.length === 1 ? READS_PER_SEARCH : 0;
    return document;
  }

  /** DQL compares without regard to case and accents; a name with another spelling is another bridge's. */
  #isLease({ items }: FoundDocument): boolean {
    return textOf(items, ITEM.bridge) === this.#bridge && !isConflict(items);
  }

  async #create(items: ReturnType<typeof leaseItems>): Promise<'written' | 'changed'> {
    if ((await this.#search()) !== undefined) return 'changed';
    const [outcome] = await this.#driver.create([items]);
    const { unid } = accepted(outcome);
    const document = await this.#search();
    // Once more at the next look: another bridge's document may come to light only now.
    this.#readsLeft = 0;
    if (document?.unid === unid) return 'written';
    this.#surplus = [unid];
    await this.#removeSurplus();
    return 'changed';
  }

  async #replace(items: ReturnType<typeof leaseItems>, expected: StoredLease): Promise<'written' | 'changed'> {
    const unid = this.#unid;
    if (unid === undefined) return 'changed';
    if (!this.isConditional) {
      const [document] = await this.#driver.read([unid], READ_ITEMS);
      if (!isSame(document, expected)) return 'changed';
      accepted((await this.#driver.replaceItems([{ unid, items }]))[0]);
      return 'written';
    }
    if (expected.revision === undefined) {
      throw new BridgeError('NOTES_INTERNAL', 'The lease document came without a revision.');
    }
    const [outcome] = await this.#driver.replaceItems([{ unid, revision: expected.revision, items }]);
    if (outcome?.ok) return 'written';
    if (outcome?.error.code === 'NOTES_CHANGED') return 'changed';
    // Refused for another reason; the document may be gone, too.
    if (!isSame(await this.#search(), expected)) return 'changed';
    accepted(outcome);
    return 'changed';
  }

  async #removeSurplus(): Promise<void> {
    const unids = this.#surplus.slice(0, this.#driver.maxBatch);
    if (unids.length === 0) return;
    this.#surplus = [];
    const outcomes = await this.#driver.remove(unids);
    const removed = outcomes.filter(({ ok }) => ok).length;
    this.#ports.log.warn('notes.duplicates-removed', { form: LEASE_FORM, removed, found: unids.length });
  }
}

function stored(document: FoundDocument | undefined): StoredLease | undefined {
  return document === undefined ? undefined : { lease: leaseFromItems(document.items), revision: document.revision };
}

function isSame(document: FoundDocument | undefined, { lease }: StoredLease): boolean {
  if (document === undefined) return false;
  const { holder, epoch, renewals } = leaseFromItems(document.items);
  return holder === lease.holder && epoch === lease.epoch && renewals === lease.renewals;
}

function accepted(outcome: DocumentOutcome | undefined): { readonly unid: Unid } {
  if (outcome === undefined) throw new BridgeError('NOTES_INTERNAL', 'The answer says nothing of the lease document.');
  if (!outcome.ok) throw outcome.error;
  return outcome;
}
