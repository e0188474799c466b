import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventStreamReader } from '../../src/client/event-stream.js';

describe('server-sent events', () => {
  test.each([
    ['data: a\n\n', ['a']],
    ['data:a\r\n\r\ndata:  b\r\rdata: c\n\n', ['a', ' b', 'c']],
    ['\uFEFFdata: a\n\n', ['a']],
    [': hello\nretry: 3000\n\nevent: x\nid: 7\ndata: a\ndata: b\n\n', ['a\nb']],
    ['data\n\n', ['']],
    ['data: never ended\n', []],
    ['database: x\n\n', []],
  ])('%j is %j', (text, events) => {
    expect(new EventStreamReader(100).push(text)).toEqual(events);
  });

  test('read the same in whatever pieces they come', () => {
    const part = fc.constantFrom('data', ':', ' ', 'x', '\n', '\r', '\r\n', '\n\n', 'data: y\n\n', '\uFEFF', 'id: 1\n');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), fc.array(fc.nat(40), { maxLength: 8 }), (parts, cuts) => {
        const text = parts.join('');
        const whole = new EventStreamReader(1_000).push(text);
        const reader = new EventStreamReader(1_000);
        const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((to, n) => text.slice(places[n], to));
        expect(pieces.flatMap((piece) => reader.push(piece))).toEqual(whole);
      }),
    );
  });

  test('have a limit, in lines and in whole', () => {
    expect(() => new EventStreamReader(10).push('data: 123456')).toThrow('longer than 10');
    expect(() => new EventStreamReader(10).push('data:1\ndata:2\n')).toThrow('longer than 10');
    expect(() => new EventStreamReader(10).push(':1234\n'.repeat(100))).not.toThrow();
  });

  test('of a large size cost no more for coming in many pieces', () => {
    const reader = new EventStreamReader(20_000_000);
    const piece = 'x'.repeat(1_000);
    reader.push('data: ');
    for (let n = 0; n < 10_000; n++) reader.push(piece);
    expect(reader.push('\n\n')[0]?.length).toBe(10_000_000);
  });
});
