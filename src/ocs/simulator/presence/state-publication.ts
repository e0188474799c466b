import { attributeOf, elementAt, textOf, type XmlElement } from '../documents/xml-tree.js';
import type { Publication } from './publication.js';

export const STATE_KINDS = ['userState', 'machineState', 'calendarState', 'phoneState'] as const;
export type StateKind = (typeof STATE_KINDS)[number];

/** What one `state` publication says. */
export interface PublishedState {
  readonly kind: StateKind;
  readonly availability: number;
  /** Activity token, or empty. */
  readonly activity: string;
  readonly publishedAt: number;
}

/** Availability that a client publishes to say "no opinion" (MS-PRES, userState). */
const UNSET = 0;

/** Reads the `state` element of a publication; `undefined` for kinds that do not count and for unset numbers. */
export function readState(publication: Publication): PublishedState | undefined {
  const state = publication.content;
  if (!state) return undefined;
  const kind = kindOf(state);
  const availability = Number(textOf(elementAt(state, 'availability')));
  if (!kind || !Number.isInteger(availability) || availability <= UNSET) return undefined;
  const activity = elementAt(state, 'activity');
  const token = activity && appliesAt(activity, availability) ? attributeOf(activity, 'token') : undefined;
  return { kind, availability, activity: token ?? '', publishedAt: publication.publishedAt };
}

/** The `xsi:type` attribute, whose value may carry a prefix. */
function kindOf(state: XmlElement): StateKind | undefined {
  const type = attributeOf(state, 'type')?.replace(/^.*:/, '');
  return STATE_KINDS.find((kind) => kind === type);
}

function appliesAt(activity: XmlElement, availability: number): boolean {
  const min = Number(attributeOf(activity, 'minAvailability') ?? 0);
  const max = Number(attributeOf(activity, 'maxAvailability') ?? Number.POSITIVE_INFINITY);
  return availability >= min && availability <= max;
}
