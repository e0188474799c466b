import { machine, peersLine } from './machine.js';
import { comparisonLines, type Goal, goalLines, type Row, tableOf } from './results.js';
import type { Workspace } from './workspace.js';

export interface Conditions {
  readonly rounds: number;
  /** Octets of an average message. */
  readonly messageLength: number;
  readonly workspace: Workspace;
}

/** The section of the page about this benchmark. */
export function document(rows: readonly Row[], goals: readonly Goal[], conditions: Conditions): string {
  const { rounds, messageLength, workspace } = conditions;
  return `## Ingest: octets of a message to a stored record

One update is one BENOTIFY of an OCS server about one person: read the SIP message, read the categories document in
it, compare with what is stored for the person, store it, and put the person into the next write if anything changed.
Framing, signature and socket are not part of it, for anybody.

Machine: ${machine()}
Messages: ${Math.round(messageLength)} octets on average, one in eight with a note. Rounds: ${rounds}.
${peersLine(workspace)}

${tableOf(rows).join('\n')}

Figures are \`median [lowest..highest]\` over the rounds. CPU time is that of the whole process, garbage collection
included.

### Goals

${[...goalLines(goals), ...comparisonLines(rows)].join('\n')}

### How rows are counted

- **bound**: the least work that still gives the answer: a few headers and values found by \`indexOf\`, nothing
  checked, numbers in typed columns. It accepts anything and is no parser; it stands for the limit. The ratios refer
  to the first.
- **product**: the code that runs in the bridge, compiled as shipped: strict SIP decoder, strict XML (well-formed,
  UTF-8, namespaces, limits), merge by publication time, engine with its counts, queue and the records of each write
  of 100, which the store confirms at once.
- **complete peer stack**: a SIP parser, an XML parser and a cache from the package registry, put together as their
  documentation shows. The goal refers to the fastest of these.
- **peer parsers**: a SIP parser that leaves headers unread until asked and a streaming XML parser, with a bare Map as
  store. It has no cache, no expiry and no queue and is no complete stack in this sense; it is shown because it is the
  nearest neighbour, and the goal does not refer to it.
- Octets per person differ in what they hold: the product holds the roster, the index by document key, the snapshot
  and what the person's document says; the others one record. Fixed costs of a process weigh more among fewer people.

### Method

- Each measurement is a process of its own: it checks that the pipeline stores the same statuses as all others, stores
  each person once, warms up, and then takes updates of people chosen at random. Rewriting the message for each
  update is part of every row.
- All pipelines run once per round, in rotating order; a ratio is taken within a round, then its median over the
  rounds.
- Every message is published later than the one before: documents that are outdated would spare the product work.
- Bounds, messages and the selection of peers come from a benchmark that is kept outside this project. Where it is
  absent, the product runs against a bound and messages of its own, and no peers.

### Not measured

Domino itself, real OCS traffic, TLS, signatures, latency.
`;
}
