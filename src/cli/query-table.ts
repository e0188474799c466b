import type { PersonAnswer } from '../bridge/api/people/query-schemas.js';
import type { Words } from '../bridge/api/people/query-words.js';
import type { WhyAnswer } from '../bridge/api/people/why-schemas.js';
import type { Status } from '../presence/availability.js';
import type { Vocabulary } from '../presence/vocabularies.js';
import type { CliIo } from './io.js';
import { clip, duration, harmless, paint, table } from './output.js';

const COLOURS = {
  available: 'green',
  'available-idle': 'green',
  busy: 'red',
  'busy-idle': 'red',
  'do-not-disturb': 'red',
  'be-right-back': 'yellow',
  away: 'yellow',
  offline: 'gray',
  unknown: 'gray',
} as const satisfies Record<Status, string>;

/** One line: who was asked for, what is so, and why where that was asked. */
export type QueriedPerson = Pick<
  PersonAnswer,
  'query' | 'status' | 'activity' | 'outOfOffice' | 'since' | 'observedAt' | 'reason' | 'words'
> & { readonly why?: Pick<WhyAnswer, 'rule' | 'says' | 'ocs' | 'application' | 'list'> };

export interface Queried {
  /** Milliseconds since 1970, by the clock of the bridge. */
  readonly at: number;
  readonly people: readonly QueriedPerson[];
}

/**
 * The answer as a table, one line for each who was asked for. Times are told by the clock of the bridge. A terminal gets
 * colour, and lines that fit.
 */
export function queryTable(io: CliIo, { at, people }: Queried, words: readonly Vocabulary[]): string {
  const ago = (time: number | undefined): string => (time === undefined ? '' : `${duration(at - time)} ago`);
  const isExplained = people.some(({ why }) => why !== undefined);
  const rows = people.map((one) => [
    harmless(one.query),
    paint(io, COLOURS[one.status], one.status),
    activityOf(one),
    ago(one.since),
    ago(one.observedAt),
    one.reason ?? '',
    ...words.map((word) => wordCell(one.words ?? {}, word)),
    ...(isExplained ? [harmless(one.why?.says ?? '')] : []),
  ]);
  const headings = ['asked', 'status', 'activity', 'since', 'as of', 'reason', ...words];
  const text = table(isExplained ? [...headings, 'why'] : headings, rows);
  if (!io.terminal) return text;
  return text
    .split('\n')
    .map((line) => clip(line, io.columns))
    .join('\n');
}

function activityOf({ activity, outOfOffice }: QueriedPerson): string {
  return [...(activity === undefined ? [] : [harmless(activity)]), ...(outOfOffice ? ['out of office'] : [])].join(
    ', ',
  );
}

/** One vocabulary in one cell. */
export function wordCell({ mistatus, lync, graph, rpid }: Words, word: Vocabulary): string {
  switch (word) {
    case 'mistatus':
      return mistatus === undefined ? '' : harmless(`${mistatus.name} (${mistatus.value})`);
    case 'lync':
      return lync === undefined ? '' : harmless([`${lync.name} (${lync.availability})`, lync.activity ?? ''].join(' '));
    case 'graph':
      return graph === undefined ? '' : harmless(`${graph.availability}/${graph.activity}`);
    case 'rpid':
      return rpid === undefined
        ? ''
        : harmless([rpid.basic ?? '', ...rpid.activities, ...(rpid.idle ? ['idle'] : [])].join(' '));
  }
}
