import type { NoStatusReason, PersonPresence } from '../../../client/messages.js';
import type { Status } from '../../../presence/availability.js';
import type { Vocabulary } from '../../../presence/vocabularies.js';
import type { BridgeStatus, PersonStatus } from '../../status.js';
import { wordsOf } from './query-words.js';

/** Why somebody whom the bridge knows is not confirmed. */
export type Doubt = Extract<NoStatusReason, 'bridge-standby' | 'bridge-disconnected' | 'not-confirmed'>;

/** What all who are not confirmed at a moment have in common, by the bridge's state then. */
export function doubtOf({ role, ocs }: Pick<BridgeStatus, 'role' | 'ocs'>): Doubt {
  if (role.state === 'standby') return 'bridge-standby';
  return ocs.state === 'connected' ? 'not-confirmed' : 'bridge-disconnected';
}

/**
 * One person as applications are told, in routes and streams alike; what is empty is left out. `doubt` is the reason should
 * nobody confirm the status, `words` are those of other programs that were asked for. Pure.
 */
export function personPresence(person: PersonStatus, doubt: Doubt, words: readonly Vocabulary[] = []): ToldPresence {
  const told = { ...whoOf(person), ...(isConfirmed(person) ? confirmed(person) : unconfirmed(doubt)) };
  if (words.length === 0) return told;
  const { status, activity = '', outOfOffice } = told;
  // Words are made of the answer itself, so that they never say more than it does.
  return { ...told, words: wordsOf({ status, activity, outOfOffice }, words) };
}

/** `PersonPresence` of somebody whom the bridge knows. */
export type ToldPresence = Omit<PersonPresence, 'reason'> & { readonly reason?: Doubt };

/** Whom an answer is about. */
export type Who = Pick<PersonPresence, 'address' | 'name' | 'displayName'>;

/** The status as it is told. */
export function shownStatus(person: PersonStatus): Status {
  return isConfirmed(person) ? person.status : 'unknown';
}

/** The person without a status. */
export function whoOf({ uri, name, displayName }: PersonStatus): Who {
  if (name !== undefined) return { address: uri, name };
  return { address: uri, ...(displayName === '' ? {} : { displayName }) };
}

type Told = Omit<ToldPresence, keyof Who | 'words'>;

/** Without a moment of confirmation, or a source, there is nothing behind a status. */
function isConfirmed({ source, observedAt }: PersonStatus): boolean {
  return source !== 'none' && observedAt !== undefined;
}

function confirmed({ status, source, outOfOffice, since, observedAt, ...texts }: PersonStatus): Told {
  const { activity, activityText, note } = texts;
  return {
    status,
    ...(activity === '' ? {} : { activity }),
    ...(activityText === '' ? {} : { activityText }),
    outOfOffice,
    ...(note === '' ? {} : { note }),
    ...(since === undefined ? {} : { since }),
    ...(observedAt === undefined ? {} : { observedAt }),
    source,
    confirmed: true,
  };
}

function unconfirmed(reason: Doubt): Told {
  return { status: 'unknown', outOfOffice: false, source: 'none', confirmed: false, reason };
}
