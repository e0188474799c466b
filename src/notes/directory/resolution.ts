import type { Clock, Log } from '../../bridge/ports.js';
import {
  type DirectoryCounts,
  type DirectoryRow,
  MAPPING_OUTCOMES,
  type MappingOutcome,
} from '../../presence/directory.js';
import { atOnce, inSlices, type Steps } from '../steps.js';
import type { DirectoryEntries } from './entry.js';
import { resolving } from './resolve.js';
import type { DirectorySettings, ResolvedDirectory } from './resolved.js';

/**
 * What all sources said, taken together. That takes time, so it waits until somebody asks, others have their turn in it,
 * and it begins anew when something changes meanwhile.
 */
export class Resolution {
  readonly #entries: () => Steps<DirectoryEntries>;
  readonly #settings: DirectorySettings;
  readonly #ports: { readonly clock: Clock; readonly log: Log };
  #resolved: ResolvedDirectory | undefined;
  #counts = countsOf([]);
  #isOutdated = true;
  /** Grows when something changed. */
  #generation = 0;
  #resolving: Promise<ResolvedDirectory | undefined> | undefined;
  #stopped = false;

  constructor(
    entries: () => Steps<DirectoryEntries>,
    settings: DirectorySettings,
    ports: { readonly clock: Clock; readonly log: Log },
  ) {
    this.#entries = entries;
    this.#settings = settings;
    this.#ports = ports;
  }

  /** People by outcome, as of what was taken together last. */
  get counts(): DirectoryCounts['outcomes'] {
    return this.#counts;
  }

  /** Something changed. */
  outdate(): void {
    this.#isOutdated = true;
    this.#generation++;
  }

  /** Ends what is under way. */
  stop(): void {
    this.#stopped = true;
  }

  /** What was taken together last, even when something changed since. */
  latest(): ResolvedDirectory {
    return this.#resolved ?? this.current();
  }

  /** The newest, without a pause, for whoever cannot wait. */
  current(): ResolvedDirectory {
    const known = this.#isOutdated ? undefined : this.#resolved;
    return known ?? this.#took(atOnce(this.#steps()));
  }

  /** The newest; `undefined` when it was stopped meanwhile. */
  async upToDate(): Promise<ResolvedDirectory | undefined> {
    if (!this.#isOutdated) return this.#resolved;
    this.#resolving ??= this.#resolve().finally(() => {
      this.#resolving = undefined;
    });
    return this.#resolving;
  }

  async #resolve(): Promise<ResolvedDirectory | undefined> {
    const { clock, log } = this.#ports;
    while (this.#isOutdated && !this.#stopped) {
      const generation = this.#generation;
      const begun = clock.monotonic();
      const isWanted = (): boolean => this.#isOutdated && !this.#stopped && generation === this.#generation;
      const resolved = await inSlices(this.#steps(), clock, isWanted);
      if (resolved === undefined || generation !== this.#generation) continue;
      this.#took(resolved);
      log.debug('directory.resolved', {
        ...this.#counts,
        watched: resolved.roster.people.length,
        remarks: resolved.remarks.length,
        milliseconds: Math.round(clock.monotonic() - begun),
      });
    }
    return this.#isOutdated ? undefined : this.#resolved;
  }

  *#steps(): Steps<ResolvedDirectory> {
    return yield* resolving(yield* this.#entries(), this.#settings);
  }

  #took(resolved: ResolvedDirectory): ResolvedDirectory {
    this.#resolved = resolved;
    this.#isOutdated = false;
    this.#counts = countsOf(resolved.rows);
    return resolved;
  }
}

function countsOf(rows: readonly DirectoryRow[]): DirectoryCounts['outcomes'] {
  const counts = Object.fromEntries(MAPPING_OUTCOMES.map((outcome) => [outcome, 0])) as Record<MappingOutcome, number>;
  for (const { outcome } of rows) counts[outcome]++;
  return counts;
}
