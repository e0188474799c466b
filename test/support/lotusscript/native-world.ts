import type { Value } from './values.js';

/** The classes and constants of Notes, as an interpreter knows them. */
export interface NativeWorld {
  /** `New` of a Notes class. */
  create(className: string, args: readonly Value[]): Value;
  /** By name in lower case. */
  constant(key: string): Value | undefined;
}
