import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { GatheredWrites } from '../../../src/ocs/link/gathered-writes.js';

type Settle = (error?: Error | null) => void;

/** A socket that keeps what it was given, as a slow one does. */
function recorder(): { socket: Pick<Socket, 'write'>; written: Buffer[]; settle: Settle[] } {
  const written: Buffer[] = [];
  const settle: Settle[] = [];
  const write = (bytes: Buffer, done: Settle): boolean => {
    written.push(bytes);
    settle.push(done);
    return true;
  };
  return { socket: { write } as unknown as Pick<Socket, 'write'>, written, settle };
}

describe('writes of one turn', () => {
  test('leave in one piece and in their order, text as UTF-8', () => {
    const { socket, written } = recorder();
    const writes = new GatheredWrites(socket, (cause) => cause);
    void writes.add('grüße ');
    void writes.add(Buffer.from([0xff, 0x00]));
    void writes.add(' 😀');
    expect(writes.octets).toBe(Buffer.byteLength('grüße  😀') + 2);
    writes.flush();
    expect(written).toEqual([Buffer.concat([Buffer.from('grüße '), Buffer.from([0xff, 0x00]), Buffer.from(' 😀')])]);
    expect(writes.octets).toBe(0);
  });

  test('stay as they were while later ones are gathered', () => {
    const { socket, written } = recorder();
    const writes = new GatheredWrites(socket, (cause) => cause);
    const turns = Array.from({ length: 40 }, (_, turn) => String(turn % 10).repeat(1 + turn * 997));
    for (const turn of turns) {
      void writes.add(turn);
      writes.flush();
    }
    expect(written.map((bytes) => bytes.toString() === turns[written.indexOf(bytes)])).toEqual(turns.map(() => true));
  });

  test('settle with the turn they belong to', async () => {
    const { socket, settle } = recorder();
    const writes = new GatheredWrites(socket, (cause) => new Error(`lost: ${cause.message}`));
    const first = writes.add('a');
    const beside = writes.add('');
    writes.flush();
    const second = writes.add('b');
    writes.flush();
    settle[0]?.();
    settle[1]?.(new Error('reset'));
    await expect(Promise.all([first, beside])).resolves.toBeDefined();
    await expect(second).rejects.toThrow('lost: reset');
  });

  test('hand over nothing when there is nothing', () => {
    const { socket, written } = recorder();
    new GatheredWrites(socket, (cause) => cause).flush();
    expect(written).toEqual([]);
  });
});
