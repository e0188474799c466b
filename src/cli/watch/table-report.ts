import type { Follow } from '../../client/follow.js';
import type { IncomingTextMessage } from '../../client/messages.js';
import type { Vocabulary } from '../../presence/vocabularies.js';
import type { CliIo } from '../io.js';
import type { WatchReport } from './watch-report.js';
import { watchTable } from './watch-table.js';
import type { WatchView } from './watch-view.js';

const ESC = '\u001b[';
/** The other screen of the terminal, without cursor, and lines that end at the edge instead of going on below it. */
const ENTER = `${ESC}?1049h${ESC}?25l${ESC}?7l`;
const LEAVE = `${ESC}?7h${ESC}?25h${ESC}?1049l`;
const HOME = `${ESC}H`;
/** Before the line: behind one that reaches the edge the cursor stands on its last letter. */
const CLEAR_LINE = `${ESC}2K`;
const CLEAR_BELOW = `\r\n${ESC}J`;

/** Many changes at once are one picture. */
const COLLECT_MS = 100;
/** Ages grow meanwhile. */
const AGES_MS = 1_000;
const MESSAGES_KEPT = 5;

/** A table that is rewritten in place at each change. Gives the terminal back as it was when it is closed or the process ends. */
export function tableReport(io: CliIo, words: readonly Vocabulary[], now: () => number): WatchReport {
  let follow: Follow | undefined;
  let phase: Follow['state'] = 'connecting';
  let phaseSince = now();
  let ahead = 0;
  let messages: readonly IncomingTextMessage[] = [];
  let pending: NodeJS.Timeout | undefined;

  const view = (): WatchView => ({
    phase,
    phaseSince,
    error: follow?.error?.message,
    asked: [...(follow?.asked().values() ?? [])],
    people: [...(follow?.people().values() ?? [])],
    bridge: follow?.bridge,
    ahead,
    messages,
  });
  const draw = (): void => {
    clearTimeout(pending);
    pending = undefined;
    const { terminal, columns, rows } = io;
    const lines = watchTable(view(), { terminal, columns, rows, words }, now());
    const rest = lines.length < rows ? CLEAR_BELOW : '';
    io.out(HOME + lines.map((line) => CLEAR_LINE + line).join('\r\n') + rest);
  };
  const soon = (of: Follow): void => {
    follow = of;
    pending ??= setTimeout(draw, COLLECT_MS);
  };

  io.out(ENTER);
  const restore = (): void => io.out(LEAVE);
  // Also when a second Ctrl+C ends the process at once.
  process.once('exit', restore);
  const ages = setInterval(draw, AGES_MS);
  const unresize = io.onResize?.(draw);
  draw();
  return {
    onState(state, of) {
      // Attempts in between are part of one loss.
      const isLost = phase === 'lost' && state === 'connecting';
      if (!isLost && state !== phase) {
        phase = state;
        phaseSince = now();
      }
      soon(of);
    },
    onPeople: (_, of) => soon(of),
    onBridge({ now: bridgeNow }, of) {
      ahead = bridgeNow - now();
      soon(of);
    },
    onMessage(message, of) {
      messages = [...messages, message].slice(-MESSAGES_KEPT);
      soon(of);
    },
    close() {
      clearInterval(ages);
      clearTimeout(pending);
      unresize?.();
      process.off('exit', restore);
      restore();
    },
  };
}
