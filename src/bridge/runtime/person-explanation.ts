import { assertionOf, type Entry } from '../engine/entry.js';
import { decide, type ListDecision } from '../engine/list-status.js';
import type { EngineState } from '../engine/state.js';
import type { WhyRule } from '../list-ports.js';
import type { PersonExplanation } from '../status.js';
import { personStatus } from './bridge-status.js';

/** Why somebody is shown as they are. */
export function personExplanation(state: EngineState, entry: Entry): PersonExplanation {
  const decision = entry.list === undefined ? undefined : decide(entry.list.rule, entry.list.ranks);
  return {
    person: personStatus(entry),
    rule: ruleOf(state, entry, decision),
    ocs: ocsOf(entry),
    // Of those that do not count the newest.
    application: assertionOf(entry) ?? entry.assertions[0],
    list: listOf(entry, decision),
  };
}

function ruleOf(state: EngineState, entry: Entry, decision: ListDecision | undefined): WhyRule {
  if (entry.confirmed && decision !== undefined) return decision.rule;
  if (assertionOf(entry) !== undefined) return 'application-says-so';
  if (entry.confirmed) return entry.assertions.length > 0 ? 'application-overruled' : 'ocs-says-so';
  if (state.role.state === 'standby') return 'bridge-standby';
  if (state.source.state !== 'connected') return 'bridge-disconnected';
  return entry.list === undefined ? 'not-confirmed' : 'list-nobody-confirmed';
}

function ocsOf({ confirmed, list, snapshot, observedAt }: Entry): PersonExplanation['ocs'] {
  if (!confirmed || list !== undefined) return undefined;
  const { status, activity, outOfOffice, since } = snapshot;
  return { status, activity, outOfOffice, since, observedAt };
}

function listOf({ list }: Entry, decision: ListDecision | undefined): PersonExplanation['list'] {
  if (list === undefined) return undefined;
  const { list: id, rule, members } = list;
  return { id, rule, decidedBy: decision && members[decision.place], members: members.length };
}
