import { describe, expect, test } from 'vitest';
import { createMetrics } from '../../../../src/bridge/observe/metrics.js';
import { HubSite } from '../../../support/hub-site.js';
import { person } from '../../../support/people.js';
import { FakeWatchedPeople } from '../../../support/watched-people.js';

const ANN = { ...person('sip:ann@contoso.example', 'Ann/Contoso'), status: 'busy' as const, observedAt: 1 };
const EVERYBODY = { type: 'subscribe', lists: ['everybody'] };

function site() {
  const metrics = createMetrics({ include: 'bridge' });
  const running = new HubSite({ watched: new FakeWatchedPeople([ANN]), metrics, limits: { buffered: 300 } });
  const { clock, watched } = running;
  return { clock, watched, metrics, open: running.open.bind(running) };
}

describe('streams in step', () => {
  test('get one and the same frame', async () => {
    const { open, watched, clock } = site();
    const wires = [open(), open(), open()];
    const frames = new Set<unknown>();
    for (const wire of wires) {
      wire.says(EVERYBODY);
      const send = wire.send.bind(wire);
      wire.send = (sent) => {
        for (const frame of sent) frames.add(frame);
        send(sent);
      };
    }
    watched.change({ ...ANN, status: 'away' });
    await clock.advance(0);
    expect(frames.size).toBe(1);
    for (const { messages } of wires) expect(messages.at(-1)).toMatchObject({ type: 'changes' });
  });

  test('are told the same whoever of them came or fell behind first', async () => {
    const { open, watched, clock } = site();
    const [slow, quick] = [open(), open()];
    for (const wire of [slow, quick]) wire.says(EVERYBODY);
    slow.isStalled = true;
    for (const status of ['away', 'busy', 'offline', 'away'] as const) {
      watched.change({ ...ANN, status });
      await clock.advance(200);
    }
    const late = open();
    watched.change({ ...ANN, status: 'do-not-disturb' });
    late.says(EVERYBODY);
    await clock.advance(200);
    const told = ({ messages }: typeof slow) => messages.filter(({ type }) => type === 'changes').length;
    expect([told(quick), told(late)]).toEqual([5, 0]);
    slow.isStalled = false;
    slow.take();
    await clock.advance(200);
    for (const { messages } of [slow, quick, late]) {
      const last = messages.findLast(({ type }) => type === 'changes' || type === 'snapshot');
      expect(last).toMatchObject({ people: [{ status: 'do-not-disturb' }] });
    }
  });

  test('who goes while others are told is told nothing, and the others are', async () => {
    const { open, watched, clock } = site();
    const [first, second, third] = [open(), open(), open()];
    for (const wire of [first, second, third]) wire.says(EVERYBODY);
    const before = second.writes;
    const send = first.send.bind(first);
    first.send = (frames) => {
      send(frames);
      second.cut();
    };
    watched.change({ ...ANN, status: 'away' });
    await clock.advance(0);
    expect(second.writes).toBe(before);
    expect(third.messages.at(-1)).toMatchObject({ type: 'changes' });
  });

  test('each of them counts as a message', async () => {
    const { open, watched, clock, metrics } = site();
    const counted = async () => Number(/stream_messages_total (\d+)/.exec(await metrics.expose())?.[1]);
    for (const wire of [open(), open()]) wire.says(EVERYBODY);
    const before = await counted();
    watched.change({ ...ANN, status: 'away' });
    await clock.advance(0);
    expect((await counted()) - before).toBe(2);
  });
});
