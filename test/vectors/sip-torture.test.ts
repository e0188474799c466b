import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeMessage } from '../../src/ocs/wire/decode.js';
import { SipFramer } from '../../src/ocs/wire/frame.js';
import type { SipMessage } from '../../src/ocs/wire/message.js';
import { validateMessage } from '../../src/ocs/wire/validate.js';
import { skippedWithoutShared } from '../support/shared.js';
import { seededRandom } from '../support/simulated-clock.js';
import { sipRequest } from '../support/sip-bytes.js';
import { type TortureFile, tortureFiles } from '../support/torture-files.js';

/** `accepted`, `answered <status>` or `dropped`. */
function outcome(bytes: Buffer): string {
  const decoded = decodeMessage(bytes);
  if (!decoded.ok) return decoded.respondWith === undefined ? 'dropped' : `answered ${decoded.respondWith}`;
  const refusal = validateMessage(decoded.message);
  if (!refusal) return 'accepted';
  return decoded.message.kind === 'request' ? `answered ${refusal.respondWith}` : 'dropped';
}

/** What becomes of messages that are well-formed one by one, but that no agent can or may serve. */
const SEMANTIC_OUTCOMES: Readonly<Record<string, string>> = {
  insuf: 'dropped',
  multi01: 'answered 400',
  mcl01: 'answered 400',
  unkscm: 'answered 416',
  novelsc: 'answered 416',
};

/** Refused ones that are not answered with 400. */
const INVALID_OUTCOMES: Readonly<Record<string, string>> = {
  badvers: 'answered 505',
  baddn: 'dropped',
  'extra-test': 'dropped',
  bigcode: 'dropped',
  scalarlg: 'dropped',
};

function expectedOutcome(vector: TortureFile): string {
  if (vector.class === 'valid') return 'accepted';
  if (vector.class === 'semantic') return SEMANTIC_OUTCOMES[vector.name] ?? 'accepted';
  return INVALID_OUTCOMES[vector.name] ?? 'answered 400';
}

function messageOf(bytes: Buffer): SipMessage {
  const decoded = decodeMessage(bytes);
  if (!decoded.ok) throw decoded.error;
  return decoded.message;
}

/** Everything a framer says: messages as text, errors by code. */
function framed(chunks: Iterable<Buffer>): string[] {
  const said: string[] = [];
  const framer = new SipFramer({
    onMessage: (bytes) => said.push(bytes.toString('latin1')),
    onKeepAlive: (kind) => said.push(kind),
    onError: (error) => said.push(error.code),
  });
  for (const chunk of chunks) framer.push(chunk);
  return said;
}

const octets = (bytes: Buffer): Buffer[] => Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));

function randomChunks(bytes: Buffer, seed: number): Buffer[] {
  const random = seededRandom(seed);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = at + 1 + Math.floor(random.unit() * 120);
    chunks.push(bytes.subarray(at, next));
    at = next;
  }
  return chunks;
}

const NOTIFY = sipRequest('NOTIFY', ['Content-Type: text/plain'], { body: 'état' });
const NOTIFY_TEXT = NOTIFY.toString('latin1');

describe('torture messages of RFC 4475 kept in the project', () => {
  const fixture = (name: string): Buffer =>
    readFileSync(join(import.meta.dirname, '../fixtures/rfc4475', `${name}.dat`));

  test('wsinv: white space and folding wherever they are legal', () => {
    const message = messageOf(fixture('wsinv'));
    expect(outcome(fixture('wsinv'))).toBe('accepted');
    expect(message.cseq).toEqual({ number: 9, digits: '0009', method: 'INVITE' });
    expect(message.header('max-forwards')).toBe('0068');
    expect(message.header('subject')).toBe('');
    expect(message.header('NewFangledHeader')).toBe('newfangled value continued newfangled value');
    expect(message.header('UnknownHeaderWithUnusualValue')).toBe(';;,,;;,;');
    expect(message.vias.map((via) => [via.transport, via.host, via.branch])).toEqual([
      ['UDP', '192.0.2.2', '390skdjuw'],
      ['TCP', 'spindle.example.com', 'z9hG4bK9ikj8'],
      ['UDP', '192.168.255.111', 'z9hG4bK30239'],
    ]);
    expect(message.to?.tag).toBe('1918181833n');
    expect(message.from).toMatchObject({
      displayName: 'J Rosenberg \\"',
      uri: 'sip:jdrosen@example.com',
      tag: '98asjd8',
    });
    expect(message.contacts[0]?.displayName).toBe('Quoted string ""');
    expect(Object.fromEntries(message.contacts[0]?.params ?? [])).toEqual({
      newparam: 'newvalue',
      secondparam: '',
      q: '0.33',
    });
    expect(message.body.length).toBe(150);
  });

  test('intmeth: every sign that is legal in a method, a URI, a tag and a parameter', () => {
    const message = messageOf(fixture('intmeth'));
    expect(outcome(fixture('intmeth'))).toBe('accepted');
    expect(message.method).toBe("!interesting-Method0123456789_*+`.%indeed'~");
    expect(message.to?.displayName).toBe('BEL:\x07 NUL:\x00 DEL:\x7f');
    expect(message.from?.displayName).toBe("token1~` token2'+_ token3*%!.-");
    expect(message.from?.tag).toBe("_token~1'+`*%!-.");
    expect(message.from?.params.get("fromparam''~+*_!.-%")).toBe('работающий');
    expect(message.header("extensionHeader-!.%*+_`'~")).toBe('\ufeff大停電');
  });

  test('escnull: an escaped zero octet stays escaped', () => {
    expect(messageOf(fixture('escnull')).contacts.map((contact) => contact.uri)).toEqual([
      'sip:%00@host5.example.com',
      'sip:%00%00@host5.example.com',
    ]);
  });

  test('dblreq: octets behind a message are the next message of a stream', () => {
    const said = framed([fixture('dblreq')]);
    // Five octets are left behind the second body: a third message that is none.
    expect(said.map((text) => text.slice(0, 12))).toEqual(['REGISTER sip', 'pong', 'INVITE sip:j', 'OCS_PROTOCOL']);
    expect(messageOf(fixture('dblreq')).body.length).toBe(0);
  });
});

