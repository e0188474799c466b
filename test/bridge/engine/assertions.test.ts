import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { ASSERTED_STATUSES, outweighs } from '../../../src/bridge/engine/asserted-status.js';
import { ASSERTION_LIMITS, assertionRefusal, MAX_ASSERTION_MS } from '../../../src/bridge/engine/assertions.js';
import { assertionOf, shown, sourceOf } from '../../../src/bridge/engine/entry.js';
import type { AssertedStatus } from '../../../src/bridge/list-ports.js';
import type { Person, Roster } from '../../../src/bridge/ports.js';
import { ACTIVITIES, statusOf } from '../../../src/presence/availability.js';
import type { Snapshot } from '../../../src/presence/snapshot.js';
import { EngineRun } from '../../support/engine-run.js';
import { person, rosterOf } from '../../support/people.js';

const ana = person('sip:ana@contoso.example', 'CN=Ana Reyes/O=Contoso');
const ben = person('sip:ben@contoso.example');
const cleo = person('sip:cleo@contoso.example');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const APPLICATIONS = ['calendar', 'telephone'] as const;

/** A roster on which these people allowed both applications. */
function allowed(people: readonly Person[], by: readonly Person[], names: readonly string[] = APPLICATIONS): Roster {
  return { ...rosterOf(people), consents: new Map(by.map(({ key }) => [key, new Set(names)])) };
}

function begun(by: readonly Person[] = [ana, ben]): EngineRun {
  const run = new EngineRun();
  run.begins([ana, ben]);
  run.roster(allowed([ana, ben], by));
  return run;
}

function says(
  run: EngineRun,
  { uri }: Person,
  status: AssertedStatus['status'],
  more: Partial<Omit<AssertedStatus, 'status'>> & { holder?: string } = {},
): string | undefined {
  const assertion = { holder: 'calendar', until: run.now + HOUR, ...more, status, setAt: run.now };
  const refusal = assertionRefusal(run.state, uri, assertion, run.now);
  run.does({ type: 'assert', uri, assertion });
  return refusal?.code;
}

function seen(run: EngineRun, { uri }: Person): Snapshot {
  const entry = run.state.entries.get(uri);
  if (entry === undefined) throw new RangeError('nobody');
  return shown(entry);
}

function sourceSeen(run: EngineRun, { uri }: Person): string | undefined {
  const entry = run.state.entries.get(uri);
  return entry && sourceOf(entry);
}

/** Of whom was told that they are shown otherwise, since the last question. */
function news(run: EngineRun): readonly string[] {
  const told = run.effects.flatMap((effect) => (effect.type === 'presence' ? [...effect.uris] : []));
  run.effects.length = 0;
  return told;
}

const timers = (run: EngineRun): number =>
  run.effects.filter((effect) => effect.type === 'set-timer' && effect.name === 'assertions').length;

