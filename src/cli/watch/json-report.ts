import type { Asked } from '../../client/messages.js';
import type { CliIo } from '../io.js';
import { jsonLine } from '../output.js';
import type { WatchReport } from './watch-report.js';

/**
 * One JSON object on a line for everything that happens: `state` of the connection, `asked` (whom the names mean), `people`
 * (each replaces what was said of the address), `status` of the bridge, `message`, `error`. `at` is the local time, milliseconds
 * since 1970.
 */
export function jsonReport(io: Pick<CliIo, 'out'>, now: () => number): WatchReport {
  const tell = (type: string, facts: object): void => io.out(jsonLine({ type, at: now(), ...facts }));
  let asked: ReadonlyMap<string, Asked> | undefined;
  let isLost = false;
  return {
    onState(state, { error }) {
      // Attempts in between are part of one loss.
      if (isLost && state !== 'live') return;
      isLost = state === 'lost';
      tell('state', { state, ...(error && { error: { code: error.code, message: error.message } }) });
    },
    onPeople({ changed, removed }, follow) {
      // What is forgotten then nobody took away.
      if (follow.state === 'refused') return;
      // The client makes another map of each whole view.
      if (follow.asked() !== asked) {
        asked = follow.asked();
        tell('asked', { asked: [...asked.values()] });
      }
      tell('people', { people: changed, removed });
    },
    onBridge: ({ type, ...facts }) => tell(type, facts),
    onMessage: ({ type, ...facts }) => tell(type, facts),
    onError: ({ code, message }) => tell('error', { error: { code, message } }),
    close: () => undefined,
  };
}
