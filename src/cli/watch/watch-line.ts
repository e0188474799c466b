import type { BridgeStatusMessage } from '../../client/messages.js';
import type { CliIo } from '../io.js';
import { duration, harmless, paint } from '../output.js';
import { fitted } from './text-width.js';
import type { Connection, WatchState } from './watch-state.js';

type LinePaper = Pick<CliIo, 'terminal' | 'columns'>;

const SIGNS = {
  connecting: ['◌', 'yellow'],
  connected: ['●', 'green'],
  resumed: ['●', 'green'],
  reloaded: ['●', 'green'],
  lost: ['✕', 'red'],
} as const satisfies Record<Connection, readonly [string, string]>;

/** The connection and the bridge behind it in one line, the more important first; cut where the terminal ends. */
export function stateLine(state: WatchState, paper: LinePaper, now: number): string {
  const isQuiet = state.isSilent && state.connection !== 'lost';
  const [sign, colour] = isQuiet ? (['✕', 'red'] as const) : SIGNS[state.connection];
  const text = [connectionText(state, now), ...sidesText(state.bridge, state)].join(' · ');
  return `${paint(paper, colour, sign)} ${fitted(text, Math.max(1, paper.columns - 2)).trimEnd()}`;
}

function connectionText({ connection, connectionSince, isSilent, lostBecause }: WatchState, now: number): string {
  switch (connection) {
    case 'connecting':
      return 'connecting';
    case 'lost': {
      const doubt = isSilent ? ', statuses unknown' : '';
      const reason = lostBecause === undefined ? '' : ` (${harmless(lostBecause)})`;
      return `bridge lost ${duration(now - connectionSince)} ago${doubt}, trying again${reason}`;
    }
    default:
      return isSilent ? 'bridge silent, statuses unknown' : 'connected';
  }
}

/** What the bridge said of its two sides; nothing once that is old. */
function sidesText(bridge: BridgeStatusMessage | undefined, { connection, isSilent }: WatchState): readonly string[] {
  if (bridge === undefined || connection === 'lost' || isSilent) return [];
  return [
    `OCS ${harmless(bridge.ocs.state)}`,
    `Domino ${harmless(bridge.notes.state)}`,
    ...(bridge.bridge === '' ? [] : [`bridge ${harmless(bridge.bridge)}`]),
  ];
}
