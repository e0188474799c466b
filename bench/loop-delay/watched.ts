import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DEFAULT_ENGINE_CONFIG } from '../../src/bridge/engine/state.js';
import type { Person, StatusStore } from '../../src/bridge/ports.js';
import { Bridge } from '../../src/bridge/runtime/bridge.js';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { createOcsSource } from '../../src/ocs/source.js';
import { parseSipUri, type SipUri, sipKeyOf } from '../../src/presence/ids.js';
import { ACCOUNT, addressOf, type FromWatched, type ToWatched } from './words.js';

/**
 * A process whose event loop is watched: the whole bridge on a real connection, or, as control, one that was never told
 * to start anything.
 */

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
/** A Domino that confirms everything. */
const store: StatusStore = {
  open: () => Promise.resolve({ people: [], highestEpoch: 0, duplicates: 0, conflicts: 0, leftAlone: 0 }),
  write: (records) => Promise.resolve({ written: records.map(({ person }) => person.key), failed: new Map() }),
  heartbeat: () => Promise.resolve(),
  remove: (keys) => Promise.resolve({ written: keys, failed: new Map() }),
  close: () => Promise.resolve(),
};

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let bridge: Bridge | undefined;

function start(port: number, people: number): void {
  // Whoever loses a connection waits at random before it comes back, here as shortly as may be.
  const random = { ...systemRandom, unit: () => 0 };
  const ports = { clock: systemClock, random, log: silent };
  const source = createOcsSource(
    {
      ...{
        account: usable(ACCOUNT),
        user: 'presence.bridge',
        domain: 'CONTOSO',
        password: 'Winter-2009!',
        notes: true,
      },
      server: { host: '127.0.0.1', port, transport: 'tcp' },
      // One subscription for all, or no answer would be about more than a hundred people.
      batchSize: people,
      backoff: { baseMs: 1, capMs: 2 },
    },
    ports,
  );
  const config = { ...DEFAULT_ENGINE_CONFIG, bridge: 'bench', version: '0', notes: true };
  const roster = Array.from({ length: people }, (_, index): Person => {
    const uri = usable(addressOf(index));
    return { uri, key: sipKeyOf(uri), name: undefined, displayName: '' };
  });
  bridge = new Bridge(
    config,
    { source, store, ...ports },
    {
      onLink: (partner, report) => {
        if (partner === 'ocs' && report.state === 'connected') say({ type: 'started' });
      },
    },
  );
  bridge.start({ people: roster, optedOut: new Set() });
}

function usable(text: string): SipUri {
  const parsed = parseSipUri(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

function known(): number {
  const status = bridge?.status();
  return status === undefined ? 0 : status.people - status.counts.unknown;
}

function say(message: FromWatched): void {
  process.send?.(message);
}

process.on('message', (message: ToWatched) => {
  if (message.type === 'start') start(message.port, message.people);
  else if (message.type === 'begin') {
    delay.reset();
    say({ type: 'begun' });
  } else {
    // The stop under way is noted down by the next tick of the monitor.
    setTimeout(() => say({ type: 'ended', longestMs: delay.max / 1e6, known: known() }), 5);
  }
});
process.on('disconnect', () => process.exit(0));
