import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { Frame, frameOf } from '../../../../src/bridge/api/stream/frame.js';

const { Sender } = createRequire(import.meta.url)('ws') as {
  Sender: { frame(data: Buffer, options: Readonly<Record<string, unknown>>): readonly Buffer[] };
};

test.each([0, 125, 126, 65_535, 65_536, 100_000])(
  'a text of %i octets is framed as the library frames it',
  (length) => {
    const text = 'x'.repeat(length);
    const options = { fin: true, opcode: 1, mask: false, rsv1: false, readOnly: true };
    const expected = Buffer.concat(Sender.frame(Buffer.from(text), options));
    expect(new Frame('x', text).webSocket.equals(expected)).toBe(true);
  },
);

test('letters of several octets count as such', () => {
  expect([...new Frame('x', 'ä€').webSocket.subarray(0, 3)]).toEqual([0x81, 5, 0xc3]);
});

test('an event has a type, an id where there is one, and one line of data', () => {
  const text = (id?: string) => new Frame('changes', '{"a":"\\n"}', id).eventStream.toString();
  expect(text('abc')).toBe('event: changes\nid: abc\ndata: {"a":"\\n"}\n\n');
  expect(text('')).toBe('event: changes\nid: \ndata: {"a":"\\n"}\n\n');
  expect(text()).toBe('event: changes\ndata: {"a":"\\n"}\n\n');
});

test('line ends in texts stay inside of JSON', () => {
  const event = frameOf({ type: 'message', text: 'a\r\nid: x\n\nevent: y\u2028' } as { type: string }).eventStream;
  expect(event.toString().match(/^(event|id): /gm)).toEqual(['event: ']);
});

test('octets are made once for all', () => {
  const frame = frameOf({ type: 'x' });
  expect(frame.webSocket).toBe(frame.webSocket);
  expect(frame.eventStream).toBe(frame.eventStream);
});