describe('a word of an application', () => {
  let run: EngineRun;
  beforeEach(() => {
    run = begun();
    run.effects.length = 0;
  });

  test('is shown, told and written until it ends, and then what OCS says', () => {
    const before = seen(run, ana);
    says(run, ana, 'busy', { activity: 'in-a-meeting' });
    expect([news(run), seen(run, ana).activity, sourceSeen(run, ana)]).toEqual([
      [ana.uri],
      'in-a-meeting',
      'application',
    ]);
    run.passes(5_000);
    expect([run.statusOf(ana), run.state.counts.busy, run.state.counts.available]).toEqual(['busy', 1, 1]);
    run.passes(HOUR - 5_000 - 1);
    expect(seen(run, ana).status).toBe('busy');
    run.passes(1);
    expect([news(run).includes(ana.uri), seen(run, ana), sourceSeen(run, ana)]).toEqual([true, before, 'ocs']);
    run.passes(5_000);
    expect(run.statusOf(ana)).toBe('available');
  });

  test('ends when it is taken back, by the application that said it alone', () => {
    says(run, ana, 'busy');
    run.does({ type: 'retract', uri: ana.uri, holder: 'telephone' });
    expect(seen(run, ana).status).toBe('busy');
    run.does({ type: 'retract', uri: ana.uri, holder: 'Calendar' });
    expect([seen(run, ana).status, run.state.spokenFor.size]).toEqual(['available', 0]);
  });

  test('ends with the right of the application to speak, of whomever it spoke', () => {
    const run = begun();
    says(run, ana, 'busy');
    says(run, ben, 'away');
    says(run, ben, 'busy', { holder: 'telephone' });
    run.does({ type: 'silence', holder: 'Calendar' });
    expect([seen(run, ana).status, seen(run, ben).status, run.state.spokenFor.size]).toEqual(['available', 'busy', 1]);
  });

  test('has no effect at once where OCS says more, and counts as soon as that is over', () => {
    run.becomes(ana, 9500);
    says(run, ana, 'busy');
    expect([seen(run, ana).status, sourceSeen(run, ana)]).toEqual(['do-not-disturb', 'ocs']);
    run.becomes(ana, 3500);
    expect([seen(run, ana).status, sourceSeen(run, ana)]).toEqual(['busy', 'application']);
  });

  test('gives way to the next one that counts when it ends', () => {
    says(run, ana, 'away', { holder: 'telephone' });
    run.passes(MINUTE);
    says(run, ana, 'busy', { until: run.now + MINUTE });
    expect(seen(run, ana).status).toBe('busy');
    run.passes(MINUTE);
    expect(seen(run, ana).status).toBe('away');
  });

  test('takes the place of the former one of the same application', () => {
    says(run, ana, 'busy');
    says(run, ana, 'away');
    expect([seen(run, ana).status, run.state.entries.get(ana.uri)?.assertions.length]).toEqual(['away', 1]);
  });

  test('that is said once more only ends later: nothing is told, nothing written', () => {
    says(run, ana, 'busy', { until: run.now + MINUTE });
    run.passes(30_000);
    news(run);
    const { length } = run.writes;
    const since = seen(run, ana).since;
    says(run, ana, 'busy', { until: run.now + 2 * MINUTE });
    run.passes(MINUTE + 30_000);
    expect([news(run), run.writes.length, seen(run, ana).since]).toEqual([[], length, since]);
    run.passes(30_000);
    expect(seen(run, ana).status).toBe('available');
  });

  test('shows nobody as anything who is not confirmed, and counts again with the confirmation', () => {
    says(run, ana, 'busy');
    run.link('transient-disconnect');
    expect([seen(run, ana).status, sourceSeen(run, ana)]).toEqual(['unknown', 'none']);
    run.link('connected');
    run.passes(1_000);
    expect([seen(run, ana).status, sourceSeen(run, ana)]).toEqual(['busy', 'application']);
  });

  test('says nothing of somebody whom OCS confirms to be unknown', () => {
    run.becomes(ana, 0);
    says(run, ana, 'busy');
    expect([seen(run, ana).status, sourceSeen(run, ana)]).toEqual(['unknown', 'ocs']);
  });
});

describe('a word of an application ends at once', () => {
  test.each<[string, Roster]>([
    ['when the person takes the consent back', allowed([ana, ben], [])],
    ['when the person takes it back from this application', allowed([ana, ben], [ana], ['telephone'])],
    ['when no consents are there any more', rosterOf([ana, ben])],
    ['when the person opts out', { ...allowed([ana, ben], [ana]), optedOut: new Set([ana.key]) }],
    ['when the person leaves the roster', allowed([ben], [ana])],
  ])('%s', (_, roster) => {
    const run = begun();
    says(run, ana, 'busy');
    run.passes(5_000);
    run.roster(roster);
    expect(run.state.spokenFor.size).toBe(0);
    run.roster(allowed([ana, ben], [ana]));
    run.passes(5_000);
    expect(seen(run, ana).status).not.toBe('busy');
    run.passes(HOUR);
    expect(run.statusOf(ana)).not.toBe('busy');
  });

  test('when another bridge writes, and is not known any more when this one does again', () => {
    const run = begun();
    says(run, ana, 'busy');
    run.does({ type: 'role', role: { state: 'standby', holder: 'srv2' } });
    expect([run.state.spokenFor.size, says(run, ana, 'busy')]).toEqual([0, 'BRIDGE_STANDBY']);
    run.does({ type: 'role', role: { state: 'active', epoch: 9 } });
    run.passes(10_000);
    expect([seen(run, ana).status, run.statusOf(ana)]).toEqual(['available', 'available']);
  });

  test('when the clock jumps over its end, whatever happens next', () => {
    const run = begun();
    says(run, ana, 'busy');
    run.now += 2 * HOUR;
    run.becomes(ben, 6500);
    expect(seen(run, ana).status).toBe('available');
  });

  test('when a clock that is put back would stretch it beyond a day', () => {
    const run = begun();
    says(run, ana, 'busy', { until: run.now + MAX_ASSERTION_MS });
    run.now -= HOUR;
    run.does({ type: 'timer', name: 'assertions' });
    expect(seen(run, ana).status).toBe('available');
  });

  test('not when the person is renamed', () => {
    const run = begun();
    says(run, ana, 'busy');
    run.roster(allowed([{ ...ana, displayName: 'Ana' }, ben], [ana]));
    expect([seen(run, ana).status, run.state.spokenFor.size]).toEqual(['busy', 1]);
  });
});

