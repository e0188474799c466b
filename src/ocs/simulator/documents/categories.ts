import { CONTAINER } from '../presence/containers.js';
import type { Person } from '../presence/person.js';
import { OFFLINE_AVAILABILITY } from '../presence/simulated-presence.js';
import { ocsTime } from './time.js';
import { escapeXml, writeXml, xml } from './xml-write.js';

export const CATEGORIES_TYPE = 'application/msrtc-event-categories+xml';

const NS = 'http://schemas.microsoft.com/2006/09/sip';
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

/** Instance of the aggregated state and of an out-of-office note. */
const AGGREGATE_INSTANCE = 1;
const OOF_INSTANCE = 0x40000000;

/** Range of numbers that servers put on a standard activity token. */
const ACTIVITY_RANGES: Readonly<Record<string, { readonly min: number; readonly max?: number }>> = {
  'on-the-phone': { min: 6500, max: 8999 },
  'in-a-meeting': { min: 6500, max: 8999 },
  'in-a-conference': { min: 7000, max: 8999 },
  'in-presentation': { min: 9000, max: 11_999 },
  'out-of-office': { min: 12_000 },
};

/** The presence document of one person with the categories a watcher asked for (MS-PRES 2.2.2.4). */
export function categoriesDocument(person: Person, container: number, names: Iterable<string>): string {
  const categories = [...names].map((name) => categoryElement(person, container, name));
  return xml('categories', { xmlns: `${NS}/categories`, uri: person.uri }, ...categories);
}

function categoryElement(person: Person, container: number, name: string): string {
  if (name === 'state') return stateCategory(person, container);
  if (container === CONTAINER.blocked) return noData(name);
  if (name === 'note') return noteCategory(person, container);
  const published = publishedCategory(person, container, name);
  if (published !== '') return published;
  return name === 'contactCard' ? contactCard(person) : noData(name);
}

/** "No data now": replaces whatever the watcher had of that category. */
function noData(name: string): string {
  return xml('category', { name });
}

function stateCategory(person: Person, container: number): string {
  const hidden = container === CONTAINER.blocked;
  const { availability, activity } = hidden ? { availability: OFFLINE_AVAILABILITY, activity: '' } : person.state();
  const lastActive = person.inactiveSince === undefined ? undefined : `${ocsTime(person.inactiveSince).slice(0, 19)}Z`;
  const attributes = { xmlns: `${NS}/state`, 'xmlns:xsi': XSI, 'xsi:type': 'aggregateState', lastActive };
  const content = [
    xml('availability', {}, String(availability)),
    activity === '' ? '' : activityElement(activity, availability),
    xml('endpointLocation', {}),
  ];
  const head = { name: 'state', instance: AGGREGATE_INSTANCE, publishTime: ocsTime(person.changedAt) };
  return xml('category', head, xml('state', attributes, ...content));
}

function activityElement(activity: string, availability: number): string {
  // COMPAT(lync2010): the wire token for our word "presenting".
  const token = activity === 'presenting' ? 'in-presentation' : activity;
  const range = ACTIVITY_RANGES[token];
  const applies = range && availability >= range.min && availability <= (range.max ?? Number.POSITIVE_INFINITY);
  return xml('activity', applies ? { token, minAvailability: range.min, maxAvailability: range.max } : { token });
}

function noteCategory(person: Person, container: number): string {
  const note = person.noteFor(container);
  if (!note) return noData('note');
  const body = xml('body', { type: note.outOfOffice ? 'OOF' : 'personal', uri: '' }, escapeXml(note.text));
  const instance = note.outOfOffice ? OOF_INSTANCE : 0;
  return xml(
    'category',
    { name: 'note', instance, publishTime: ocsTime(note.publishedAt) },
    xml('note', { xmlns: `${NS}/note` }, body),
  );
}

function publishedCategory(person: Person, container: number, name: string): string {
  const found = [...person.publications.values()].filter((publication) => publication.category === name);
  const visible = [container, CONTAINER.everyone]
    .map((id) => found.filter((publication) => publication.container === id))
    .find((publications) => publications.length > 0);
  return (visible ?? [])
    .map(({ instance, publishedAt, content }) =>
      xml('category', { name, instance, publishTime: ocsTime(publishedAt) }, content ? writeXml(content) : ''),
    )
    .join('');
}

function contactCard(person: Person): string {
  const name = xml('name', {}, xml('displayName', {}, escapeXml(person.displayName)));
  const email = xml('email', {}, escapeXml(person.uri.slice('sip:'.length)));
  const card = xml('contactCard', { xmlns: `${NS}/contactcard` }, xml('identity', {}, name, email));
  return xml('category', { name: 'contactCard', instance: 0, publishTime: ocsTime(0) }, card);
}
