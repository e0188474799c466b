import { defineConfig } from 'vitest/config';

/** Suites that need programs from outside (sipe-peer, Chromium) run only from `.ci/run`, by `--project interop`. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/interop/**'],
          testTimeout: 10_000,
          // No test changes what another one sees; loading the sources once halves the time.
          isolate: false,
          // Much of the time is waiting for sockets.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'interop',
          include: ['test/interop/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Two files at once: most of the time is waiting for foreign programs and for time to pass.
          maxWorkers: 2,
        },
      },
    ],
  },
});
