/** Bounds of reading one script or one section of it. */
export interface ScriptLimits {
  /** Characters. */
  readonly length: number;
  /** Words, signs and values. */
  readonly tokens: number;
  /** Levels of blocks and brackets. */
  readonly depth: number;
  /** Levels of one expression: a chain of n operators has n of them. */
  readonly height: number;
  /** Characters of a name, without suffix. */
  readonly name: number;
  /** Characters of a literal text. */
  readonly text: number;
}

/** Names and texts as the vendor's language reference limits them ("Identifier construction rules", "Limits on string data"). */
export const SCRIPT_LIMITS: ScriptLimits = {
  length: 1_000_000,
  tokens: 200_000,
  depth: 64,
  height: 400,
  name: 40,
  text: 16_267,
};
