import type { PersonPresence } from '../messages.js';
import type { Icon } from './icon-shapes.js';
import { iconOf, STATUS_ICONS } from './icons.js';
import { plainText } from './plain-text.js';
import { BADGE_TEXTS, type BadgeLanguage, type UnknownReason } from './texts.js';

/** What a badge knows: a person, or why there is none. */
export interface BadgeFacts {
  readonly presence?: PersonPresence | undefined;
  readonly reason?: UnknownReason | undefined;
}

/** What a badge shows. */
export interface Look {
  readonly icon: Icon;
  readonly outOfOffice: boolean;
  /** `Busy, on the phone. Out of office`. */
  readonly text: string;
  /** With the person's name, for those who do not see the icon. */
  readonly label: string;
  /** All that is known, for a tooltip. */
  readonly title: string;
}

/** Pure. `time` writes a moment (ms since 1970) for people. */
export function lookOf(facts: BadgeFacts, language: BadgeLanguage, time: (at: number) => string): Look {
  const texts = BADGE_TEXTS[language];
  const { presence } = facts;
  if (presence === undefined || presence.status === 'unknown') {
    const text = texts.statuses.unknown;
    const reason = texts.reasons[facts.reason ?? presence?.reason ?? 'not-confirmed'] ?? texts.reasons['not-confirmed'];
    const label = named(presence, `${text} (${reason})`);
    return { icon: STATUS_ICONS.unknown, outOfOffice: false, text, label, title: label };
  }
  const { status, activity, outOfOffice, since, note = '', activityText = '' } = presence;
  const doing = activity === undefined ? undefined : texts.activities[activity];
  const words = doing === undefined ? texts.statuses[status] : `${texts.statuses[status]}, ${doing}`;
  const text = outOfOffice ? `${words}. ${texts.outOfOffice}` : words;
  const label = named(presence, text);
  const begun = since === undefined ? '' : texts.since.replace('#', () => time(since));
  const title = [label, begun, plainText(activityText), plainText(note)].filter((part) => part !== '').join(' · ');
  return { icon: iconOf(status, activity), outOfOffice, text, label, title };
}

function named(presence: PersonPresence | undefined, text: string): string {
  const name = presence === undefined ? '' : plainText(shownName(presence));
  return name === '' ? text : `${name}: ${text}`;
}

function shownName({ name, displayName, address }: PersonPresence): string {
  const common = name === undefined ? undefined : /^CN=([^/]+)/i.exec(name)?.[1];
  return common ?? name ?? displayName ?? address.replace(/^sips?:/, '');
}
