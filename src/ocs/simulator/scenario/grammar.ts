import type { Status } from '../../../presence/availability.js';
import type { ErrorCode } from '../../../presence/errors.js';
import type { Result } from '../../../presence/result.js';
import type { CertificateFlaw } from '../faults/fault.js';
import { type FaultSpec, readFault } from '../faults/fault-spec.js';
import { match, type Pattern, patternOf, type Slot, type Values } from './pattern.js';
import type { Counted, LinkWord, StepAction } from './step.js';
import { tokensOf } from './tokens.js';

/** One kind of step: how it is written, what it means, what it becomes. */
export interface Sentence {
  readonly usage: string;
  readonly meaning: string;
  readonly build: (values: Slots) => StepAction;
}

/** Values of slots, as `slotsFor` reads them. */
interface Slots {
  readonly person: string;
  /** A person or an actor. */
  readonly whom: string;
  readonly actor: string;
  readonly other: string;
  readonly people: readonly string[];
  readonly status: Status;
  readonly text: string | undefined;
  readonly time: number | undefined;
  readonly number: number | undefined;
  readonly fault: FaultSpec;
  readonly name: string;
  readonly reason: string;
  readonly event: string;
  readonly pool: string | undefined;
  readonly home: string;
  readonly certificate: string;
  readonly link: LinkWord;
  readonly code: ErrorCode;
  readonly counted: Counted;
}

/** Time for expectations without one. */
const SOON_MS = 10_000;

/** All sentences that a step can be, in the order of the guide. */
export const SENTENCES: readonly Sentence[] = [
  {
    usage: '<person> becomes <status> [<text>]',
    meaning: 'The status of somebody changes, with a note if one is given.',
    build: ({ person, status, text }) => ({ kind: 'becomes', person, status, note: text }),
  },
  {
    usage: '<person> is out of office [<text>]',
    meaning: 'Somebody is away and has set an out-of-office message.',
    build: ({ person, text }) => ({ kind: 'out-of-office', person, note: text }),
  },
  {
    usage: '<actor> signs in',
    meaning: 'The actor begins to sign in; for a client from outside: waits until it has.',
    build: ({ actor }) => ({ kind: 'sign-in', actor, wrongPassword: false }),
  },
  {
    usage: '<actor> signs in with a wrong password',
    meaning: 'The actor begins to sign in with a password that is not its own.',
    build: ({ actor }) => ({ kind: 'sign-in', actor, wrongPassword: true }),
  },
  {
    usage: '<actor> signs off',
    meaning: 'The actor ends its registration and its connection.',
    build: ({ actor }) => ({ kind: 'sign-off', actor }),
  },
  {
    usage: '<actor> watches <people>',
    meaning: 'The actor watches these people (and actors) and nobody else: names, or "everybody".',
    build: ({ actor, people }) => ({ kind: 'watch', actor, people }),
  },
  {
    usage: '<actor> sees <whom> <status> [<text>] [within <time>]',
    meaning: 'Expected: the actor shows this status (and note), at once or by then.',
    build: ({ actor, whom, status, text, time = SOON_MS }) => ({
      kind: 'sees',
      actor,
      person: whom,
      status,
      note: text,
      within: time,
    }),
  },
  {
    usage: '<actor> keeps seeing <whom> <status> for <time>',
    meaning: 'Expected: the actor shows this status and no other all that time.',
    build: ({ actor, whom, status, time = 0 }) => ({
      kind: 'keeps-seeing',
      actor,
      person: whom,
      status,
      duration: time,
    }),
  },
  {
    usage: '<actor> is <link> [within <time>]',
    meaning: 'Expected: the link of the actor stands so, at once or by then.',
    build: ({ actor, link, time = SOON_MS }) => ({ kind: 'link', actor, link, within: time }),
  },
  {
    usage: '<actor> fails with <code> [within <time>]',
    meaning: 'Expected: the actor reports this error code.',
    build: ({ actor, code, time = SOON_MS }) => ({ kind: 'fails', actor, code, within: time }),
  },
  {
    usage: '<actor> publishes <status> [<text>]',
    meaning: 'The actor sets its own status, with a note if one is given.',
    build: ({ actor, status, text }) => ({ kind: 'publish', actor, status, note: text }),
  },
  {
    usage: '<actor> says <text> to <other>',
    meaning: 'The actor sends an instant message.',
    build: ({ actor, text = '', other }) => ({ kind: 'say', actor, text, other }),
  },
  {
    usage: '<actor> hears <text> from <other> [within <time>]',
    meaning: 'Expected: this instant message has arrived.',
    build: ({ actor, text = '', other, time = SOON_MS }) => ({ kind: 'hears', actor, text, other, within: time }),
  },
  {
    usage: 'server stops',
    meaning: 'All connections end, and the ports are closed.',
    build: () => ({ kind: 'server', does: 'stop' }),
  },
  {
    usage: 'server starts',
    meaning: 'The ports are open again; nobody is signed in.',
    build: () => ({ kind: 'server', does: 'start' }),
  },
  {
    usage: 'server restarts [after <time>]',
    meaning: 'Both, so much later.',
    build: ({ time = 0 }) => ({ kind: 'restart', after: time }),
  },
  {
    usage: 'server cuts the connection [after <number> bytes]',
    meaning: 'Each connection ends once, at the next message or after so many octets.',
    build: ({ number = 0 }) => ({ kind: 'fault', fault: fault(`cut=${number};count=1`) }),
  },
  {
    usage: 'server resets the connection [after <number> bytes]',
    meaning: 'Likewise, by a TCP reset.',
    build: ({ number = 0 }) => ({ kind: 'fault', fault: fault(`reset=${number};count=1`) }),
  },
  {
    usage: 'server falls silent [for <time>]',
    meaning: 'The server answers nothing and keeps the connections.',
    build: ({ time }) => ({ kind: 'fault', fault: fault(time === undefined ? 'silence' : `silence;until=${time}ms`) }),
  },
  {
    usage: 'server begins <fault> [for <time>]',
    meaning: 'A fault of the list, written as on the command line.',
    build: ({ fault: begun, time }) => ({
      kind: 'fault',
      fault:
        time === undefined ? begun : { ...begun, scope: { ...begun.scope, until: (begun.scope.from ?? 0) + time } },
    }),
  },
  {
    usage: 'server ends all faults',
    meaning: 'All is well again from here on.',
    build: () => ({ kind: 'end-fault', name: undefined }),
  },
  {
    usage: 'server ends subscriptions because <reason> [retry after <time>]',
    meaning: 'All subscriptions to presence end with this reason (RFC 6665).',
    build: ({ reason, time }) => {
      const retryAfter = time === undefined ? undefined : Math.ceil(time / 1000);
      return { kind: 'act', act: { kind: 'end-subscriptions', reason, retryAfter }, whom: undefined };
    },
  },
  {
    usage: 'server ends fault <name>',
    meaning: 'This fault is over.',
    build: ({ name }) => ({ kind: 'end-fault', name }),
  },
  {
    usage: 'server signs <actor> off because <event>',
    meaning: 'The server removes the registration of the actor and says so.',
    build: ({ actor, event }) => ({ kind: 'act', act: { kind: 'deregister', event }, whom: actor }),
  },
  {
    usage: 'server disables <actor>',
    meaning: 'The account of the actor is disabled: it is signed off, and refused from then on.',
    build: ({ actor }) => ({ kind: 'enabled', whom: actor, enabled: false }),
  },
  {
    usage: 'server enables <actor>',
    meaning: 'The account may be used again.',
    build: ({ actor }) => ({ kind: 'enabled', whom: actor, enabled: true }),
  },
  {
    usage: 'server moves <actor> to <home>',
    meaning: 'The account of the actor has another home pool from now on, and is signed off.',
    build: ({ actor, home }) => ({ kind: 'move', whom: actor, pool: home }),
  },
  {
    usage: 'user services go down',
    meaning: 'Presence and contact lists are out of order, while registrations go on.',
    build: () => ({ kind: 'user-services', down: true }),
  },
  {
    usage: 'user services come back',
    meaning: 'They are in order again.',
    build: () => ({ kind: 'user-services', down: false }),
  },
  {
    usage: 'server asks to resubscribe <person> [at <pool>]',
    meaning: 'Watchers shall subscribe to this person by itself, or at that pool.',
    build: ({ person, pool }) => ({
      kind: 'act',
      act: { kind: 'resubscribe', person: undefined, pool },
      whom: undefined,
      person,
    }),
  },
  {
    usage: 'server restarts with certificate <certificate>',
    meaning: 'The server restarts with such a certificate: good, expired, wrong-name, unknown-authority.',
    build: ({ certificate }) => ({
      kind: 'certificate',
      flaw: certificate === 'good' ? undefined : (certificate as CertificateFlaw),
    }),
  },
  {
    usage: 'server has counted at most <number> <counted>',
    meaning: 'Expected: no more of them since the start of the scenario.',
    build: ({ number = 0, counted }) => ({ kind: 'counted', atMost: true, number, what: counted }),
  },
  {
    usage: 'server has counted at least <number> <counted>',
    meaning: 'Expected: no fewer of them since the start of the scenario.',
    build: ({ number = 0, counted }) => ({ kind: 'counted', atMost: false, number, what: counted }),
  },
  {
    usage: 'wait <time>',
    meaning: 'Nothing happens for so long.',
    build: ({ time = 0 }) => ({ kind: 'wait', duration: time }),
  },
];

