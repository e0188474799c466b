import { beforeEach, describe, expect, test } from 'vitest';
import type { ListConfig } from '../../../src/bridge/config/config.js';
import { createState, DEFAULT_ENGINE_CONFIG, type EngineState } from '../../../src/bridge/engine/state.js';
import { step } from '../../../src/bridge/engine/step.js';
import type { EngineEvent } from '../../../src/bridge/engine/vocabulary.js';
import type { Person, Roster } from '../../../src/bridge/ports.js';
import { Watched } from '../../../src/bridge/runtime/watched.js';
import { person, rosterOf, sip } from '../../support/people.js';

const NOW = Date.UTC(2026, 0, 5, 8);
const ana = person('sip:ana@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso');
const namesakes = Array.from({ length: 25 }, (_, index) =>
  person(`sip:kim${index}@contoso.example`, `CN=Kim Lee/OU=U${index}/O=Contoso`),
);

const desk = person('sip:help-desk@lists.invalid', 'CN=Help Desk/O=Contoso');
const HELP_DESK: ListConfig = {
  id: 'help-desk',
  title: 'Help desk',
  members: [{ kind: 'address', address: ana.uri, text: ana.uri }],
  entry: { person: desk, rule: 'first-reachable' },
};

let state: EngineState;
let watched: Watched;

function does(event: EngineEvent): void {
  for (const effect of step(state, event, NOW).effects) if (effect.type === 'presence') watched.tell(effect.uris);
}

function takes(roster: Roster): void {
  does({ type: 'roster', roster, lists: watched.take(roster).entries() });
}

function signsIn(): void {
  does({ type: 'source-link', report: { state: 'connected', since: NOW } });
}

function says({ uri }: Person, availability: number): void {
  const observations = [{ uri, state: { availability, activity: 'in-a-meeting', publishedAt: NOW - 60_000 } }];
  does({ type: 'observed', observations, authoritative: true });
}

beforeEach(() => {
  state = createState({ ...DEFAULT_ENGINE_CONFIG, bridge: 'test', version: '1', notes: false }, NOW);
  watched = new Watched(state, [HELP_DESK]);
  does({ type: 'start' });
});

describe('resolving', () => {
  test('tells what of a person the text was', () => {
    takes(rosterOf([ana]));
    expect(watched.resolve('Ana Reyes')).toMatchObject({
      outcome: 'found',
      by: 'common-name',
      person: { uri: ana.uri, status: 'unknown' },
    });
  });

  test('names at most 20 of those who share a name', () => {
    takes(rosterOf(namesakes));
    const found = watched.resolve('Kim Lee');
    expect(found).toMatchObject({ outcome: 'ambiguous', by: 'common-name' });
    expect(found.outcome === 'ambiguous' && found.candidates).toHaveLength(20);
  });

  test('names none whom the caller may not know of', () => {
    takes(rosterOf(namesakes));
    const seen = new Set([sip('sip:kim3@contoso.example'), sip('sip:kim4@contoso.example')]);
    const found = watched.resolve('Kim Lee', ({ uri }) => seen.has(uri));
    expect(found.outcome === 'ambiguous' && found.candidates.map(({ uri }) => uri)).toEqual([...seen]);
    expect(watched.resolve('Kim Lee', ({ uri }) => uri === 'sip:kim3@contoso.example')).toMatchObject({
      outcome: 'found',
      person: { uri: 'sip:kim3@contoso.example' },
    });
  });
});

describe('explaining', () => {
  test('of somebody whom OCS confirms gives what OCS said', () => {
    takes(rosterOf([ana]));
    signsIn();
    says(ana, 6500);
    expect(watched.explain(ana.uri)).toMatchObject({
      person: { uri: ana.uri, status: 'busy', source: 'ocs' },
      rule: 'ocs-says-so',
      ocs: { status: 'busy', activity: 'in-a-meeting', since: NOW - 60_000, observedAt: NOW },
      application: undefined,
      list: undefined,
    });
  });

  test('of somebody who is not confirmed tells which side is the reason, and no former status', () => {
    takes(rosterOf([ana]));
    expect(watched.explain(ana.uri)).toMatchObject({ rule: 'bridge-disconnected', ocs: undefined });
    signsIn();
    expect(watched.explain(ana.uri)).toMatchObject({ rule: 'not-confirmed', ocs: undefined });
    says(ana, 3500);
    does({ type: 'role', role: { state: 'standby', holder: 'other' } });
    expect(watched.explain(ana.uri)).toMatchObject({ rule: 'bridge-standby', ocs: undefined });
  });

  test('of nobody gives nothing', () => {
    expect(watched.explain(ana.uri)).toBeUndefined();
  });

  test('of an entry that stands for a list names the member who decides, and by which rule', () => {
    takes(rosterOf([ana]));
    const list = { id: 'help-desk', rule: 'first-reachable', members: 1 };
    expect(watched.explain(desk.uri)).toMatchObject({ rule: 'bridge-disconnected', ocs: undefined, list });
    signsIn();
    expect(watched.explain(desk.uri)?.rule).toBe('list-nobody-confirmed');
    says(ana, 3500);
    expect(watched.explain(desk.uri)).toMatchObject({
      person: { status: 'available', source: 'list', observedAt: NOW },
      rule: 'list-first-reachable',
      ocs: undefined,
      list: { ...list, decidedBy: ana.uri },
    });
    says(ana, 6500);
    expect(watched.explain(desk.uri)).toMatchObject({ rule: 'list-best', list: { decidedBy: ana.uri } });
  });
});

test('entries that stand for lists are found like people, by the keys of their documents too', () => {
  takes(rosterOf([ana]));
  expect(watched.resolve('help desk/contoso')).toMatchObject({ outcome: 'found', by: 'notes-name' });
  expect(watched.person(desk.uri)).toEqual(desk);
  expect(watched.byKey(desk.key)).toEqual(desk);
});

describe('lists', () => {
  test('are everybody and the watched groups, of people who are watched', () => {
    const [one, two, three] = namesakes as [Person, Person, Person];
    const groups = [{ name: 'Sales', members: [one.uri, three.uri, ana.uri] }];
    takes({ ...rosterOf([one, two, three], [three]), groups });
    const entry = { uri: desk.uri, rule: 'first-reachable' };
    expect(watched.lists()).toEqual([
      { id: 'everybody', title: 'Everybody', kind: 'everybody', members: [one.uri, two.uri, desk.uri] },
      { id: 'group:Sales', title: 'Sales', kind: 'group', members: [one.uri] },
      { id: 'help-desk', title: 'Help desk', kind: 'list', members: [], entry },
    ]);
  });

  test('follow the roster, and so does the revision', () => {
    takes(rosterOf([ana]));
    const revision = watched.revision();
    takes(rosterOf([]));
    expect(watched.lists().map(({ members }) => members)).toEqual([[desk.uri], []]);
    expect(watched.revision()).not.toBe(revision);
  });
});

test('tells who changed, at once, until nobody wants to know', () => {
  const told: string[][] = [];
  const end = watched.onPresence((uris) => told.push([...uris]));
  takes(rosterOf([ana]));
  signsIn();
  says(ana, 3500);
  end();
  says(ana, 6500);
  expect(told).toEqual([[ana.uri, desk.uri]]);
});
