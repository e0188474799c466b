import type { OwnStatus } from '../../bridge/ports.js';
import type { MemberAddition } from '../documents/container-members-write.js';
import type { PublicationSlot, PublicationWrite, PublishedContent } from '../documents/publish-write.js';
import type { Epid } from './endpoint.js';
import type { PublisherState, SeenPublication } from './publisher-words.js';

/** What the server aggregates, for strangers and for the team (MS-PRES, aggregation containers). */
const STATE_CONTAINERS = [2, 3];
/** Company, team, personal. */
const NOTE_CONTAINERS = [200, 300, 400];
const COMPANY = 200;
const PUBLIC = 100;
/** The user's own choice has one place for all endpoints. */
const USER_STATE_INSTANCE = 0x20000000;
const MACHINE_STATE_BITS = 0x30000000;
const NOTE_INSTANCE = 0;

export function endpointNumber(epid: Epid): number {
  const digits = /^[0-9a-f]{1,8}/i.exec(epid)?.[0] ?? '0';
  return Number.parseInt(digits, 16);
}

export function slotKey({ category, instance, container }: PublicationSlot): string {
  return `${category}/${instance}/${container}`;
}

function machineInstance(endpoint: number): number {
  return ((endpoint >>> 4) | MACHINE_STATE_BITS) >>> 0;
}

type Place = PublicationSlot & { readonly content: PublishedContent };

/** Publications that together say `status`. */
function placesOf(endpoint: number, status: OwnStatus): readonly Place[] {
  const places: Place[] = [];
  for (const container of STATE_CONTAINERS) {
    // Without a machine of its own an endpoint may count as not there, and the user's choice with it (MS-PRES,
    // aggregation of machine states).
    places.push({
      category: 'state',
      instance: machineInstance(endpoint),
      container,
      content: { kind: 'machineState' },
    });
    const { activity, activityText = '' } = status;
    const content = { kind: 'userState', status: status.status, activity, activityText } as const;
    places.push({ category: 'state', instance: USER_STATE_INSTANCE, container, content });
  }
  if (status.note === undefined || status.note === '') return places;
  for (const container of NOTE_CONTAINERS) {
    places.push({
      category: 'note',
      instance: NOTE_INSTANCE,
      container,
      content: { kind: 'note', text: status.note },
    });
  }
  return places;
}

/** Every slot that we may ever fill. */
function slotsOf(endpoint: number): readonly PublicationSlot[] {
  return placesOf(endpoint, { status: 'available', note: '-' });
}

/** What must be published so that the server says what is wanted: nothing that it says already. */
export function writesFor({ endpoint, wanted, versions, ours }: PublisherState): readonly PublicationWrite[] {
  const places = wanted === undefined ? [] : placesOf(endpoint, wanted);
  const written = places.flatMap(({ content, ...slot }): PublicationWrite[] => {
    const key = slotKey(slot);
    const version = versions.get(key) ?? 0;
    const known = ours.get(key);
    const stands = known?.versions.length === 1 && known.versions[0] === version;
    return stands && known.content === JSON.stringify(content) ? [] : [{ ...slot, version, content }];
  });
  const kept = new Set(places.map(slotKey));
  // What another client has replaced meanwhile is not ours to take away.
  const removed = slotsOf(endpoint).flatMap((slot): PublicationWrite[] => {
    const key = slotKey(slot);
    const version = versions.get(key);
    if (kept.has(key) || version === undefined || !ours.get(key)?.versions.includes(version)) return [];
    return [{ ...slot, version, content: undefined }];
  });
  return [...written, ...removed];
}

/**
 * What a run before ours left behind: only if our own machine is still there, and of the places that all endpoints share
 * only what dies with an endpoint, as nobody else publishes it.
 */
export function leftBehind(endpoint: number, seen: readonly SeenPublication[]): readonly PublicationSlot[] {
  const machine = machineInstance(endpoint);
  const slots = new Map(slotsOf(endpoint).map((slot) => [slotKey(slot), slot]));
  const found = seen.flatMap(({ category, instance, container, version, expireType }) => {
    const slot = slots.get(`${category}/${instance}/${container}`);
    return slot === undefined || version === undefined ? [] : [{ slot, expireType }];
  });
  if (!found.some(({ slot }) => slot.instance === machine)) return [];
  return found
    .filter(({ slot, expireType }) => slot.instance === machine || expireType === 'endpoint')
    .map(({ slot }) => slot);
}

/**
 * COMPAT(ocs2007): until the containers have members nobody sees anything of a new account; desktop clients add these
 * two at their first sign-in when neither is there.
 */
export function missingMembers({ containers }: PublisherState): readonly MemberAddition[] {
  if (containers === undefined) return [];
  const has = (id: number, type: string): boolean =>
    containers.some((container) => container.id === id && container.memberTypes.includes(type));
  if (has(COMPANY, 'sameEnterprise') || has(PUBLIC, 'federated')) return [];
  const version = (id: number): number => containers.find((container) => container.id === id)?.version ?? 0;
  return [
    { container: COMPANY, version: version(COMPANY), type: 'sameEnterprise' },
    { container: PUBLIC, version: version(PUBLIC), type: 'federated' },
  ];
}
