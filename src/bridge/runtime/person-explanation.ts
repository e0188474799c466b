import { assertionOf, type Entry } from '../engine/entry.js';
import type { EngineState } from '../engine/state.js';
import type { WhyRule } from '../list-ports.js';
import type { PersonExplanation } from '../status.js';
import { personStatus } from './bridge-status.js';

/** Why somebody is shown as they are. */
export function personExplanation(state: EngineState, entry: Entry): PersonExplanation {
  return {
    person: personStatus(entry),
    rule: ruleOf(state, entry),
    ocs: ocsOf(entry),
    // Of those that do not count the newest.
    application: assertionOf(entry) ?? entry.assertions[0],
    list: undefined,
  };
}

function ruleOf(state: EngineState, entry: Entry): WhyRule {
  if (assertionOf(entry) !== undefined) return 'application-says-so';
  if (entry.confirmed) return entry.assertions.length > 0 ? 'application-overruled' : 'ocs-says-so';
  if (state.role.state === 'standby') return 'bridge-standby';
  return state.source.state === 'connected' ? 'not-confirmed' : 'bridge-disconnected';
}

function ocsOf({ confirmed, snapshot, observedAt }: Entry): PersonExplanation['ocs'] {
  if (!confirmed) return undefined;
  const { status, activity, outOfOffice, since } = snapshot;
  return { status, activity, outOfOffice, since, observedAt };
}
