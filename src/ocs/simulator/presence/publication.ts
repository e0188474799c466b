import type { XmlElement } from '../documents/xml-tree.js';

/** How long a publication lives (MS-PRES 2.2.2.5): on its own, with the endpoint, with the last endpoint, or for a time. */
export const EXPIRE_TYPES = ['static', 'endpoint', 'user', 'time'] as const;
export type ExpireType = (typeof EXPIRE_TYPES)[number];

/** Names the slot that a publication fills. */
export interface PublicationSlot {
  readonly category: string;
  readonly instance: number;
  readonly container: number;
}

export interface Publication extends PublicationSlot {
  /** Grows by one with each change; a publisher must name the version it replaces. */
  readonly version: number;
  readonly expireType: ExpireType;
  /** Endpoint that published it. */
  readonly endpoint: string;
  /** Milliseconds since 1970. */
  readonly publishedAt: number;
  /** End of a `time` publication, milliseconds since 1970. */
  readonly expiresAt: number | undefined;
  readonly content: XmlElement | undefined;
}

/** One entry of a SERVICE publish request. */
export interface PublicationRequest extends PublicationSlot {
  readonly version: number;
  readonly expireType: ExpireType;
  /** Seconds; 0 removes the publication. */
  readonly expires: number | undefined;
  readonly content: XmlElement | undefined;
}

export function slotKey(slot: PublicationSlot): string {
  return `${slot.category}/${slot.instance}/${slot.container}`;
}
