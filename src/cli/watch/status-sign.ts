import type { Activity, Status } from '../../presence/availability.js';

export type SignColour = 'green' | 'red' | 'yellow' | 'gray' | 'magenta';

/** A sign that is one column wide in terminals, and its colour. */
export type StatusSign = readonly [sign: string, colour: SignColour];

/** Apart by shape as well as by colour, so that they can be told without the other. */
const SIGNS: Readonly<Record<Status, StatusSign>> = {
  available: ['●', 'green'],
  'available-idle': ['◐', 'green'],
  busy: ['■', 'red'],
  'busy-idle': ['◧', 'red'],
  'do-not-disturb': ['⊖', 'magenta'],
  'be-right-back': ['◔', 'yellow'],
  away: ['◷', 'yellow'],
  offline: ['○', 'gray'],
  unknown: ['?', 'gray'],
};

/** Activities that have a sign of their own beside certain statuses. */
const OF_ACTIVITY: Partial<Record<Status, Partial<Record<Activity, string>>>> = {
  busy: { 'on-the-phone': '☏', 'in-a-conference': '☏', 'in-a-meeting': '▦' },
  'do-not-disturb': { presenting: '▣' },
};

export function signOf(status: Status, activity?: Activity): StatusSign {
  const [sign, colour] = SIGNS[status];
  return [(activity && OF_ACTIVITY[status]?.[activity]) ?? sign, colour];
}
