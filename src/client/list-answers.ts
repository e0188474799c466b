import type { Status } from '../presence/availability.js';
import type { ListRule } from './answers.js';
import type { PersonPresence } from './messages.js';

/** Person of a list, with the key of the person's document in Notes (`SipKey`). */
export type ListMember = PersonPresence & { readonly key: string };

/** People who can be asked for and followed together. */
export interface ListHead {
  /** `everybody`, `group:Sales`, or as configured. */
  readonly id: string;
  readonly title: string;
  readonly kind: 'everybody' | 'group' | 'list';
  /** Members whom the token may know of. */
  readonly people: number;
  /** The one entry that shows the list, where it has one. `rule`: how its status is made from the members'. */
  readonly entry?: ListMember & { readonly rule: ListRule };
}

export interface ListsAnswer {
  readonly at: number;
  readonly freshUntil: number;
  readonly lists: readonly (ListHead & { readonly counts: Readonly<Record<Status, number>> })[];
}

export interface ListAnswer extends ListHead {
  readonly at: number;
  readonly freshUntil: number;
  /** In the order of the list. */
  readonly members: readonly ListMember[];
}
