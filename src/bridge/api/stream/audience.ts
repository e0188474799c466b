import type { SipKey } from '../../../presence/ids.js';
import type { Clock } from '../../ports.js';
import type { BridgeStatus, PersonStatus } from '../../status.js';
import type { ViewFeed } from '../../view-ports.js';
import type { Grant } from '../access/grant.js';
import { narrowStatus } from '../access/narrow-status.js';
import type { FilteredPerson } from '../access/person-filter.js';
import { Frame, frameOf } from './frame.js';
import { linksMessage, type RowsMessage, rowsMessage, statusMessage, viewMessage } from './protocol.js';

/** Whose documents the rows of views are. */
export interface RowOwners {
  /** `undefined` for somebody who is not watched: no token with a person filter sees such a row. */
  person(key: SipKey): FilteredPerson | undefined;
  /** Another number whenever `person` may answer otherwise. */
  revision(): number;
}

export interface AudienceOptions {
  readonly status: () => BridgeStatus;
  readonly people: () => readonly PersonStatus[];
  readonly owners?: RowOwners | undefined;
  readonly views: ViewFeed;
  readonly clock: Clock;
  /** A status is told after this time even when nothing changed, milliseconds. */
  readonly statusEvery: number;
  /** How long statuses of people may be shown when nothing more is heard, milliseconds. */
  readonly freshMs: number;
}

/** `all`: the whole status, with every number; `links`: who writes and how both sides are, which followers of people need. */
export type StatusInterest = 'all' | 'links';

const MESSAGES = { all: statusMessage, links: linksMessage } as const;

interface Told {
  readonly text: string;
  readonly at: number;
}

/**
 * What all streams whose tokens see the same people get. Each message is made and serialised once for all of them. Of
 * people outside of the filter it holds neither rows, nor numbers, nor that something about them changed.
 */
export class Audience {
  readonly #grant: Grant;
  readonly #options: AudienceOptions;
  readonly #views: ViewFeed;
  /** Serialised views as they are now; emptied by every change. */
  readonly #snapshots = new Map<string, Frame>();
  /** Rows that readers of a view have, where not everybody has all. */
  readonly #shown = new Map<string, ReadonlySet<string>>();
  /** Answers of the filter by key, as of one roster. */
  #seen = new Map<string, boolean>();
  #revision: number | undefined;
  readonly #told = new Map<StatusInterest, Told>();

  constructor(grant: Grant, options: AudienceOptions) {
    const { views } = options;
    this.#grant = grant;
    this.#options = options;
    this.#views = grant.filter.everybody
      ? views
      : Object.assign(Object.create(views) as ViewFeed, {
          rows: (view: string) => views.rows(view).filter(({ id }) => this.#sees(id)),
        });
    this.#revision = options.owners?.revision();
  }

  /** True when some people are outside of the filter. */
  get isNarrow(): boolean {
    return !this.#grant.filter.everybody;
  }

  /** The state of the bridge now. */
  status(interest: StatusInterest): Frame {
    return this.#statusFrame(this.#status(), interest);
  }

  /** The same when it changed since it was told or was not told for long, else nothing. */
  statusNews(interest: StatusInterest): readonly Frame[] {
    const { clock, statusEvery } = this.#options;
    const current = this.#status();
    const text = MESSAGES[interest](current, { now: 0, freshUntil: 0 });
    const told = this.#told.get(interest);
    const now = clock.monotonic();
    if (told !== undefined && told.text === text && now - told.at < statusEvery) return [];
    this.#told.set(interest, { text, at: now });
    return [this.#statusFrame(current, interest)];
  }

  /** A whole view as it is now; `undefined` when there is no such view. */
  view(view: string): Frame | undefined {
    const known = this.#snapshots.get(view);
    if (known) return known;
    const message = viewMessage(this.#views, view);
    if (message === undefined) return undefined;
    const snapshot = frameOf(message);
    this.#snapshots.set(view, snapshot);
    if (!this.#grant.filter.everybody) this.#shown.set(view, idsOf(message.rows));
    return snapshot;
  }

  /** What became of these rows in a view; `undefined` when its readers need not hear of it. */
  rows(view: string, changed: ReadonlySet<string>): Frame | undefined {
    if (changed.size === 0) return undefined;
    if (this.#grant.filter.everybody) return frameOfAny(rowsMessage(this.#views, view, changed));
    const shown = this.#shown.get(view) ?? new Set();
    const heard = new Set([...changed].filter((id) => shown.has(id) || this.#sees(id)));
    if (heard.size === 0) return undefined;
    this.#shown.set(view, idsOf(this.#views.rows(view)));
    return frameOfAny(rowsMessage(this.#views, view, heard));
  }

  /** Rows changed: what was serialised does not hold any more. */
  forget(): void {
    this.#snapshots.clear();
  }

  /** Views of which readers must get the whole, because since the last call the roster made other rows visible. */
  moved(): ReadonlySet<string> {
    const revision = this.#options.owners?.revision();
    if (this.#grant.filter.everybody || revision === this.#revision) return new Set();
    this.#revision = revision;
    this.#seen = new Map();
    this.#snapshots.clear();
    const moved = [...this.#shown].filter(([view, shown]) => !sameIds(shown, idsOf(this.#views.rows(view))));
    return new Set(moved.map(([view]) => view));
  }

  #statusFrame(status: BridgeStatus, interest: StatusInterest): Frame {
    const { clock, freshMs } = this.#options;
    const now = clock.now();
    return new Frame('status', MESSAGES[interest](status, { now, freshUntil: now + freshMs }));
  }

  #status(): BridgeStatus {
    const { status, people } = this.#options;
    return narrowStatus(status(), people, this.#grant);
  }

  /** A row's id is the key of its person. */
  #sees(id: string): boolean {
    const { owners } = this.#options;
    // A roster that is newer than the answers: they are sought anew, `moved` tells the readers.
    if (owners?.revision() !== this.#revision) return this.#asks(id);
    const known = this.#seen.get(id);
    if (known !== undefined) return known;
    const sees = this.#asks(id);
    this.#seen.set(id, sees);
    return sees;
  }

  #asks(id: string): boolean {
    const person = this.#options.owners?.person(id as SipKey);
    return person !== undefined && this.#grant.sees(person);
  }
}

function idsOf(rows: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(rows.map(({ id }) => id));
}

function sameIds(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((id) => other.has(id));
}

function frameOfAny(message: RowsMessage | undefined): Frame | undefined {
  return message && frameOf(message);
}
