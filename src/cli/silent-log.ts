import type { Log } from '../bridge/ports.js';

/** For commands that tell their findings themselves. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
