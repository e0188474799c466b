import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Site } from './site.js';
import type { FromWatched, ToWatched } from './words.js';

/** A process whose event loop and CPU time are watched: that of the bridge, or one that is never told to open a site. */

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let cpu = process.cpuUsage();
let begun = performance.now();
let site: Site | undefined;

function say(message: FromWatched): void {
  process.send?.(message);
}

async function handle(message: ToWatched): Promise<void> {
  switch (message.type) {
    case 'open':
      site = new Site(message);
      return say({ type: 'opened' });
    case 'begin':
      globalThis.gc?.();
      // What the collection stopped is noted down by the next tick of the monitor.
      await new Promise((resolve) => setTimeout(resolve, 20));
      delay.reset();
      cpu = process.cpuUsage();
      begun = performance.now();
      return say({ type: 'begun' });
    case 'run':
      return say({ type: 'done', changes: (await site?.run(message.phase)) ?? 0 });
    case 'end': {
      const wallSeconds = (performance.now() - begun) / 1000;
      const { user, system } = process.cpuUsage(cpu);
      await new Promise((resolve) => setTimeout(resolve, 5));
      const longestStopMs = delay.max / 1e6;
      globalThis.gc?.();
      const { rss, heapUsed } = process.memoryUsage();
      const cpuSeconds = (user + system) / 1e6;
      const megabytes = { rssMegabytes: rss / 2 ** 20, heapMegabytes: heapUsed / 2 ** 20 };
      return say({ type: 'ended', wallSeconds, cpuSeconds, longestStopMs, ...megabytes });
    }
  }
}

process.on('message', (message: ToWatched) => {
  void handle(message).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit(0));
