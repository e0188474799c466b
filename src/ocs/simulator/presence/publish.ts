import type { Person } from './person.js';
import { type Publication, type PublicationRequest, slotKey } from './publication.js';

/** A publication whose version is not the stored one. */
export interface VersionConflict {
  /** Position in the request, counted from 1. */
  readonly index: number;
  readonly version: number;
  readonly curVersion: number;
}

export type PublishOutcome =
  | { readonly kind: 'published'; readonly categories: ReadonlySet<string> }
  | { readonly kind: 'conflict'; readonly conflicts: readonly VersionConflict[] }
  | { readonly kind: 'full' };

export interface Publisher {
  readonly endpoint: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Most publications that one person may have. */
  readonly capacity: number;
}

/**
 * Applies a publish request to a person: all of it or nothing (MS-PRES 3.2.5.3). Each entry must name the version that
 * is stored, 0 when there is none.
 */
export function publish(person: Person, requests: readonly PublicationRequest[], by: Publisher): PublishOutcome {
  const conflicts = requests.flatMap((request, at): VersionConflict[] => {
    const curVersion = person.publications.get(slotKey(request))?.version ?? 0;
    return request.version === curVersion ? [] : [{ index: at + 1, version: request.version, curVersion }];
  });
  if (conflicts.length > 0) return { kind: 'conflict', conflicts };
  const added = requests.filter((request) => request.expires !== 0 && !person.publications.has(slotKey(request)));
  if (person.publications.size + added.length > by.capacity) return { kind: 'full' };
  for (const request of requests) apply(person, request, by);
  return { kind: 'published', categories: new Set(requests.map(({ category }) => category)) };
}

function apply(person: Person, request: PublicationRequest, by: Publisher): void {
  const key = slotKey(request);
  if (request.expires === 0) {
    person.publications.delete(key);
    return;
  }
  const timed = request.expireType === 'time';
  const publication: Publication = {
    category: request.category,
    instance: request.instance,
    container: request.container,
    version: request.version + 1,
    expireType: request.expireType,
    endpoint: by.endpoint,
    publishedAt: Math.max(by.now, person.publications.get(key)?.publishedAt ?? 0),
    expiresAt: timed && request.expires !== undefined ? by.now + request.expires * 1000 : undefined,
    content: request.content,
  };
  person.publications.set(key, publication);
}

/** Removes what dies with an endpoint that is gone, and with the last endpoint. Returns the categories concerned. */
export function dropEndpoint(person: Person, endpoint: string): ReadonlySet<string> {
  return dropWhere(person, (publication) => {
    const own = publication.expireType === 'endpoint' && publication.endpoint === endpoint;
    return own || (publication.expireType === 'user' && person.endpoints === 0);
  });
}

/** Removes publications whose time is over. Returns the categories concerned. */
export function dropExpired(person: Person, now: number): ReadonlySet<string> {
  return dropWhere(person, ({ expiresAt }) => expiresAt !== undefined && expiresAt <= now);
}

function dropWhere(person: Person, condition: (publication: Publication) => boolean): ReadonlySet<string> {
  const categories = new Set<string>();
  for (const [key, publication] of person.publications) {
    if (!condition(publication)) continue;
    person.publications.delete(key);
    categories.add(publication.category);
  }
  return categories;
}
