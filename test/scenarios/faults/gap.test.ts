import { afterEach, expect, test } from 'vitest';
import type { Person } from '../../../src/bridge/ports.js';
import { WholeChain } from '../../support/whole-chain.js';

let chain: WholeChain;
afterEach(() => chain.ends());

test('a process that stood still for ten minutes asks for everybody anew, though its connection outlived it (row 43)', async () => {
  chain = new WholeChain();
  await chain.starts();
  const [ana] = chain.people as [Person];
  const { connections } = chain.simulator.counters;
  const beats = chain.store.heartbeats.length;
  const { machine } = chain;
  const monotonic = machine.monotonic.bind(machine);
  machine.monotonic = () => monotonic() + 600_000;
  await chain.passes(30_000);
  expect(chain.events('bridge.gap')).toHaveLength(1);
  // Nothing counted until the server had said it again, which took it a second or two.
  expect(chain.store.heartbeats.slice(beats).map(({ connected }) => connected)).toEqual([false, true]);
  expect([chain.apiShows(ana), chain.documentShows(ana)]).toEqual(['available', 'available']);
  chain.becomes(ana, 'busy');
  await chain.until(1_000, () => chain.documentShows(ana) === 'busy');
  expect(chain.simulator.counters.connections).toBe(connections);
});
