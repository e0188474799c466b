import { beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_LOOK_UP_LIMITS, LookUps } from '../../../src/notes/directory/look-up.js';
import { personCondition } from '../../../src/notes/directory/sources/single-person.js';
import type { LookUp } from '../../../src/presence/directory.js';
import {
  DirectoryStage,
  groupDocument,
  mappingDocument,
  optOutDocument,
  personDocument,
} from '../../support/directory-stage.js';
import { recordingLog } from '../../support/silent-log.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

describe('look-up', () => {
  let stage: DirectoryStage;
  /** Searches since the start. */
  const searches = () => stage.domino.faults.count('bulkReadDocuments');

  beforeEach(async () => {
    stage = new DirectoryStage();
    await stage.domino.add(personDocument('Ana Reyes', 'ana'));
  });

  async function start(): Promise<void> {
    await stage.start();
    await stage.advance(1_000);
    stage.domino.faults.calls.length = 0;
  }

  async function lookUp(text: string): Promise<LookUp | undefined> {
    return stage.directory?.lookUp(text);
  }

  const addressOf = (answer: LookUp | undefined) => answer?.rows[0]?.address;

  test('somebody whom a source named is found without a question, as old as the source', async () => {
    await start();
    await stage.advance(100_000);
    for (const text of [
      'CN=Ana Reyes/O=Contoso',
      'ana  reyes/contoso',
      'sip:ANA@contoso.example',
      'ana@contoso.example',
    ]) {
      expect(await lookUp(text)).toMatchObject({ outcome: 'found', age: 101_000 });
    }
    expect(searches()).toBe(0);
  });

  test('somebody new is asked for in the Domino Directory once, and the answer ages', async () => {
    await start();
    await stage.domino.add(personDocument("Ben O'Hara", 'ben', { ShortName: 'bohara' }));
    for (const text of ["CN=Ben O'Hara/O=Contoso", "ben o'hara/contoso", 'BEN@contoso.example']) {
      const answer = await lookUp(text);
      expect(answer).toMatchObject({ outcome: 'found', age: 0 });
      expect(addressOf(answer)).toBe('sip:ben@contoso.example');
    }
    expect(searches()).toBe(3);
    await stage.advance(60_000);
    expect(await lookUp("CN=Ben O'Hara/O=Contoso")).toMatchObject({ outcome: 'found', age: 60_000 });
    expect(searches()).toBe(3);
  });

  test('an answer counts for 15 minutes, "nobody" for five', async () => {
    await stage.start({ refreshMs: 86_400_000 });
    await stage.domino.add(personDocument('Ben Okoro', 'ben'));
    stage.domino.faults.calls.length = 0;
    await lookUp('Ben Okoro/Contoso');
    expect(await lookUp('Nobody/Contoso')).toEqual({ outcome: 'not-found', rows: [], age: 0 });
    await stage.advance(299_000);
    expect(await lookUp('nobody/contoso')).toEqual({ outcome: 'not-found', rows: [], age: 299_000 });
    expect(searches()).toBe(2);
    await stage.advance(2_000);
    await lookUp('Nobody/Contoso');
    await lookUp('Ben Okoro/Contoso');
    expect(searches()).toBe(3);
    await stage.advance(600_000);
    await lookUp('Ben Okoro/Contoso');
    expect(searches()).toBe(4);
  });

  test('questions for one name at one moment are one question', async () => {
    await start();
    await Promise.all(Array.from({ length: 20 }, () => lookUp('Nobody/Contoso')));
    expect(searches()).toBe(1);
  });

  test('accents tell people apart, though the query language does not', async () => {
    await start();
    await stage.domino.add(personDocument('Jan Müller', 'jan.mueller'));
    expect(await lookUp('Jan Muller/Contoso')).toMatchObject({ outcome: 'not-found' });
    expect(addressOf(await lookUp('jan MÜLLER/Contoso'))).toBe('sip:jan.mueller@contoso.example');
  });

  test('the rules of the whole directory hold for a single answer', async () => {
    await stage.presence.add(
      mappingDocument('CN=Ben Okoro/O=Contoso', 'benjamin@contoso.example'),
      optOutDocument(['CN=Cleo Vogt/O=Contoso', 'Works Council']),
    );
    await stage.domino.add(groupDocument('Works Council', ['CN=Dan Dee/O=Contoso']));
    await start();
    await stage.domino.add(
      personDocument('Ben Okoro', 'ben'),
      personDocument('Cleo Vogt', 'cleo'),
      personDocument('Dan Dee', 'dan'),
      personDocument('Ana Double', 'ana'),
    );
    expect(addressOf(await lookUp('Ben Okoro/Contoso'))).toBe('sip:benjamin@contoso.example');
    const outcomes = ['Cleo Vogt/Contoso', 'Dan Dee/Contoso', 'Ana Double/Contoso'].map(async (name) => {
      const answer = await lookUp(name);
      return [answer?.rows[0]?.outcome, addressOf(answer)];
    });
    expect(await Promise.all(outcomes)).toEqual([
      ['opted-out', undefined],
      ['opted-out', undefined],
      ['double', undefined],
    ]);
  });

  test('an opt-out makes answers given before void', async () => {
    await start();
    await stage.domino.add(personDocument('Ben Okoro', 'ben'));
    expect((await lookUp('Ben Okoro/Contoso'))?.rows[0]?.outcome).toBe('mapped');
    await stage.presence.add(optOutDocument(['CN=Ben Okoro/O=Contoso']));
    await stage.advance(31_000);
    expect((await lookUp('Ben Okoro/Contoso'))?.rows[0]?.outcome).toBe('opted-out');
  });

  test('texts that are no name and no address are not asked for', async () => {
    await start();
    for (const text of ['', '   ', 'x'.repeat(5_000), 'a\u0000b', 'Ana Reyes/Contoso\u0007']) {
      expect(await lookUp(text)).toMatchObject({ outcome: 'not-found' });
    }
    expect(searches()).toBe(0);
  });

  test('quotes within a text stay within the literal, and only an address asks for addresses', () => {
    const literal = "('x'' or FullName > ''')";
    expect(personCondition("x' or FullName > '", ['SIPAddress'])).toBe(
      `(FullName in ${literal} or AltFullName in ${literal} or ShortName in ${literal})`,
    );
    expect(personCondition("O'Hara@contoso.example", ['SIPAddress'])).toContain(
      "InternetAddress in ('o''hara@contoso.example', 'sip:o''hara@contoso.example') or SIPAddress in (",
    );
  });

  test('a failure is told, kept by nobody, and asking pauses for a moment', async () => {
    await start();
    stage.domino.faults.link = 'unreachable';
    await expect(lookUp('Ben Okoro/Contoso')).rejects.toMatchObject({ code: 'NOTES_UNREACHABLE' });
    const before = stage.domino.faults.calls.length;
    await expect(lookUp('Cleo Vogt/Contoso')).rejects.toMatchObject({ code: 'NOTES_UNREACHABLE' });
    expect(stage.domino.faults.calls).toHaveLength(before);
    stage.domino.faults.release();
    await stage.advance(5_000);
    expect(await lookUp('Ben Okoro/Contoso')).toMatchObject({ outcome: 'not-found', age: 0 });
  });

  test('a question that finds too many people keeps no other from being answered', async () => {
    await start();
    await stage.domino.add(...Array.from({ length: 101 }, (_, at) => personDocument('Ann Common', `ann${at}`)));
    await expect(lookUp('Ann Common/Contoso')).rejects.toMatchObject({ code: 'DIRECTORY_SOURCE' });
    expect(await lookUp('Cleo Vogt/Contoso')).toMatchObject({ outcome: 'not-found' });
  });

  test('without a Domino Directory only sources answer', async () => {
    const directory = stage.make();
    await directory.stop();
    const own = new LookUps(
      { known: () => ({ outcome: 'not-found', rows: [], age: 7 }), ask: undefined },
      { clock: new SimulatedClock(), log: recordingLog() },
    );
    expect(await own.lookUp('Nobody/Contoso')).toEqual({ outcome: 'not-found', rows: [], age: 7 });
  });

  test('so many questions may wait for an answer, and no more', async () => {
    const clock = new SimulatedClock();
    const never = new Promise<never>(() => {});
    const lookUps = new LookUps(
      { known: () => ({ outcome: 'not-found', rows: [], age: 0 }), ask: () => never },
      { clock, log: recordingLog() },
    );
    for (let count = 0; count < DEFAULT_LOOK_UP_LIMITS.questions; count++)
      void lookUps.lookUp(`Person ${count}/Contoso`);
    lookUps.clear();
    await expect(lookUps.lookUp('One More/Contoso')).rejects.toMatchObject({ code: 'NOTES_BUSY' });
  });

  test('an answer to a question from before a change is not kept', async () => {
    const answers: ((answer: Omit<LookUp, 'age'>) => void)[] = [];
    const lookUps = new LookUps(
      {
        known: () => ({ outcome: 'not-found', rows: [], age: 0 }),
        ask: () => new Promise((resolve) => answers.push(resolve)),
      },
      { clock: new SimulatedClock(), log: recordingLog() },
    );
    const early = lookUps.lookUp('Ana/Contoso');
    lookUps.clear();
    const late = lookUps.lookUp('Ana/Contoso');
    expect(answers).toHaveLength(2);
    answers[1]?.({ outcome: 'ambiguous', rows: [] });
    answers[0]?.({ outcome: 'not-found', rows: [] });
    expect([(await early).outcome, (await late).outcome]).toEqual(['not-found', 'ambiguous']);
    expect((await lookUps.lookUp('Ana/Contoso')).outcome).toBe('ambiguous');
  });
});
