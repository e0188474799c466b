import { createHash } from 'node:crypto';
import type { Items } from '../../notes/item-value.js';
import { personItems } from '../../notes/items.js';
import type { CastMember } from '../../ocs/simulator/cast.js';
import type { Activity, Status } from '../../presence/availability.js';
import { parseNotesName, sipKeyOf } from '../../presence/ids.js';
import { unknownSnapshot } from '../../presence/snapshot.js';

/** A status that people of the sample have, and what they do. */
export interface SampleLook {
  readonly status: Status;
  readonly activity: Activity | '';
  readonly outOfOffice?: boolean;
}

/** What the sample knows of one of its people. Times in milliseconds since 1970. */
export interface SamplePerson {
  readonly member: CastMember;
  readonly look: SampleLook;
  readonly since: number | undefined;
  readonly observedAt: number;
  /** Which bridge wrote the document. */
  readonly bridge: string;
  /** False for people whom OCS knows and Domino does not. */
  readonly hasNotesName: boolean;
  readonly otherNames?: readonly string[];
  readonly note?: string;
  readonly activityText?: string;
  readonly seq: number;
}

/** Their document, as a bridge with notes turned on would write it. */
export function samplePersonItems(sample: SamplePerson): Items {
  const { member, look } = sample;
  const otherNames = (sample.otherNames ?? []).flatMap((name) => {
    const parsed = parseNotesName(name);
    return parsed.ok ? [parsed.value] : [];
  });
  return personItems(
    {
      person: {
        uri: member.uri,
        key: sipKeyOf(member.uri),
        name: sample.hasNotesName ? member.notesName : undefined,
        otherNames,
        displayName: member.displayName,
      },
      snapshot: {
        ...unknownSnapshot(member.uri, member.displayName),
        status: look.status,
        activity: look.activity,
        activityText: sample.activityText ?? '',
        outOfOffice: look.outOfOffice ?? false,
        note: sample.note ?? '',
        since: sample.since,
      },
      observedAt: sample.observedAt,
      bridge: sample.bridge,
      epoch: 3,
      seq: sample.seq,
      waitingSince: sample.observedAt,
    },
    { notes: true },
  );
}

/** A document id as Domino writes them, the same for the same name. */
export function sampleUnid(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32).toUpperCase();
}
