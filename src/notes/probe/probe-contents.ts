import type { Clock } from '../../bridge/ports.js';
import { BridgeError } from '../../presence/errors.js';
import { isAlive } from '../../presence/freshness.js';
import { dqlForm, dqlIn, dqlText } from '../dql-text.js';
import type { Driver, FoundDocument } from '../driver.js';
import { resolveDuplicates } from '../duplicates.js';
import { CONFLICT_ITEM, FORMS, HEARTBEAT_ITEMS, LEASE_ITEMS, PERSON_ITEMS } from '../fields.js';
import { heartbeatFromItems, type StoredHeartbeat } from '../heartbeat-items.js';
import { isConflict, textOf } from '../item-access.js';
import { personKeyOf } from '../items.js';
import { leaseFromItems } from '../lease-items.js';
import { newerSchema, newestSchema } from '../schema-version.js';
import { failed, noted, type ProbeStep, passed, warned } from './probe-step.js';

/** Names of the steps. */
export const CONTENT_STEPS = {
  documents: 'Domino documents',
  query: 'Domino queries',
  bridges: 'Domino bridges',
} as const;

/** Names whose searching by key is tried. */
const KEYS_TRIED = 10;

/** Looks at what stands in an open database; changes nothing. Throws `BridgeError` when a read fails. */
export async function* contentSteps(driver: Driver, bridge: string, clock: Clock): AsyncGenerator<ProbeStep> {
  const before = clock.monotonic();
  const people = await driver.find({ query: dqlForm(FORMS.person), itemNames: PERSON_PROBE_ITEMS });
  const seconds = ((clock.monotonic() - before) / 1000).toFixed(1);
  yield* peopleSteps(people, seconds);
  yield await queryStep(driver, people);
  yield* bridgeSteps(await heartbeats(driver), bridge, clock.now());
  yield* await leaseSteps(driver, bridge);
}

const PERSON_PROBE_ITEMS = [
  PERSON_ITEMS.key,
  PERSON_ITEMS.address,
  PERSON_ITEMS.bridge,
  PERSON_ITEMS.schemaVersion,
  CONFLICT_ITEM,
];

function peopleSteps(people: readonly FoundDocument[], seconds: string): readonly ProbeStep[] {
  const name = CONTENT_STEPS.documents;
  const newer = newerSchema(people);
  if (newer !== undefined) return [failed(name, newer)];
  const conflicts = people.filter(({ items }) => isConflict(items)).length;
  const single = people.filter(({ items }) => !isConflict(items));
  const { kept, keyless } = resolveDuplicates(single, personKeyOf, () => true);
  const duplicates = single.length - kept.size - keyless;
  const steps = [
    passed(
      name,
      people.length === 0
        ? 'None of people yet.'
        : `${kept.size} of people, schema version ${newestSchema(people)}, read in ${seconds} s.`,
    ),
  ];
  if (conflicts + duplicates > 0) {
    const next = 'The bridge removes them when it compares. If they come back, two processes write without knowing it.';
    steps.push(warned(name, `${duplicates} duplicates and ${conflicts} conflict documents.`, next));
  }
  if (keyless > 0) {
    const next = 'The bridge leaves them alone; delete them if nobody knows whose they are.';
    steps.push(warned(name, `${keyless} documents of form "${FORMS.person}" have no readable key.`, next));
  }
  return steps;
}

/** Finding a document by its key is what keeps people from being created twice. */
async function queryStep(driver: Driver, people: readonly FoundDocument[]): Promise<ProbeStep> {
  const name = CONTENT_STEPS.query;
  const keys = [...new Set(people.map(({ items }) => textOf(items, PERSON_ITEMS.key)).filter((key) => key !== ''))];
  const tried = keys.slice(0, KEYS_TRIED);
  // A key that nobody has, so that the query itself is tried in any case.
  const query = dqlForm(FORMS.person, dqlIn(PERSON_ITEMS.key, [...tried, '0'.repeat(32)]));
  const found = new Set(
    (await driver.find({ query, itemNames: [PERSON_ITEMS.key] })).map(({ items }) => textOf(items, PERSON_ITEMS.key)),
  );
  const missed = tried.filter((key) => !found.has(key)).length;
  if (missed === 0) return passed(name, 'DQL finds documents by form and by key.');
  const message = `DQL did not find ${missed} of ${tried.length} documents by their key, though they are there.`;
  return {
    ...failed(name, new BridgeError('NOTES_INTERNAL', message)),
    next: 'On the Domino server run "load updall <database> -e", and look into its log.',
  };
}

async function heartbeats(driver: Driver): Promise<readonly StoredHeartbeat[]> {
  const found = await driver.find({ query: dqlForm(FORMS.heartbeat), itemNames: Object.values(HEARTBEAT_ITEMS) });
  return found.flatMap(({ items }) => heartbeatFromItems(items) ?? []);
}

function bridgeSteps(all: readonly StoredHeartbeat[], bridge: string, now: number): readonly ProbeStep[] {
  const name = CONTENT_STEPS.bridges;
  return all.map((beat) => {
    const ago = Math.max(0, Math.round((now - beat.writtenAt) / 1000));
    const what = `"${beat.bridge}" (${beat.version || 'unknown version'}, ${beat.people} people)`;
    // The last will of a bridge that ended in order is no sign of life.
    const runs = beat.ocs.state !== 'stopped' && isAlive(beat, now);
    if (!runs) return noted(name, `Bridge ${what} gave its last sign of life ${ago} s ago.`);
    if (beat.bridge === bridge) return noted(name, `Bridge ${what} runs: sign of life ${ago} s ago.`);
    const next = 'That is right when both watch different people. Two bridges for the same people must have one name.';
    return warned(name, `Bridge ${what} writes into this database too: sign of life ${ago} s ago.`, next);
  });
}

async function leaseSteps(driver: Driver, bridge: string): Promise<readonly ProbeStep[]> {
  const query = dqlForm(FORMS.lease, `${LEASE_ITEMS.bridge} = ${dqlText(bridge)}`);
  const found = await driver.find({ query, itemNames: Object.values(LEASE_ITEMS) });
  return found.map(({ items }) => {
    const { holder, holderName, epoch } = leaseFromItems(items);
    const who =
      holder === '' ? 'Nobody holds the lease; it was given back' : `The lease is held by ${holderName || holder}`;
    return noted(CONTENT_STEPS.bridges, `${who} (turn ${epoch}).`);
  });
}
