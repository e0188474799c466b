import type { Person } from '../presence/person.js';
import type { PublicationSlot } from '../presence/publication.js';
import { ocsTime } from './time.js';
import { attributeOf, elementsOf, type XmlElement } from './xml-tree.js';
import { writeXml, xml } from './xml-write.js';

export const ROAMING_SELF_TYPE = 'application/vnd-microsoft-roaming-self+xml';

const NS = 'http://schemas.microsoft.com/2006/09/sip';

const ROAMING_PARTS = ['categories', 'containers', 'subscribers'] as const;
export type RoamingPart = (typeof ROAMING_PARTS)[number];

/** The parts that a `roamingList` asks for; all when it names none. */
export function readRoamingList(root: XmlElement | undefined): readonly RoamingPart[] {
  const asked = root ? elementsOf(root, 'roaming').map((element) => attributeOf(element, 'type')) : [];
  const parts = ROAMING_PARTS.filter((part) => asked.includes(part));
  return parts.length > 0 ? parts : ROAMING_PARTS;
}

/** A user's own data (MS-PRES 2.2.2.3): publications with their versions, containers, watchers to be confirmed. */
export function roamingSelfDocument(person: Person, parts: readonly RoamingPart[]): string {
  const writers: Readonly<Record<RoamingPart, () => string>> = {
    categories: () => ownCategories(person),
    containers: () => containersElement(person),
    subscribers: () => subscribersElement(person),
  };
  return xml('roamingData', { xmlns: `${NS}/roaming-self` }, ...parts.map((part) => writers[part]()));
}

/**
 * The answer to a publish request. The categories named in it replace all that the client knew of that name, so every
 * publication of a touched category is listed; a slot that became empty is named without instance.
 */
export function publishedDocument(person: Person, touched: readonly PublicationSlot[]): string {
  const names = new Set(touched.map(({ category }) => category));
  const emptied = touched.filter(
    (slot) =>
      ![...person.publications.values()].some(
        ({ category, container }) => category === slot.category && container === slot.container,
      ),
  );
  const places = new Map(
    emptied.map(({ category, container }) => [`${category}/${container}`, { name: category, container }]),
  );
  const clearing = [...places.values()].map((place) => xml('category', place));
  return xml('roamingData', { xmlns: `${NS}/roaming-self` }, ownCategories(person, names, clearing));
}

function ownCategories(person: Person, names?: ReadonlySet<string>, clearing: readonly string[] = []): string {
  const listed = [...person.publications.values()].filter(({ category }) => !names || names.has(category));
  const categories = listed.map(({ category, instance, publishedAt, container, version, expireType, content }) =>
    xml(
      'category',
      { name: category, instance, publishTime: ocsTime(publishedAt), container, version, expireType },
      content ? writeXml(content) : '',
    ),
  );
  return xml('categories', { xmlns: `${NS}/categories`, uri: person.uri }, ...categories, ...clearing);
}

function containersElement(person: Person): string {
  const containers = person.containers.map(({ id, version, members }) =>
    xml(
      'container',
      { id, version },
      ...members.map(({ type, value }) => xml('member', { type, value: value || undefined })),
    ),
  );
  return xml('containers', { xmlns: `${NS}/containers` }, ...containers);
}

function subscribersElement(person: Person): string {
  const subscribers = [...person.prompts].map(([uri, displayName]) =>
    xml('subscriber', {
      user: uri.slice('sip:'.length),
      displayName,
      acknowledged: 'false',
      type: 'sameEnterprise',
    }),
  );
  return xml('subscribers', { xmlns: `${NS}/presence-subscribers` }, ...subscribers);
}
