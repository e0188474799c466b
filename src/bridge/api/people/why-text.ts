import type { WhyRule } from '../../list-ports.js';
import type { PersonExplanation } from '../../status.js';

const SENTENCES: Readonly<Record<WhyRule, string>> = {
  'ocs-says-so': 'The OCS server says so.',
  'application-says-so': 'says so, by leave of the person',
  'application-overruled': 'says otherwise, which does not count beside what the OCS server says.',
  'list-best': 'This stands for a list, and shows the most reachable status of its members.',
  'list-first-reachable': 'This stands for a list, and shows its first member who is available.',
  'list-nobody-confirmed': 'This stands for a list, and no status of its members is confirmed.',
  'bridge-standby': 'This bridge is on standby and watches nobody; ask the one that is active.',
  'bridge-disconnected': 'The bridge is not signed in to the OCS server, so that no status is confirmed.',
  'not-confirmed': 'The OCS server does not tell the bridge of this person at the moment.',
};

/** One sentence for the rule that decided. Names nobody but the application, by the name of its token. */
export function whyText({ rule, application }: Pick<PersonExplanation, 'rule' | 'application'>): string {
  const sentence = SENTENCES[rule];
  const named = application === undefined ? 'An application' : `The application "${application.holder}"`;
  if (rule === 'application-overruled') return `${named} ${sentence}`;
  if (rule !== 'application-says-so') return sentence;
  const until = application === undefined ? '' : `, until ${new Date(application.until).toISOString()}`;
  return `${named} ${sentence}${until}.`;
}