describe('refused is', () => {
  test.each<[string, number]>([
    ['an end that has passed', -1],
    ['an end right now', 0],
    ['an end more than a day ahead', MAX_ASSERTION_MS + 1],
    ['an end that is no number', Number.NaN],
  ])('%s', (_, ahead) => {
    const run = begun();
    expect(says(run, ana, 'busy', { until: run.now + ahead })).toBe('API_BAD_REQUEST');
    expect(run.state.spokenFor.size).toBe(0);
  });

  test('a status that nobody may say of others', () => {
    const run = begun();
    expect(says(run, ana, 'available' as 'busy')).toBe('API_BAD_REQUEST');
    expect(sourceSeen(run, ana)).toBe('ocs');
  });

  test('whoever is not watched', () => {
    expect(says(begun(), cleo, 'busy')).toBe('DIRECTORY_NOBODY');
  });

  test('whoever did not allow it to this application', () => {
    const run = begun([ana]);
    expect([says(run, ben, 'busy'), says(run, ana, 'busy', { holder: 'crm' })]).toEqual([
      'PERSON_NOT_ALLOWED',
      'PERSON_NOT_ALLOWED',
    ]);
    expect(run.state.spokenFor.size).toBe(0);
  });

  test('not an application whose name is written with other capitals', () => {
    expect(says(begun(), ana, 'busy', { holder: 'Calendar' })).toBeUndefined();
  });

  test('an account of the bridge itself', () => {
    const run = new EngineRun({ accounts: [ana.uri] });
    run.begins([ana, ben]);
    run.roster(allowed([ana, ben], [ana]));
    expect(says(run, ana, 'busy')).toBe('PERSON_NOT_ALLOWED');
  });

  test('a list that is shown as an entry', () => {
    const run = begun();
    const desk = { list: 'desk', person: cleo, rule: 'best', members: [ana.uri] } as const;
    run.does({ type: 'roster', roster: allowed([ana, ben], [ana, cleo]), lists: [desk] });
    expect(says(run, cleo, 'busy')).toBe('PERSON_NOT_ALLOWED');
    says(run, ana, 'away');
    expect([seen(run, cleo).status, sourceSeen(run, cleo)]).toEqual(['away', 'list']);
  });

  test('a ninth application for one person, but not another word of the eighth', () => {
    const run = begun();
    const names = Array.from({ length: ASSERTION_LIMITS.holders + 1 }, (_, index) => `app-${index}`);
    run.roster(allowed([ana, ben], [ana], names));
    const codes = names.map((holder) => says(run, ana, 'busy', { holder }));
    expect(codes).toEqual([...names.slice(1).map(() => undefined), 'API_BUSY']);
    expect(says(run, ana, 'away', { holder: 'app-7' })).toBeUndefined();
  });

  test('one person more than may be spoken for, until one of them is not any more', () => {
    const run = new EngineRun();
    const many = Array.from({ length: ASSERTION_LIMITS.people + 1 }, (_, index) => person(`p${index}@contoso.example`));
    run.does({ type: 'roster', roster: allowed(many, many) });
    run.does({ type: 'start' });
    for (const one of many.slice(1)) says(run, one, 'busy');
    expect([run.state.spokenFor.size, says(run, many[0] as Person, 'busy')]).toEqual([10_000, 'API_BUSY']);
    run.does({ type: 'retract', uri: (many[1] as Person).uri, holder: 'calendar' });
    expect(says(run, many[0] as Person, 'busy')).toBeUndefined();
  });
});

describe('one timer', () => {
  test('runs for all ends, and is set anew only for an earlier one', () => {
    const run = begun();
    run.effects.length = 0;
    says(run, ana, 'busy', { until: run.now + 10 * MINUTE });
    says(run, ben, 'busy', { until: run.now + 20 * MINUTE });
    expect(timers(run)).toBe(1);
    says(run, ben, 'away', { holder: 'telephone', until: run.now + 5 * MINUTE });
    expect(timers(run)).toBe(2);
    run.passes(5 * MINUTE);
    expect([seen(run, ana).status, seen(run, ben).status, timers(run)]).toEqual(['busy', 'busy', 3]);
    run.passes(15 * MINUTE);
    expect([run.state.spokenFor.size, run.state.assertionsDue, timers(run)]).toEqual([0, undefined, 4]);
  });
});

const happening = fc.record({
  what: fc.constantFrom(
    ...([
      'assert',
      'assert',
      'assert',
      'retract',
      'silence',
      'changes',
      'changes',
      'lost',
      'link-lost',
      'link-back',
    ] as const),
    ...(['consents', 'opts-out', 'standby', 'active', 'gap', 'reconcile'] as const),
  ),
  who: fc.constantFrom(ana, ben),
  holder: fc.constantFrom(...APPLICATIONS),
  status: fc.constantFrom(...ASSERTED_STATUSES),
  activity: fc.option(fc.constantFrom(...ACTIVITIES), { nil: undefined }),
  availability: fc.constantFrom(0, 3500, 5000, 6500, 7500, 9500, 12_500, 15_500, 18_500),
  minutes: fc.integer({ min: 1, max: 24 * 60 }),
  wait: fc.oneof(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 3 * HOUR })),
});

