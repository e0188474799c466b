import type { FollowPhase } from '../../client/follow-state.js';
import type { BridgeStatusMessage } from '../../client/messages.js';
import type { CliIo } from '../io.js';
import { duration, harmless, paint } from '../output.js';
import { fitted } from './text-width.js';
import type { WatchView } from './watch-view.js';

const SIGNS = {
  connecting: ['◌', 'yellow'],
  live: ['●', 'green'],
  lost: ['✕', 'red'],
  refused: ['✕', 'red'],
  stopped: ['✕', 'red'],
} as const satisfies Record<FollowPhase, readonly [string, string]>;

/** The connection and the bridge behind it in one line, the more important first; cut where the terminal ends. */
export function stateLine(view: WatchView, paper: Pick<CliIo, 'terminal' | 'columns'>, now: number): string {
  const [sign, colour] = SIGNS[view.phase];
  const text = [connectionText(view, now), ...sidesText(view)].join(' · ');
  return `${paint(paper, colour, sign)} ${fitted(text, Math.max(1, paper.columns - 2)).trimEnd()}`;
}

function connectionText({ phase, phaseSince, error }: WatchView, now: number): string {
  const reason = error === undefined ? '' : ` (${harmless(error)})`;
  switch (phase) {
    case 'connecting':
      return `connecting${reason}`;
    case 'live':
      return 'connected';
    default:
      return `bridge lost ${duration(now - phaseSince)} ago, trying again${reason}`;
  }
}

/** What the bridge said of its two sides; nothing while it is not there. */
function sidesText({ bridge, phase }: WatchView): readonly string[] {
  return phase !== 'live' || bridge === undefined ? [] : [...sides(bridge), `bridge ${harmless(bridge.bridge)}`];
}

function sides({ ocs, notes }: BridgeStatusMessage): readonly string[] {
  return [`OCS ${harmless(ocs.state)}`, `Domino ${harmless(notes.state)}`];
}
