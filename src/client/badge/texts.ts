import type { Activity, Status } from '../../presence/availability.js';
import type { NoStatusReason } from '../messages.js';

export type BadgeLanguage = 'en' | 'de';

/** Why a badge shows `unknown`: what the bridge says, or what became of the connection to it. */
export type UnknownReason = NoStatusReason | 'connecting' | 'unreachable' | 'refused' | 'too-many' | 'no-name';

export interface BadgeTexts {
  readonly statuses: Readonly<Record<Status, string>>;
  /** Of those that say more than the status does. */
  readonly activities: Readonly<Partial<Record<Activity, string>>>;
  readonly outOfOffice: string;
  /** `#` stands for the time. */
  readonly since: string;
  readonly reasons: Readonly<Record<UnknownReason, string>>;
}

const ENGLISH: BadgeTexts = {
  statuses: {
    available: 'Available',
    'available-idle': 'Available (inactive)',
    busy: 'Busy',
    'busy-idle': 'Busy (inactive)',
    'do-not-disturb': 'Do not disturb',
    'be-right-back': 'Be right back',
    away: 'Away',
    offline: 'Offline',
    unknown: 'Unknown',
  },
  activities: {
    'on-the-phone': 'on the phone',
    'in-a-conference': 'in a conference call',
    'in-a-meeting': 'in a meeting',
    presenting: 'presenting',
    'urgent-interruptions-only': 'urgent interruptions only',
    'out-to-lunch': 'out to lunch',
    'off-work': 'off work',
  },
  outOfOffice: 'Out of office',
  since: 'since #',
  reasons: {
    'not-found': 'the bridge watches nobody of this name',
    ambiguous: 'several people have this name',
    'not-a-name': 'this is no name',
    'bridge-standby': 'another bridge knows the statuses',
    'bridge-disconnected': 'the bridge is not signed in to the presence server',
    'not-confirmed': 'not confirmed',
    connecting: 'connecting',
    unreachable: 'the bridge cannot be reached',
    refused: 'the bridge does not allow it',
    'too-many': 'this page shows too many people',
    'no-name': 'no name is given',
  },
};

const GERMAN: BadgeTexts = {
  statuses: {
    available: 'Verfügbar',
    'available-idle': 'Verfügbar (inaktiv)',
    busy: 'Beschäftigt',
    'busy-idle': 'Beschäftigt (inaktiv)',
    'do-not-disturb': 'Nicht stören',
    'be-right-back': 'Gleich zurück',
    away: 'Abwesend',
    offline: 'Offline',
    unknown: 'Unbekannt',
  },
  activities: {
    'on-the-phone': 'am Telefon',
    'in-a-conference': 'in einer Telefonkonferenz',
    'in-a-meeting': 'in einer Besprechung',
    presenting: 'in einer Präsentation',
    'urgent-interruptions-only': 'nur dringende Unterbrechungen',
    'out-to-lunch': 'beim Mittagessen',
    'off-work': 'nicht bei der Arbeit',
  },
  outOfOffice: 'Außer Haus',
  since: 'seit #',
  reasons: {
    'not-found': 'die Bridge beobachtet niemanden dieses Namens',
    ambiguous: 'mehrere Personen haben diesen Namen',
    'not-a-name': 'das ist kein Name',
    'bridge-standby': 'eine andere Bridge kennt die Status',
    'bridge-disconnected': 'die Bridge ist nicht am Presence-Server angemeldet',
    'not-confirmed': 'nicht bestätigt',
    connecting: 'wird verbunden',
    unreachable: 'die Bridge ist nicht erreichbar',
    refused: 'die Bridge erlaubt es nicht',
    'too-many': 'diese Seite zeigt zu viele Personen',
    'no-name': 'es ist kein Name angegeben',
  },
};

export const BADGE_TEXTS: Readonly<Record<BadgeLanguage, BadgeTexts>> = { en: ENGLISH, de: GERMAN };

/** The language of a BCP 47 tag; English for all that there is no other for. */
export function badgeLanguage(tag: string): BadgeLanguage {
  return /^de(?:[-_]|$)/i.test(tag.trim()) ? 'de' : 'en';
}
