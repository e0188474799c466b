import type { Asked } from '../../client/messages.js';
import type { Vocabulary } from '../../presence/vocabularies.js';
import type { CliIo } from '../io.js';
import { harmless } from '../output.js';
import { clockTime, WatchLines } from './watch-lines.js';
import type { WatchReport } from './watch-report.js';
import { isFound } from './watch-rows.js';

/** A line for each change on standard output; what becomes of the connection on standard error. */
export function lineReport(
  io: Pick<CliIo, 'out' | 'err'>,
  words: readonly Vocabulary[],
  now: () => number,
): WatchReport {
  const lines = new WatchLines(words);
  let asked: ReadonlyMap<string, Asked> | undefined;
  let wasLost = false;
  return {
    onState(state, { error }) {
      if (state === 'live' && wasLost) io.err(`${clockTime(now())} connected again\n`);
      // Attempts in between are part of one loss.
      if (state === 'lost' && !wasLost) {
        io.err(
          `${clockTime(now())} bridge lost, trying again: ${harmless(error?.message ?? 'the connection ended')}\n`,
        );
      }
      wasLost = state === 'lost' || (wasLost && state === 'connecting');
    },
    onPeople(change, follow) {
      // What is forgotten then nobody took away.
      if (follow.state === 'refused') return;
      // The client makes another map of each whole view.
      if (follow.asked() !== asked) {
        asked = follow.asked();
        for (const one of asked.values()) if (!isFound(one)) io.err(`- ${harmless(one.query)}: ${one.reason}\n`);
      }
      for (const line of lines.of(change, now())) io.out(`${line}\n`);
    },
    onMessage: ({ from, name, text }) => io.out(`${clockTime(now())} " ${harmless(name ?? from)}: ${harmless(text)}\n`),
    onError: ({ code, message }) => io.err(`${code}: ${harmless(message)}\n`),
    close: () => undefined,
  };
}
