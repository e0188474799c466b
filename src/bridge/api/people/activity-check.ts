import type { Activity } from '../../../presence/availability.js';
import { BridgeError } from '../../../presence/errors.js';
import type { OwnStatusWord } from '../../ports.js';

const ENGAGED = ['busy', 'do-not-disturb'] as const;

/** Statuses with which an activity makes sense. Clients show an activity in place of its status, so it must not belie it. */
const GOES_WITH: Readonly<Record<Activity, readonly OwnStatusWord[]>> = {
  'on-the-phone': ENGAGED,
  'in-a-conference': ENGAGED,
  'in-a-meeting': ENGAGED,
  presenting: ENGAGED,
  'urgent-interruptions-only': ENGAGED,
  'be-right-back': ['be-right-back', 'away'],
  away: ['be-right-back', 'away'],
  'out-to-lunch': ['be-right-back', 'away'],
  'off-work': ['away', 'offline'],
  'out-of-office': ['away', 'offline'],
};

/** Throws `API_BAD_REQUEST` for an activity that belies the status, saying with what it goes. */
export function checkActivity(status: OwnStatusWord, activity: Activity | undefined): void {
  if (activity === undefined || GOES_WITH[activity].includes(status)) return;
  const words = GOES_WITH[activity].map((word) => `"${word}"`).join(' or ');
  throw new BridgeError(
    'API_BAD_REQUEST',
    `activity: "${activity}" goes with the status ${words}, not with "${status}"`,
  );
}