const PATTERNS: readonly (readonly [Pattern, Sentence])[] = SENTENCES.map((sentence) => [
  patternOf(sentence.usage),
  sentence,
]);

export type ReadStep =
  | { readonly ok: true; readonly action: StepAction }
  /** `at`: characters before the word that does not fit. */
  | { readonly ok: false; readonly reason: string; readonly at: number };

/** Reads one step. The reason of a refusal names the word, and what would fit there. */
export function readStep(text: string, slots: Readonly<Record<string, Slot>>): ReadStep {
  const tokens = tokensOf(text);
  if (!tokens.ok) return { ...tokens, at: 0 };
  let fitted = 0;
  let expected = new Set<string>();
  let reasons = new Set<string>();
  for (const [pattern, sentence] of PATTERNS) {
    const found = match(pattern, tokens.value, slots);
    if (found.ok) return { ok: true, action: sentence.build(found.values as Values & Slots) };
    if (found.fitted < fitted) continue;
    if (found.fitted > fitted) {
      expected = new Set();
      reasons = new Set();
    }
    fitted = found.fitted;
    expected.add(found.expected);
    if (found.reason !== undefined) reasons.add(found.reason);
  }
  const token = tokens.value[fitted];
  const at = token?.at ?? text.length;
  const wanted = [...expected].join(', ');
  const [reason] = reasons;
  if (reasons.size === 1 && expected.size === 1 && reason !== undefined) return { ok: false, at, reason };
  return {
    ok: false,
    at,
    reason: token
      ? `"${token.value}" does not fit here; expected: ${wanted}`
      : `the step ends too soon; expected: ${wanted}`,
  };
}

/** A fault that is written in this file. */
function fault(text: string): FaultSpec {
  const read: Result<FaultSpec> = readFault(text);
  if (!read.ok) throw new RangeError(read.reason);
  return read.value;
}