for (const [folder, count] of [
  ['rfc4475', 51],
  ['rfc5118', 12],
] as const) {
  const suite = `torture messages of ${folder.toUpperCase().replace('RFC', 'RFC ')}`;
  describe.skipIf(skippedWithoutShared(suite))(suite, () => {
    const vectors = tortureFiles(folder);

    test('are all there', () => {
      expect(vectors).toHaveLength(count);
    });

    test.each(vectors.map((vector) => [vector.name, vector] as const))(
      '%s has the outcome it should have',
      (_, vector) => {
        expect(outcome(vector.bytes)).toBe(expectedOutcome(vector));
      },
    );

    test.each(vectors.map((vector) => [vector.name, vector] as const))(
      '%s is framed the same however the stream is cut, and does no harm to its neighbours',
      (_, { bytes, framing }) => {
        const stream = Buffer.concat([NOTIFY, bytes, NOTIFY]);
        const said = framed([stream]);
        expect(said[0]).toBe(NOTIFY_TEXT);
        if (framing === 'exact') expect(said.slice(1)).toEqual([bytes.toString('latin1'), NOTIFY_TEXT]);
        expect(framed(octets(stream))).toEqual(said);
        for (const seed of [1, 2, 3, 4, 5]) expect(framed(randomChunks(stream, seed))).toEqual(said);
        for (let cut = 1; cut < stream.length; cut++) {
          const pieces = framed([stream.subarray(0, cut), stream.subarray(cut)]);
          if (pieces.length !== said.length || pieces.some((piece, i) => piece !== said[i]))
            expect(pieces).toEqual(said);
        }
      },
    );
  });
}

const suite = 'framing of the torture messages that state a wrong length';
describe.skipIf(skippedWithoutShared(suite))(suite, () => {
  const bytesOf = (name: string): Buffer =>
    [...tortureFiles('rfc4475'), ...tortureFiles('rfc5118')].find((vector) => vector.name === name)?.bytes ?? NOTIFY;

  test.each(['ncl', 'mcl01', 'inv2543'])('%s ends the stream', (name) => {
    expect(framed([NOTIFY, bytesOf(name), NOTIFY])).toEqual([NOTIFY_TEXT, 'OCS_PROTOCOL']);
  });

  test('clerr and the archived baddn keep the reader waiting', () => {
    for (const name of ['clerr', 'baddn']) expect(framed([NOTIFY, bytesOf(name)])).toEqual([NOTIFY_TEXT]);
  });

  test('baddn ends the stream when another message comes behind it', () => {
    expect(framed([bytesOf('baddn'), NOTIFY])).toEqual(['OCS_PROTOCOL']);
  });

  test.each(['ipv6-in-sdp', 'mult-ip-in-sdp', 'ipv4-mapped-ipv6'])(
    'what %s has too much is refused as the next message',
    (name) => {
      const said = framed([bytesOf(name), NOTIFY]);
      expect(outcome(Buffer.from(said[0] ?? '', 'latin1'))).toBe('accepted');
      expect(said.slice(1).map((text) => outcome(Buffer.from(text, 'latin1')))).toEqual(['dropped']);
    },
  );

  test('mpart01 keeps every octet of its body', () => {
    const bytes = bytesOf('mpart01');
    expect(messageOf(bytes).body).toEqual(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4));
    expect(messageOf(bytes).body.length).toBe(553);
  });

  test('cparam01 and cparam02 tell parameters of the header from those of the URI', () => {
    expect(messageOf(bytesOf('cparam01')).contacts[0]).toMatchObject({
      uri: 'sip:+19725552222@gw1.example.net',
      params: new Map([['unknownparam', '']]),
    });
    expect(messageOf(bytesOf('cparam02')).contacts[0]).toMatchObject({
      uri: 'sip:+19725552222@gw1.example.net;unknownparam',
      params: new Map(),
    });
  });
});