type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

function happens(run: EngineRun, one: Happening, speaks: boolean): void {
  const { what, who, holder, status, activity, availability, minutes } = one;
  switch (what) {
    case 'assert':
      if (speaks) says(run, who, status, { holder, activity: activity as never, until: run.now + minutes * MINUTE });
      return;
    case 'retract':
      if (speaks) run.does({ type: 'retract', uri: who.uri, holder });
      return;
    case 'silence':
      if (speaks) run.does({ type: 'silence', holder });
      return;
    case 'changes':
      run.becomes(who, availability);
      return;
    case 'lost':
      run.does({ type: 'lost', uris: [who.uri], passing: true });
      return;
    case 'link-lost':
    case 'link-back':
      run.link(what === 'link-back' ? 'connected' : 'transient-disconnect');
      return;
    case 'consents':
      run.roster(allowed([ana, ben], minutes % 2 === 0 ? [who] : [ana, ben]));
      return;
    case 'opts-out':
      run.roster({ ...allowed([ana, ben], [ana, ben]), optedOut: new Set(minutes % 2 === 0 ? [who.key] : []) });
      return;
    case 'standby':
      run.does({ type: 'role', role: { state: 'standby', holder: 'srv2' } });
      return;
    case 'active':
      run.does({ type: 'role', role: { state: 'active', epoch: run.state.epoch + 1 } });
      return;
    case 'gap':
      run.does({ type: 'gap' });
      return;
    case 'reconcile':
      run.does({ type: 'reconcile', cause: 'demand' });
      return;
  }
}

function isHarmless(run: EngineRun): void {
  const { state } = run;
  for (const entry of state.entries.values()) {
    const { confirmed, snapshot, person, assertions } = entry;
    const now = shown(entry);
    if (!confirmed) expect(now.status).toBe('unknown');
    if (now.status === 'available' || now.status === 'available-idle') expect(now.status).toBe(snapshot.status);
    const word = assertionOf(entry);
    if (word !== undefined) expect([outweighs(word, snapshot), word.until > run.now]).toEqual([true, true]);
    else if (confirmed) expect(now).toBe(snapshot);
    expect(state.spokenFor.has(person.uri)).toBe(assertions.length > 0);
    for (const { holder } of assertions) expect(state.consents.get(person.key)?.has(holder)).toBe(true);
  }
  for (const [status, count] of Object.entries(state.counts)) {
    const shownSo = [...state.entries.values()].filter((entry) => shown(entry).status === status);
    expect([status, count]).toEqual([status, shownSo.length]);
  }
}

describe('whatever applications say and whatever happens', () => {
  test('nobody is greener than OCS says, or known who is not confirmed, and in the end all is as if nothing was said', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
        const run = begun();
        const silent = begun();
        for (const one of happenings) {
          happens(run, one, true);
          happens(silent, one, false);
          isHarmless(run);
          run.passes(one.wait);
          silent.passes(one.wait);
          isHarmless(run);
        }
        for (const each of [run, silent]) {
          each.does({ type: 'role', role: { state: 'active', epoch: each.state.epoch + 1 } });
          each.roster(allowed([ana, ben], []));
          each.link('transient-disconnect');
          each.link('connected');
          each.passes(HOUR);
        }
        expect(run.state.spokenFor.size).toBe(0);
        for (const who of [ana, ben]) {
          expect(seen(run, who)).toEqual(seen(silent, who));
          expect(run.documents.get(who.key)?.snapshot.status).toBe(statusOf(run.truth.get(who.uri)));
          expect(run.documents.get(who.key)?.snapshot).toEqual(silent.documents.get(who.key)?.snapshot);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('after its end a word leaves no trace, with the consent still there', () => {
    fc.assert(
      fc.property(happening, fc.array(fc.constantFrom(3500, 6500, 9500, 15_500), { maxLength: 4 }), (one, levels) => {
        const run = begun();
        const silent = begun();
        says(run, ana, one.status, { activity: one.activity as never, until: run.now + one.minutes * MINUTE });
        for (const level of levels) {
          for (const each of [run, silent]) {
            each.becomes(ana, level);
            each.passes((one.minutes * MINUTE) / levels.length);
          }
        }
        for (const each of [run, silent]) each.passes(one.minutes * MINUTE + 10_000);
        expect([seen(run, ana), run.documents.get(ana.key)?.snapshot]).toEqual([
          seen(silent, ana),
          silent.documents.get(ana.key)?.snapshot,
        ]);
        expect(run.state.spokenFor.size).toBe(0);
      }),
    );
  });
});
