import { heartbeatItems } from '../../src/notes/heartbeat-items.js';
import type { Items } from '../../src/notes/item-value.js';
import { personItems } from '../../src/notes/items.js';
import { sipKeyOf } from '../../src/presence/ids.js';
import type { Snapshot } from '../../src/presence/snapshot.js';
import { unknownSnapshot } from '../../src/presence/snapshot.js';
import { notesName, sip } from './people.js';

/** Monday, 2026-01-05 10:00 UTC. */
export const TEN_O_CLOCK = Date.UTC(2026, 0, 5, 10);

export interface PersonInput extends Partial<Pick<Snapshot, 'status' | 'activity' | 'outOfOffice' | 'since'>> {
  readonly address: string;
  readonly name?: string;
  readonly otherNames?: readonly string[];
  readonly mailAddresses?: readonly string[];
  readonly observedAt?: number;
  readonly bridge?: string;
}

/** Items of a person's document as a bridge writes them. */
export function personDocument(input: PersonInput): Items {
  const { address, name, otherNames = [], mailAddresses = [], observedAt = TEN_O_CLOCK - 3_600_000, ...rest } = input;
  const { bridge = 'bridge', ...change } = rest;
  const uri = sip(address);
  return personItems(
    {
      person: {
        uri,
        key: sipKeyOf(uri),
        name: name === undefined ? undefined : notesName(name),
        otherNames: otherNames.map(notesName),
        mailAddresses,
        displayName: '',
      },
      snapshot: { ...unknownSnapshot(uri), status: 'available', since: TEN_O_CLOCK - 3_600_000, ...change },
      observedAt,
      bridge,
      epoch: 1,
      seq: 1,
      waitingSince: observedAt,
    },
    { notes: false },
  );
}

export interface BeatInput {
  readonly bridge?: string;
  readonly writtenAt?: number;
  readonly connected?: boolean;
}

/** Items of a heartbeat that came ten seconds before ten, unless said otherwise. */
export function beatDocument({
  bridge = 'bridge',
  writtenAt = TEN_O_CLOCK - 10_000,
  connected = true,
}: BeatInput = {}): Items {
  const link = { state: 'connected', since: writtenAt } as const;
  const counts = { people: 1, reachable: 1, unknown: 0 };
  return heartbeatItems({
    ...{ bridge, writtenAt, connected, interval: 30_000, epoch: 1, version: '1.0.0' },
    ...{ ocs: link, notes: link },
    ...counts,
  });
}
