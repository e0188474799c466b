#!/usr/bin/env node
import { askAtTerminal } from './ask-at-terminal.js';
import { runCli } from './cli.js';
import { readInput } from './read-input.js';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // A second signal means now.
    if (stop.signal.aborted) process.exit(75);
    stop.abort();
  });
}
// A mistake of the program: say so and end, so that the service manager starts it anew. What was written stays whole.
process.on('uncaughtException', (error) => {
  process.stderr.write(`INTERNAL: ${error.stack ?? error.message}\n`);
  process.exit(70);
});
// A reader that goes away (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});

// A run whose log nobody reads goes on.
process.stderr.on('error', () => undefined);

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  terminal: process.stdout.isTTY === true,
  // Read anew each time: a window may be resized.
  get columns() {
    return process.stdout.columns || 80;
  },
  get rows() {
    return process.stdout.rows || 24;
  },
  onResize: process.stdout.isTTY
    ? (listener) => {
        process.stdout.on('resize', listener);
        return () => process.stdout.off('resize', listener);
      }
    : undefined,
  input: (maxBytes) => readInput(process.stdin, maxBytes),
  ask: process.stdin.isTTY && process.stderr.isTTY ? (question) => askAtTerminal(question, stop.signal) : undefined,
  stop: stop.signal,
});

/** COMPAT(domino-db): its channel cannot be closed and would keep the process alive for ever. */
function endOnceWritten(): void {
  const wait = setTimeout(() => {
    if (process.stdout.writableLength + process.stderr.writableLength > 0) endOnceWritten();
    else process.exit();
  }, 500);
  // Where nothing else keeps the process alive this does not either.
  wait.unref();
}

endOnceWritten();
