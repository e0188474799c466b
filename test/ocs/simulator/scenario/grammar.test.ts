import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readStep, SENTENCES } from '../../../../src/ocs/simulator/scenario/grammar.js';
import { readScenario } from '../../../../src/ocs/simulator/scenario/scenario-file.js';
import { slotsFor } from '../../../../src/ocs/simulator/scenario/slots.js';
import { BridgeError } from '../../../../src/presence/errors.js';

const slots = slotsFor(['ana', 'ben'], ['bridge', 'carol'], ['pool1']);

const EXAMPLES: Readonly<Record<string, string>> = {
  person: 'ana',
  home: 'pool1',
  whom: 'ana',
  actor: 'bridge',
  other: 'carol',
  people: 'ana, ben',
  status: 'busy',
  text: '"in a workshop"',
  time: '5s',
  number: '1000',
  fault: 'slow=100;count=3',
  name: 'slow',
  reason: 'timeout',
  event: 'rejected',
  pool: 'pool2.contoso.example',
  certificate: 'expired',
  link: 'connected',
  code: 'OCS_REDIRECT',
  counted: 'sign-ins',
};

function example(usage: string, optional: 'with' | 'without'): string {
  const chosen = optional === 'with' ? usage.replace(/[[\]]/g, '') : usage.replace(/ ?\[[^\]]*\]/g, '');
  return chosen.replace(/<([a-z]+)>/g, (_all, slot: string) => EXAMPLES[slot] ?? '?');
}

function problems(text: string): string {
  try {
    readScenario('file.yaml', text);
    return '';
  } catch (error) {
    return error instanceof BridgeError ? `${error.code}\n${error.message}` : String(error);
  }
}

describe('a step', () => {
  test.each(SENTENCES.map(({ usage }) => usage))('"%s" is read with and without its optional parts', (usage) => {
    for (const optional of ['with', 'without'] as const) {
      expect(readStep(example(usage, optional), slots)).toMatchObject({ ok: true });
    }
  });

  test('becomes what it says', () => {
    expect(readStep('bridge sees ana busy "in a workshop" within 2s', slots)).toEqual({
      ok: true,
      action: { kind: 'sees', actor: 'bridge', person: 'ana', status: 'busy', note: 'in a workshop', within: 2_000 },
    });
    expect(readStep('bridge watches ana and ben', slots)).toEqual(readStep('bridge watches everybody', slots));
    expect(readStep('server falls silent for 90s', slots)).toMatchObject({
      action: { fault: { name: 'silence', scope: { until: 90_000 } } },
    });
  });

  test.each([
    ['ana becomess busy', 4, '"becomess" does not fit here; expected: "becomes", "is"'],
    ['ana becomes bussy', 12, 'a status is available, available-idle'],
    [
      'bob becomes busy',
      0,
      'expected: a name listed under "people", a name listed under "actors", "server", "user", "wait"',
    ],
    ['wait 5 bananas', 7, '"bananas" does not fit here; expected: the end of the step'],
    ['wait', 4, 'the step ends too soon; expected: a time such as 5s'],
    ['bridge says hello to carol', 12, 'expected: a text in "quotes"'],
    ['bridge says "hello to carol', 0, 'the closing " is missing'],
    ['server restarts soon', 16, 'expected: "after", "with"'],
    ['bridge watches ana, dora', 15, '"dora" is not a name listed: ana, ben, bridge, carol'],
    ['', 0, 'the step ends too soon'],
  ])('"%s" is refused at the word that does not fit', (text, at, reason) => {
    const read = readStep(text, slots);
    expect(read).toMatchObject({ ok: false, at });
    expect(read.ok ? '' : read.reason).toContain(reason);
  });

  test('of any text is read or refused, and never throws', () => {
    const word = fc.constantFrom(
      'ana',
      'bridge',
      'server',
      'sees',
      'wait',
      '5s',
      '"a"',
      '"',
      'within',
      'busy',
      '[',
      '<',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join(' ')),
        ),
        (text) => {
          const read = readStep(text, slots);
          if (!read.ok) expect(read.at).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });
});

describe('a scenario file', () => {
  test('names each mistake with its line and column', () => {
    const text = `name: Two mistakes
people: [ana]
actors: { bridge: {} }
steps:
  - ana becomes busy
  - ana becomes bussy
  - "bridge sees ana busy within 2y"
`;
    const [code, first, second, ...more] = problems(text).split('\n');
    expect(code).toBe('SIM_SCENARIO');
    expect(first).toMatch(/^file\.yaml:6:17: /);
    expect(second).toMatch(/^file\.yaml:7:\d+: "2y" is not a time/);
    expect(more).toEqual([]);
  });

  test.each([
    ['name: x\nsteps: []\n', /^file\.yaml:2:8: steps: /m],
    ['name: x\nstep: [wait 1s]\nsteps: [wait 1s]\n', /unknown key "step"; valid keys are name/],
    ['name: x\nname: y\nsteps: [wait 1s]\n', /^file\.yaml:2:1: /m],
    [
      'name: x\npeople: [server]\nsteps: [wait 1s]\n',
      /^file\.yaml:2:10: people\.0: this word has a meaning of its own/m,
    ],
    ['name: x\npeople: [ana]\nactors: { ana: {} }\nsteps: [wait 1s]\n', /"ana" is among the people already/],
    ['name: x\nsteps: [5]\n', /steps\.0: /],
    ['- wait 1s\n', /^file\.yaml:1:1: /m],
    ['name: [\n', /^file\.yaml:/m],
    ['', /^file\.yaml:1:1: /m],
  ])('%j is refused', (text, message) => {
    expect(problems(text)).toMatch(message);
  });

  test('has a bound for its size', () => {
    expect(problems(`name: ${'x'.repeat(300_000)}`)).toContain('a scenario has at most');
  });

  test('names pools, and the home of an account among them', () => {
    const pools = 'name: x\npools: { director: { director: true }, pool1: {} }\n';
    const scenario = readScenario(
      'f',
      `${pools}actors: { carol: { pool: pool1 } }\nsteps: [server moves carol to pool1]\n`,
    );
    expect(scenario.pools).toEqual([
      { name: 'director', director: true, dialect: 'ocs2007' },
      { name: 'pool1', director: false, dialect: 'ocs2007' },
    ]);
    expect(scenario.actors[0]).toMatchObject({ pool: 'pool1' });
    expect(problems(`${pools}actors: { carol: { pool: director } }\nsteps: [wait 1s]\n`)).toContain(
      'file.yaml:3:26: "director" is no pool listed under "pools" that is no director',
    );
    expect(problems('name: x\npools: { a: { director: true } }\nsteps: [wait 1s]\n')).toContain(
      'one of the pools must be no director',
    );
  });

  test('keeps the lines of its steps and the accounts of its actors', () => {
    const { steps, actors } = readScenario(
      'file.yaml',
      'name: x\nactors: { bridge: { account: presence.bridge, outside: true }, carol: {} }\nsteps:\n  - wait 1s\n\n  - wait 2s\n',
    );
    expect(steps.map(({ line, text }) => [line, text])).toEqual([
      [4, 'wait 1s'],
      [6, 'wait 2s'],
    ]);
    expect(actors).toEqual([
      { name: 'bridge', account: 'presence.bridge', outside: true },
      { name: 'carol', account: 'carol', outside: false },
    ]);
  });
});
