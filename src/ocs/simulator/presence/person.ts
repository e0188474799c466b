import type { SipUri } from '../../../presence/ids.js';
import { attributeOf, elementAt, textOf, type XmlElement } from '../documents/xml-tree.js';
import { type AggregateState, aggregate } from './aggregate.js';
import { AGGREGATION_INPUT, CONTAINER, type Container } from './containers.js';
import type { Publication } from './publication.js';
import { OFFLINE_AVAILABILITY, type SimulatedPresence } from './simulated-presence.js';
import { type PublishedState, readState } from './state-publication.js';

export interface PersonNote {
  readonly text: string;
  readonly outOfOffice: boolean;
  readonly publishedAt: number;
}

/** Availability from which somebody is not at work on the machine; watchers are told since when. */
const INACTIVE_RANGES = [
  [4500, 5999],
  [7500, 8999],
  [12_000, Number.POSITIVE_INFINITY],
] as const;

/** What the server knows about one person. Changed only by `PresenceStore`. */
export class Person {
  readonly uri: SipUri;
  readonly publications = new Map<string, Publication>();
  containers: readonly Container[] = [];
  /** Watchers who just added this person, and whom the person's own clients have not confirmed yet. */
  readonly prompts = new Map<SipUri, string>();
  /** Watchers whom the person's clients have confirmed; they are not announced again. */
  readonly confirmed = new Set<SipUri>();
  /** Watchers about whom this person has not decided: they see nothing yet. */
  readonly undecided = new Set<SipUri>();
  /** `userInfo` of the last setPresence of an LCS 2005 client. */
  userInfo: XmlElement | undefined;
  /** Endpoints that are signed in. */
  endpoints = 0;
  /** Presence set from outside for somebody without a client, and when. */
  assigned: { readonly presence: SimulatedPresence; readonly at: number } | undefined;
  /** When the aggregated state last changed, milliseconds since 1970. */
  changedAt: number;
  /** Since when nobody is active, milliseconds since 1970; `undefined` while somebody is. */
  inactiveSince: number | undefined;
  readonly #displayName: string;

  constructor(uri: SipUri, displayName: string, now: number) {
    this.uri = uri;
    this.#displayName = displayName;
    this.changedAt = now;
    this.inactiveSince = now;
  }

  get displayName(): string {
    return this.assigned?.presence.displayName ?? this.#displayName;
  }

  /** The aggregated state: from the clients while one is signed in, otherwise as set from outside. */
  state(): AggregateState {
    if (this.endpoints > 0) return aggregate(this.#publishedStates(), this.endpoints);
    return this.assigned?.presence ?? { availability: OFFLINE_AVAILABILITY, activity: '' };
  }

  /** The newest note that watchers in this container see. */
  note(container: number): PersonNote | undefined {
    const notes = [...this.publications.values()]
      .filter((publication) => publication.category === 'note' && publication.container === container)
      .flatMap((publication) => readNote(publication) ?? []);
    const assigned = this.#assignedNote();
    return [...(assigned ? [assigned] : []), ...notes].reduce<PersonNote | undefined>(
      (newest, note) => (!newest || note.publishedAt >= newest.publishedAt ? note : newest),
      undefined,
    );
  }

  /** The note for watchers of this container: what is published for it, otherwise what all colleagues see. */
  noteFor(container: number): PersonNote | undefined {
    return this.note(container) ?? (container > CONTAINER.company ? this.note(CONTAINER.company) : undefined);
  }

  /** Everything together, as a colleague sees it. */
  presence(): SimulatedPresence {
    const { availability, activity } = this.state();
    const note = this.note(CONTAINER.company);
    return {
      availability,
      activity,
      note: note?.text ?? '',
      outOfOffice: (note?.outOfOffice ?? false) || activity === 'out-of-office',
      displayName: this.displayName,
    };
  }

  /** To be called when the aggregated state became another one. */
  stateChanged(now: number): void {
    const { availability } = this.state();
    const inactive = INACTIVE_RANGES.some(([low, high]) => availability >= low && availability <= high);
    this.changedAt = Math.max(now, this.changedAt);
    this.inactiveSince = inactive ? (this.inactiveSince ?? this.changedAt) : undefined;
  }

  #publishedStates(): readonly PublishedState[] {
    return [...this.publications.values()]
      .filter(({ category, container }) => category === 'state' && container === AGGREGATION_INPUT)
      .flatMap((publication) => readState(publication) ?? []);
  }

  #assignedNote(): PersonNote | undefined {
    if (!this.assigned || this.endpoints > 0) return undefined;
    const { note, outOfOffice } = this.assigned.presence;
    return note === '' && !outOfOffice ? undefined : { text: note, outOfOffice, publishedAt: this.assigned.at };
  }
}

function readNote(publication: Publication): PersonNote | undefined {
  const body = publication.content && elementAt(publication.content, 'body');
  if (!body) return undefined;
  return { text: textOf(body), outOfOffice: attributeOf(body, 'type') === 'OOF', publishedAt: publication.publishedAt };
}
