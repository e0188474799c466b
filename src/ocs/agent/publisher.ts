import { BridgeError } from '../../presence/errors.js';
import type { Epid } from './endpoint.js';
import { endpointNumber, leftBehind, missingMembers, slotKey, writesFor } from './publisher-slots.js';
import type {
  PublisherEffect,
  PublisherEvent,
  PublisherState,
  SeenPublication,
  SelfReport,
  UnderWay,
} from './publisher-words.js';

interface Step {
  readonly state: PublisherState;
  readonly effects: readonly PublisherEffect[];
}

/** How often one wish is sent again in a row with the versions of a refusal. */
const MAX_CONFLICTS = 3;
const FIRST_RETRY_MS = 30_000;
const LAST_RETRY_MS = 5 * 60_000;
/** Publications of ourselves that are kept in mind; an account has a few dozen. */
const MAX_PUBLICATIONS = 2_000;

export function newPublisher(epid: Epid, grants: boolean): PublisherState {
  return {
    endpoint: endpointNumber(epid),
    grants,
    wanted: undefined,
    goal: 0,
    dirty: false,
    roaming: 'closed',
    versions: new Map(),
    ours: new Map(),
    containers: undefined,
    underWay: undefined,
    conflicts: 0,
    reopened: false,
    failures: 0,
    waiting: false,
  };
}

/**
 * Publishing the own status with categories (MS-PRES 3.2.5.3): first our own data are subscribed to, so that versions
 * are known; then one SERVICE at a time, the newest wish next; a refusal for wrong versions is followed by at most three
 * more tries, then by a new look at our data and three more, then by an error.
 */
export function stepPublisher(state: PublisherState, event: PublisherEvent): Step {
  switch (event.type) {
    case 'want':
      return advance({
        ...state,
        wanted: event.status,
        goal: event.goal,
        dirty: true,
        conflicts: 0,
        reopened: false,
        failures: 0,
        waiting: false,
      });
    case 'tidy':
      return state.roaming === 'closed' && !state.dirty ? open(state) : { state, effects: [] };
    case 'opened':
      return advance({ ...informed(adopted(state, event.report), event.report), roaming: 'open' });
    case 'not-opened':
      return failed({ ...state, roaming: 'closed' }, state.goal, event.error, event.passing);
    case 'closed':
      return onClosed({ ...state, roaming: 'closed' });
    case 'self':
      return { state: informed(state, event.report), effects: [] };
    case 'accepted':
      return onAccepted(state, event.report);
    case 'conflict':
      return onConflict(state, event.operations);
    case 'refused':
      return onRefused(state, event.error, event.passing, event.unanswered);
    case 'retry':
      return state.waiting ? advance({ ...state, waiting: false }) : { state, effects: [] };
  }
}

function advance(state: PublisherState): Step {
  if (!state.dirty || state.underWay !== undefined || state.waiting || state.roaming === 'opening') {
    return { state, effects: [] };
  }
  if (state.wanted === undefined && state.ours.size === 0) return settled(state);
  if (state.roaming === 'closed') return open(state);
  const additions = state.grants && state.wanted !== undefined ? missingMembers(state) : [];
  if (additions.length > 0) {
    const next: PublisherState = { ...state, underWay: { kind: 'members' }, containers: undefined };
    return { state: next, effects: [{ type: 'add-members', additions }] };
  }
  const writes = writesFor(state);
  if (writes.length === 0) return settled(state);
  const underWay: UnderWay = { kind: 'publish', goal: state.goal, writes };
  return { state: { ...state, underWay }, effects: [{ type: 'publish', writes }] };
}

function open(state: PublisherState): Step {
  return { state: { ...state, roaming: 'opening' }, effects: [{ type: 'open' }] };
}

function settled(state: PublisherState): Step {
  const ours = state.wanted === undefined ? new Map() : state.ours;
  const next: PublisherState = { ...state, ours, dirty: false, conflicts: 0, reopened: false, failures: 0 };
  return { state: next, effects: [{ type: 'settled', goal: state.goal, error: undefined, kept: true }] };
}

/** A server that forgot the subscription may have forgotten the publications too: it is looked at again, not at once. */
function onClosed(state: PublisherState): Step {
  if (state.dirty || state.wanted === undefined) return advance(state);
  return { state: { ...state, dirty: true, waiting: true }, effects: [{ type: 'arm', delay: FIRST_RETRY_MS }] };
}

/** The categories that a report names replace all that was known of them (MS-PRES 2.2.2.3). */
function informed(state: PublisherState, report: SelfReport | undefined): PublisherState {
  const { publications, containers = state.containers } = report ?? {};
  if (publications === undefined) return { ...state, containers };
  const named = new Set(publications.map(({ category }) => `${category}/`));
  const versions = new Map<string, number>();
  for (const [key, version] of state.versions) {
    if (!named.has(key.slice(0, key.indexOf('/') + 1))) versions.set(key, version);
  }
  for (const { category, instance, container, version } of publications.slice(0, MAX_PUBLICATIONS)) {
    if (instance === undefined || container === undefined || version === undefined) continue;
    if (category === 'state' || category === 'note') versions.set(slotKey({ category, instance, container }), version);
  }
  return { ...state, versions, containers };
}

