import { type DestinationStream, destination as fileDescriptor, type Logger, pino, stdTimeFunctions } from 'pino';
import type { Log, LogFields } from '../ports.js';
import { safeFields } from './log-fields.js';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogOptions {
  /** Lines of level `debug` show people by address and name; all others by `SipKey` only. */
  readonly level: LogLevel;
  /** Where lines go; standard error when absent, since standard output belongs to the command's own answer. */
  readonly destination?: DestinationStream;
}

const STANDARD_ERROR = 2;

/** Valid inside JSON, but a terminal obeys them: C1 controls, line separators, marks that turn the reading direction. */
const TERMINAL_MARKS = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
 * A log of JSON lines: `{"level":"info","time":"2026-01-05T09:30:00.000Z","event":"ocs-link","state":"connected"}`.
 * One event is one line whatever its fields hold; see `safeFields` for what is cut, hidden and renamed.
 */
export function createLog(options: LogOptions): Log {
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: escapeTerminalMarks },
    },
    options.destination ?? fileDescriptor({ fd: STANDARD_ERROR, sync: true }),
  );
  const writer =
    (level: Exclude<LogLevel, 'silent'>) =>
    (event: string, fields: LogFields = {}): void => {
      if (!logger.isLevelEnabled(level)) return;
      const people = level === 'debug' ? 'in-clear' : 'pseudonyms';
      writeLine(logger, level, { event, ...safeFields(fields, people) });
    };
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') };
}

/** A full disk or a closed pipe must not take the bridge down; there is nowhere left to say so. */
function writeLine(logger: Logger, level: Exclude<LogLevel, 'silent'>, line: Record<string, unknown>): void {
  try {
    logger[level](line);
  } catch {
    // Lost on purpose, see above.
  }
}

function escapeTerminalMarks(line: string): string {
  return line.replace(TERMINAL_MARKS, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
