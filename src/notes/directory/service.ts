import type { Clock, Directory, Log, Random, Roster } from '../../bridge/ports.js';
import type { DirectoryCounts, DirectoryReport, LookUp } from '../../presence/directory.js';
import { BridgeError } from '../../presence/errors.js';
import { backoffDelay } from '../../presence/retry.js';
import type { Driver } from '../driver.js';
import { inSlices, type Steps } from '../steps.js';
import { type LookUpLimits, LookUps } from './look-up.js';
import { relatedTo } from './related.js';
import { Repeating } from './repeating.js';
import { Resolution } from './resolution.js';
import { resolving } from './resolve.js';
import type { ResolvedDirectory } from './resolved.js';
import { sameRoster } from './same-roster.js';
import type { SourceState } from './source-state.js';
import { findPerson } from './sources/single-person.js';
import { Sources, type SourcesOptions } from './sources.js';

export interface DirectoryOptions extends SourcesOptions {
  /** How often the Domino Directory is read whole, milliseconds. */
  readonly refreshMs: number;
  readonly lookUpLimits?: Partial<LookUpLimits>;
}

export interface DirectoryPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Opt-outs count within a minute: this, and time enough for slow answers. */
const ROUND_MS = 30_000;
const ROUND_BACKOFF = { baseMs: 2_000, capMs: ROUND_MS };
const REFRESH_BACKOFF = { baseMs: 5_000, capMs: 300_000 };
/** Part of the interval by which a refresh may come earlier or later, so that several bridges do not read at once. */
const JITTER = 0.1;
/** Person documents that one question may find. */
const MAX_FOUND = 100;
/** How long stopping waits for a call under way. */
const STOP_MS = 2_000;

/**
 * The directory over its sources. Each is read by itself, so that one that hangs holds up no other: opt-out and mapping
 * documents, the CSV file and the groups that opt-outs name twice a minute, the Domino Directory at each refresh.
 *
 * The first roster waits for the presence database and for every group that decides who may be shown. A CSV file or
 * Person documents that cannot be read hold nothing up: until they can, the people of the last run are taken from the
 * documents that this bridge wrote. `refresh` and `report` may be used without `start`.
 */
export function createDirectory(options: DirectoryOptions, ports: DirectoryPorts): Directory {
  return new SourcedDirectory(options, ports);
}

class SourcedDirectory implements Directory {
  readonly #options: DirectoryOptions;
  readonly #ports: DirectoryPorts;
  readonly #sources: Sources;
  readonly #presence: Repeating;
  /** Sources that wait for no other. */
  readonly #independent: readonly Repeating[];
  readonly #optOutGroups: Repeating | undefined;
  readonly #lookUps: LookUps;
  readonly #resolution: Resolution;
  #toldFrom: ResolvedDirectory | undefined;
  #onRoster: ((roster: Roster) => void) | undefined;
  #told: Roster | undefined;
  #stopped = false;