/** At the first look, and with nothing published yet: what an earlier run left is ours to take away. */
function adopted(state: PublisherState, report: SelfReport | undefined): PublisherState {
  if (state.ours.size > 0) return state;
  const seen = report?.publications ?? [];
  const slots = leftBehind(state.endpoint, seen);
  if (slots.length === 0) return state;
  const versionOf = new Map(
    seen.map((one: SeenPublication) => [`${one.category}/${one.instance}/${one.container}`, one]),
  );
  const ours = new Map(
    slots.map((slot) => {
      const version = versionOf.get(slotKey(slot))?.version ?? 0;
      return [slotKey(slot), { content: '', versions: [version] }] as const;
    }),
  );
  return { ...state, ours, dirty: true };
}

function onAccepted(state: PublisherState, report: SelfReport | undefined): Step {
  const done = state.underWay;
  if (done === undefined) return { state: informed(state, report), effects: [] };
  const free: PublisherState = { ...state, underWay: undefined };
  if (done.kind === 'members') return advance(informed(free, report));
  const versions = new Map(free.versions);
  for (const write of done.writes) {
    if (write.content === undefined) versions.delete(slotKey(write));
    else versions.set(slotKey(write), write.version + 1);
  }
  // What the server says counts more than what we expect.
  const next = informed({ ...free, versions }, report);
  const ours = new Map(next.ours);
  for (const write of done.writes) {
    const key = slotKey(write);
    const version = next.versions.get(key);
    if (write.content === undefined || version === undefined) ours.delete(key);
    else ours.set(key, { content: JSON.stringify(write.content), versions: [version] });
  }
  const published: PublisherState = { ...next, ours, conflicts: 0, reopened: false, failures: 0 };
  if (done.goal === published.goal) return settled(published);
  const more = advance(published);
  return {
    state: more.state,
    effects: [{ type: 'settled', goal: done.goal, error: undefined, kept: true }, ...more.effects],
  };
}

function onConflict(
  state: PublisherState,
  operations: readonly { readonly index: number; readonly curVersion: number }[],
): Step {
  const done = state.underWay;
  if (done === undefined) return { state, effects: [] };
  const free: PublisherState = { ...state, underWay: undefined };
  // Somebody else changed the members at the same time: then they are no longer nobody's business.
  if (done.kind === 'members') return advance(free);
  const versions = new Map(free.versions);
  for (const { index, curVersion } of operations) {
    const write = done.writes[index - 1];
    if (write === undefined) continue;
    if (curVersion === 0) versions.delete(slotKey(write));
    else versions.set(slotKey(write), curVersion);
  }
  // A wish that came meanwhile begins to count anew, as it would have without this answer.
  const fresh = done.goal !== free.goal;
  const next: PublisherState = { ...free, versions, conflicts: fresh ? 0 : free.conflicts + 1 };
  if (next.conflicts <= MAX_CONFLICTS - 1) return advance(next);
  // COMPAT(ocs2007): when the subscription has run out unnoticed, every publication is refused until it is made anew.
  if (!next.reopened) return open({ ...next, conflicts: 0, reopened: true });
  const error = new BridgeError(
    'OCS_PUBLISH',
    'The OCS server refused the own status for its version, again and again.',
    {
      details: { status: 409 },
    },
  );
  return failed(next, next.goal, error, false);
}

function onRefused(state: PublisherState, error: BridgeError, passing: boolean, unanswered: boolean): Step {
  const done = state.underWay;
  if (done === undefined) return { state, effects: [] };
  const free: PublisherState = { ...state, underWay: undefined };
  // Who may see the status is a side matter: the status itself is published all the same.
  if (done.kind === 'members') return advance(free);
  const known = unanswered ? { ...free, ours: withDoubt(free.ours, done) } : free;
  if (done.goal === known.goal) return failed(known, known.goal, error, passing);
  const more = advance(known);
  return {
    state: more.state,
    effects: [{ type: 'settled', goal: done.goal, error, kept: false }, ...more.effects],
  };
}

/** After silence nobody knows whether it was done. */
function withDoubt(
  ours: PublisherState['ours'],
  done: UnderWay & { readonly kind: 'publish' },
): PublisherState['ours'] {
  const doubtful = new Map(ours);
  for (const { content, version, ...slot } of done.writes) {
    if (content === undefined) continue;
    const key = slotKey(slot);
    const before = doubtful.get(key)?.versions.filter((one) => one === version) ?? [];
    doubtful.set(key, { content: JSON.stringify(content), versions: [...before, version + 1] });
  }
  return doubtful;
}

function failed(state: PublisherState, goal: number, error: BridgeError, passing: boolean): Step {
  if (!state.dirty) return { state, effects: [] };
  const report = (kept: boolean): PublisherEffect => ({ type: 'settled', goal, error, kept });
  if (!passing) {
    return {
      state: { ...state, dirty: false, wanted: undefined, conflicts: 0, reopened: false },
      effects: [report(false)],
    };
  }
  const delay = Math.min(FIRST_RETRY_MS * 2 ** Math.min(state.failures, 10), LAST_RETRY_MS);
  const next: PublisherState = { ...state, failures: state.failures + 1, waiting: true };
  return { state: next, effects: [report(true), { type: 'arm', delay }] };
}
