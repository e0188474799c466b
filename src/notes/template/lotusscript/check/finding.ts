import type { Position } from '../syntax.js';

/** A mistake in a script. `event` names the section, `at` counts lines as the section's `firstLine` says. */
export interface ScriptFinding {
  readonly event: string;
  readonly at: Position;
  readonly reason: string;
}

/** Takes a mistake found in the section that is being checked. */
export type Report = (at: Position, reason: string) => void;
