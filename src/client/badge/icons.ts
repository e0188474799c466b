import type { Activity, Status } from '../../presence/availability.js';
import type { Icon } from './icon-shapes.js';

/** The icons of the Notes template; a test holds them against it. */
export const STATUS_ICONS: Readonly<Record<Status, Icon>> = {
  available: { body: 'round', tone: 'green', sign: 'check' },
  'available-idle': { body: 'round', tone: 'green', half: true },
  busy: { body: 'square', tone: 'red' },
  'busy-idle': { body: 'square', tone: 'red', half: true },
  'do-not-disturb': { body: 'round', tone: 'red', sign: 'bar' },
  'be-right-back': { body: 'round', tone: 'amber', sign: 'arrow' },
  away: { body: 'round', tone: 'amber', sign: 'clock' },
  offline: { body: 'round', tone: 'grey', sign: 'cross' },
  unknown: { body: 'corner', tone: 'grey', sign: 'question' },
};

/** Activities that have an icon of their own together with one status. */
export const ACTIVITY_ICONS: Readonly<Partial<Record<Activity, { readonly with: Status; readonly icon: Icon }>>> = {
  'on-the-phone': { with: 'busy', icon: { body: 'square', tone: 'red', sign: 'handset' } },
  'in-a-conference': { with: 'busy', icon: { body: 'square', tone: 'red', sign: 'handset' } },
  'in-a-meeting': { with: 'busy', icon: { body: 'square', tone: 'red', sign: 'people' } },
  presenting: { with: 'do-not-disturb', icon: { body: 'round', tone: 'red', sign: 'screen' } },
};

export const OUT_OF_OFFICE_ICON: Icon = { body: 'case', tone: 'purple' };

export function iconOf(status: Status, activity: Activity | undefined): Icon {
  const known = activity === undefined ? undefined : ACTIVITY_ICONS[activity];
  return known?.with === status ? known.icon : STATUS_ICONS[status];
}
