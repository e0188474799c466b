import {
  CONSENT_ITEMS,
  FORMS,
  HOST_FIELDS,
  LEASE_ITEMS,
  MAPPING_ITEMS,
  OPT_OUT_ITEMS,
  PROFILE_FORM,
  PROFILE_ITEMS,
  PUSH_TARGET_FORM,
  PUSH_TARGET_ITEMS,
  SCHEMA_VERSION,
} from '../../notes/fields.js';
import { heartbeatItems } from '../../notes/heartbeat-items.js';
import { momentItem, namesItem } from '../../notes/item-access.js';
import type { Items } from '../../notes/item-value.js';
import type { Status } from '../../presence/availability.js';
import { profileId } from './profile-id.js';
import { type SamplePerson, sampleUnid } from './sample-person.js';
import { APPLICATION_DATABASE } from './sample-servers.js';

type SampleDocument = readonly [unid: string, items: Items];

/** One bridge signs on at the usual interval, another has gone silent. */
export const SAMPLE_BRIDGES = { connected: 'presence-01', silent: 'presence-02' } as const;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const INTERVAL = MINUTE;
const SILENT_FOR = 47 * MINUTE;
const VERSION = '1.0.0';

/** Signs of life of both bridges; `peopleOf` gives those whom a bridge writes. */
export function heartbeatDocuments(
  now: number,
  peopleOf: (bridge: string) => readonly SamplePerson[],
): SampleDocument[] {
  return Object.values(SAMPLE_BRIDGES).map((bridge): SampleDocument => {
    const people = peopleOf(bridge);
    const count = (...statuses: readonly Status[]): number =>
      people.filter(({ look }) => statuses.includes(look.status)).length;
    const items = heartbeatItems({
      bridge,
      epoch: 3,
      version: VERSION,
      connected: true,
      writtenAt: bridge === SAMPLE_BRIDGES.silent ? now - SILENT_FOR : now,
      interval: INTERVAL,
      ocs: { state: 'connected', since: now - 26 * HOUR },
      notes: { state: 'connected', since: now - 26 * HOUR },
      people: people.length,
      reachable: count('available', 'available-idle'),
      unknown: count('unknown'),
    });
    return [sampleUnid(`heartbeat of ${bridge}`), items];
  });
}

/** Documents that administrators and users make: mapping, opt-out, consent, push target; and the lease of the bridges. */
export function settingsDocuments(now: number, people: readonly SamplePerson[]): SampleDocument[] {
  const [first, second, third] = people.slice(8).map(({ member }) => member);
  if (!first || !second || !third) return [];
  return [
    [
      sampleUnid('lease'),
      {
        [LEASE_ITEMS.form]: FORMS.lease,
        [LEASE_ITEMS.bridge]: SAMPLE_BRIDGES.connected,
        [LEASE_ITEMS.holder]: 'b3f1c2d4e5a697081f2e3d4c5b6a7988',
        [LEASE_ITEMS.holderName]: 'domino1.contoso.example',
        [LEASE_ITEMS.epoch]: 3,
        [LEASE_ITEMS.renewals]: 1_560,
        [LEASE_ITEMS.duration]: 90,
        [LEASE_ITEMS.renewedAt]: momentItem(now),
        [LEASE_ITEMS.schemaVersion]: SCHEMA_VERSION,
      },
    ],
    [
      sampleUnid('mapping'),
      {
        [MAPPING_ITEMS.form]: FORMS.mapping,
        [MAPPING_ITEMS.name]: namesItem(first.notesName),
        [MAPPING_ITEMS.address]: first.uri,
        [MAPPING_ITEMS.displayName]: '',
      },
    ],
    [
      sampleUnid('mapping of somebody without a Notes name'),
      {
        [MAPPING_ITEMS.form]: FORMS.mapping,
        [MAPPING_ITEMS.name]: namesItem('CN=Reception/O=Contoso'),
        [MAPPING_ITEMS.address]: 'sip:front.desk@contoso.example',
        [MAPPING_ITEMS.displayName]: 'Front desk',
      },
    ],
    [
      sampleUnid('opt-out'),
      {
        [OPT_OUT_ITEMS.form]: FORMS.optOut,
        [OPT_OUT_ITEMS.names]: namesItem(['CN=Works Council/O=Contoso', second.notesName]),
        [OPT_OUT_ITEMS.addresses]: ['sip:hotline@contoso.example'],
      },
    ],
    [
      sampleUnid('consent'),
      {
        [CONSENT_ITEMS.form]: FORMS.consent,
        [CONSENT_ITEMS.names]: namesItem(third.notesName),
        [CONSENT_ITEMS.applications]: ['calendar', 'telephone'],
      },
    ],
    [sampleUnid('push target'), pushTarget(APPLICATION_DATABASE.file, 'Contacts', HOST_FIELDS.person, '1')],
    [sampleUnid('push target that rests'), pushTarget('apps\\helpdesk.nsf', '(OpenTickets)', 'Owner', '')],
    [
      profileId(PROFILE_FORM),
      {
        [PROFILE_ITEMS.form]: PROFILE_FORM,
        [PROFILE_ITEMS.chatScheme]: 'im',
        [PROFILE_ITEMS.contact]: 'helpdesk@contoso.example',
      },
    ],
  ];
}

function pushTarget(file: string, view: string, nameItem: string, active: '1' | ''): Items {
  return {
    [PUSH_TARGET_ITEMS.form]: PUSH_TARGET_FORM,
    [PUSH_TARGET_ITEMS.server]: APPLICATION_DATABASE.server,
    [PUSH_TARGET_ITEMS.file]: file,
    [PUSH_TARGET_ITEMS.view]: view,
    [PUSH_TARGET_ITEMS.nameItem]: nameItem,
    [PUSH_TARGET_ITEMS.prefix]: 'Presence',
    [PUSH_TARGET_ITEMS.active]: active,
  };
}
