import type { Entry } from '../engine/entry.js';
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
    application: undefined,
    list: undefined,
  };
}

function ruleOf(state: EngineState, { confirmed }: Entry): WhyRule {
  if (confirmed) return 'ocs-says-so';
  if (state.role.state === 'standby') return 'bridge-standby';
  return state.source.state === 'connected' ? 'not-confirmed' : 'bridge-disconnected';
}

function ocsOf({ confirmed, snapshot, observedAt }: Entry): PersonExplanation['ocs'] {
  if (!confirmed) return undefined;
  const { status, activity, outOfOffice, since } = snapshot;
  return { status, activity, outOfOffice, since, observedAt };
}
