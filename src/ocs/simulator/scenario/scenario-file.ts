import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { BridgeError } from '../../../presence/errors.js';
import { DIALECTS } from '../options.js';
import { readStep } from './grammar.js';
import { slotsFor } from './slots.js';
import type { Scenario, Step } from './step.js';

const MAX_BYTES = 256 * 1024;
const MAX_STEPS = 1000;
const MAX_PEOPLE = 1000;
const MAX_POOLS = 10;
/** Words of sentences that nobody may be called. */
const RESERVED: ReadonlySet<string> = new Set(['server', 'wait', 'everybody', 'and']);

const name = z
  .string()
  .regex(/^[a-z][a-z0-9.-]{0,63}$/, 'a name is lower-case letters, digits, dot and hyphen')
  .refine((word) => !RESERVED.has(word), 'this word has a meaning of its own; choose another name');

/** As `z.strictObject`; a key that it does not know is answered with those it does. */
function section<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown key "${issue.keys.join('", "')}"; valid keys are ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

const actor = section({
  account: name.optional(),
  /** Played by whatever client connects, when the scenario is played to one. */
  outside: z.boolean().default(false),
  pool: z.string().optional(),
});

const pool = section({
  director: z.boolean().default(false),
  dialect: z.enum(DIALECTS).default('ocs2007'),
});

const poolName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'the name of a pool is lower-case letters, digits and hyphen');

const schema = section({
  name: z.string().min(1).max(200),
  description: z.string().max(4000).default(''),
  people: z.array(name).max(MAX_PEOPLE).default([]),
  pools: z
    .record(poolName, pool)
    .default({})
    .refine((pools) => Object.keys(pools).length <= MAX_POOLS, `there are at most ${MAX_POOLS} pools`)
    .refine(
      (pools) => Object.keys(pools).length === 0 || homesOf(pools).length > 0,
      'one of the pools must be no director',
    ),
  actors: z.record(name, actor).default({}),
  steps: z.array(z.string()).min(1).max(MAX_STEPS),
});

/** Names of the pools that accounts can be homed on. */
function homesOf(pools: Readonly<Record<string, { readonly director: boolean }>>): readonly string[] {
  return Object.keys(pools).filter((name) => pools[name]?.director === false);
}

/**
 * Reads a scenario. Throws `SIM_SCENARIO` whose message has one line `file:line:column: ...` for each mistake.
 * @param file Name for messages.
 */
export function readScenario(file: string, text: string): Scenario {
  const lines = new LineCounter();
  const problems: string[] = [];
  const report = (offset: number, message: string): void => {
    const { line, col } = lines.linePos(offset);
    problems.push(`${file}:${line}:${col}: ${message}`);
  };
  const stopAtProblems = (): void => {
    if (problems.length > 0) throw new BridgeError('SIM_SCENARIO', problems.join('\n'));
  };
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw new BridgeError('SIM_SCENARIO', `${file}:1:1: a scenario has at most ${MAX_BYTES} bytes`);
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  for (const { pos, message } of document.errors) report(pos[0], message);
  stopAtProblems();
  const offsetOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length >= 0; length--) {
      const node: unknown = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return 0;
  };
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 10 }));
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const where = issue.path.map(String).join('.');
      report(offsetOf(issue.path), where === '' ? issue.message : `${where}: ${issue.message}`);
    }
    stopAtProblems();
    throw new BridgeError('SIM_SCENARIO', `${file}:1:1: this is no scenario`);
  }
  const { people, actors, pools, steps: texts, ...head } = parsed.data;
  const homes = homesOf(pools);
  const slots = slotsFor(people, Object.keys(actors), homes);
  const steps: Step[] = [];
  for (const [index, stepText] of texts.entries()) {
    const offset = offsetOf(['steps', index]);
    const read = readStep(stepText, slots);
    if (read.ok) steps.push({ action: read.action, text: stepText, line: lines.linePos(offset).line });
    else report(offset + read.at, read.reason);
  }
  for (const person of people) {
    if (person in actors) report(offsetOf(['actors', person]), `"${person}" is among the people already`);
  }
  for (const [word, { pool: home }] of Object.entries(actors)) {
    if (home !== undefined && !homes.includes(home)) {
      report(offsetOf(['actors', word, 'pool']), `"${home}" is no pool listed under "pools" that is no director`);
    }
  }
  stopAtProblems();
  return {
    ...head,
    people,
    pools: Object.entries(pools).map(([word, rest]) => ({ name: word, ...rest })),
    actors: Object.entries(actors).map(([word, { account, ...rest }]) => ({
      name: word,
      account: account ?? word,
      ...rest,
    })),
    steps,
  };
}