  constructor(options: DirectoryOptions, ports: DirectoryPorts) {
    const { directory, lookUpLimits: limits } = options;
    this.#options = options;
    this.#ports = ports;
    const sources = new Sources(options, ports);
    this.#sources = sources;
    this.#resolution = new Resolution(() => sources.entries(), options.settings, ports);
    const { presence, csv, people, watchedGroups, optOutGroups } = sources;
    const persons = people && this.#atRefreshes(people);
    this.#presence = this.#inRounds(presence, { onChange: () => this.#optOutGroups?.soon() });
    this.#optOutGroups = optOutGroups && this.#inRounds(optOutGroups, { names: persons });
    this.#independent = [
      this.#presence,
      ...(csv === undefined ? [] : [this.#inRounds(csv)]),
      ...(persons === undefined ? [] : [persons]),
      ...(watchedGroups === undefined ? [] : [this.#atRefreshes(watchedGroups, persons)]),
    ];
    const ask = directory && ((text: string) => this.#ask(directory, text));
    const known = (text: string): LookUp => {
      const { index } = this.#resolution.latest();
      return { ...index.lookUp(text), age: sources.age };
    };
    this.#lookUps = new LookUps({ known, ask, ...(limits === undefined ? {} : { limits }) }, ports);
  }

  start(onRoster: (roster: Roster) => void): void {
    this.#onRoster = onRoster;
    // Failures are reported where they happen, and reading is tried again.
    const first = this.#presence.now().catch(() => {});
    void first.then(() => this.#optOutGroups?.soon());
    for (const one of this.#independent) one.now().catch(() => {});
  }

  async refresh(): Promise<void> {
    if (this.#stopped) throw new BridgeError('DIRECTORY_SOURCE', 'The directory was stopped.');
    const read = await Promise.allSettled(this.#independent.map((one) => one.now()));
    // Afterwards, since opt-out documents say which groups to read.
    const groups = await Promise.allSettled([this.#optOutGroups?.now()]);
    for (const one of [...read, ...groups]) if (one.status === 'rejected') throw one.reason;
  }

  async lookUp(text: string): Promise<LookUp> {
    await this.#resolution.upToDate();
    return this.#lookUps.lookUp(text);
  }

  report(): DirectoryReport {
    const { rows, remarks } = this.#resolution.current();
    return { rows, sources: this.#sources.report(), remarks };
  }

  counts(): DirectoryCounts {
    return { outcomes: this.#resolution.counts, sources: this.#sources.report() };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#resolution.stop();
    this.#onRoster = undefined;
    const ended = Promise.all([...this.#independent, this.#optOutGroups].map((one) => one?.stop()));
    await new Promise<void>((resolve) => {
      const cancel = this.#ports.clock.after(STOP_MS, resolve);
      void ended.then(() => {
        cancel();
        resolve();
      });
    });
    await this.#options.directory?.close().catch((error: unknown) => {
      this.#ports.log.warn('directory.close-failed', { error });
    });
  }

  #inRounds<Content>(
    source: SourceState<Content>,
    { names, onChange }: { readonly names?: Repeating | undefined; readonly onChange?: () => void } = {},
  ): Repeating {
    const { clock, random } = this.#ports;
    return new Repeating({
      clock,
      task: async () => {
        if (await this.#read(source, names)) onChange?.();
      },
      delay: (failures) => (failures === 0 ? ROUND_MS : backoffDelay(failures - 1, random.unit(), ROUND_BACKOFF)),
    });
  }

  #atRefreshes<Content>(source: SourceState<Content>, names?: Repeating): Repeating {
    const { clock, random } = this.#ports;
    const { refreshMs } = this.#options;
    const backoff = { ...REFRESH_BACKOFF, capMs: Math.min(REFRESH_BACKOFF.capMs, refreshMs) };
    return new Repeating({
      clock,
      task: async () => {
        await this.#read(source, names);
        this.#sources.forgetGroups();
        // Answers to single questions are as old as what was just read, or older.
        this.#lookUps.clear();
      },
      delay: (failures) =>
        failures === 0
          ? refreshMs * (1 + JITTER * (2 * random.unit() - 1))
          : backoffDelay(failures - 1, random.unit(), backoff),
    });
  }

  /**
   * True when something changed. Throws when the source could not be read; what else is known still gets about. `names`
   * reads who bears the names in it.
   */
  async #read<Content>(source: SourceState<Content>, names?: Repeating): Promise<boolean> {
    let isChanged = false;
    try {
      isChanged = await source.refresh();
      // Who was renamed would be nobody to a group until the Person document is read again: neither watched nor opted out.
      if (isChanged && this.#told !== undefined) await names?.afresh();
    } finally {
      if (!this.#stopped) await this.#apply(isChanged);
    }
    return isChanged;
  }

  async #apply(isChanged: boolean): Promise<void> {
    if (isChanged) {
      this.#resolution.outdate();
      this.#lookUps.clear();
    }
    if (isChanged || this.#told === undefined) await this.#tell();
  }

  async #tell(): Promise<void> {
    const sources = this.#sources;
    if (this.#told === undefined) {
      if (!sources.areTried || !sources.isSafe) return;
      if (sources.lacksPeople && !sources.lastRun.isKnown) {
        await sources.lastRun.refresh();
        this.#resolution.outdate();
      }
    }
    if (this.#onRoster === undefined) return;
    const resolved = await this.#resolution.upToDate();
    // Several sources may have waited for one result.
    if (resolved === undefined || resolved === this.#toldFrom) return;
    this.#toldFrom = resolved;
    const { roster } = resolved;
    const isSame = this.#told !== undefined && (await this.#inSlices(sameRoster(this.#told, roster)));
    // Whoever has a newer one tells that.
    if (isSame || this.#stopped || resolved !== this.#toldFrom) return;
    this.#told = roster;
    this.#ports.log.info('directory.roster', { people: roster.people.length, optedOut: roster.optedOut.size });
    this.#onRoster(roster);
  }

  #inSlices<Result>(steps: Steps<Result>): Promise<Result | undefined> {
    return inSlices(steps, this.#ports.clock, () => !this.#stopped);
  }

  /** What is known of others decides as well: a person that was just found may share an address, or be opted out. */
  async #ask(directory: Driver, text: string): Promise<Omit<LookUp, 'age'>> {
    const { sipItems, settings } = this.#options;
    const found = await findPerson(directory, text, { sipItems, maxDocuments: MAX_FOUND });
    if (found.length === 0) return { outcome: 'not-found', rows: [] };
    const sources = this.#sources;
    const origins = new Set(found.map(({ origin }) => origin));
    const steps = function* (): Steps<ResolvedDirectory> {
      const { people, groups, optOuts } = yield* sources.entries();
      const others = yield* relatedTo(
        found,
        people.filter(({ origin }) => !origins.has(origin)),
      );
      return yield* resolving({ people: [...found, ...others], groups, optOuts }, settings);
    };
    return ((await this.#inSlices(steps())) ?? this.#resolution.current()).index.lookUp(text);
  }
}
