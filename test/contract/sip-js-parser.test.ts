import { readFileSync } from 'node:fs';
import { Core, type NameAddrHeader, type URI } from 'sip.js';
import { describe, expect, test } from 'vitest';
import { toSipJs } from '../../src/ocs/agent/incoming.js';
import { decodeMessage } from '../../src/ocs/wire/decode.js';
import type { SipMessage } from '../../src/ocs/wire/message.js';
import { shared, sharedPath, skippedWithoutShared } from '../support/shared.js';
import { sipRequest, sipResponse } from '../support/sip-bytes.js';

type Incoming = Core.IncomingRequestMessage | Core.IncomingResponseMessage;

const silent = { debug() {}, log() {}, warn() {}, error() {} } as unknown as Core.Logger;

function decoded(bytes: Buffer): SipMessage {
  const read = decodeMessage(bytes);
  if (!read.ok) throw read.error;
  return read.message;
}

/** Blanks of folding are one blank; sip.js leaves them. */
const flat = (text: string | undefined): string | undefined => text?.replace(/\s+/g, ' ').trim();
const bare = (value: string | null | undefined): string | null => value?.replace(/^"(.*)"$/, '$1') ?? null;

const params = (of: { parameters: Record<string, string | null> }): unknown =>
  Object.fromEntries(Object.entries(of.parameters).map(([name, value]) => [name, bare(value)?.toLowerCase() ?? null]));

const uri = (of: URI | undefined): unknown => of && [of.scheme, of.user, of.host, of.port, params(of)];
const address = (of: NameAddrHeader | undefined): unknown =>
  of && [of.displayName?.replace(/\\(.)/gs, '$1') || undefined, uri(of.uri), params(of)];

/** All that the transactions and dialogs of sip.js read from a message. */
function essence(message: Incoming): Record<string, unknown> {
  const request = message instanceof Core.IncomingRequestMessage ? { ruri: uri(message.ruri) } : {};
  const response = message instanceof Core.IncomingResponseMessage ? [message.statusCode, message.reasonPhrase] : [];
  const event = message.parseHeader('Event');
  const state = message.parseHeader('Subscription-State');
  const vias = message.getHeaders('Via').flatMap((line) => line.split(','));
  return {
    ...request,
    response,
    method: message.method,
    callId: message.callId,
    cseq: message.cseq,
    from: address(message.from),
    to: address(message.to),
    tags: [message.fromTag, message.toTag],
    sentBy: message.via.host,
    vias: vias.map(flat),
    contacts: message.getHeaders('Contact').map((_, i) => address(message.parseHeader('Contact', i))),
    routes: message.getHeaders('Record-Route').map(flat),
    routeAddresses: message.getHeaders('Record-Route').map((_, i) => address(message.parseHeader('Record-Route', i))),
    event: event?.event,
    state: state && [state.state, state.expires, state.reason],
    type: message.parseHeader('Content-Type'),
    others: ['Expires', 'Require', 'Supported', 'Subject', 'Max-Forwards', 'Content-Length', 'Allow', 'X-Unknown'].map(
      (name) => message.getHeaders(name).map(flat),
    ),
    body: message.body,
  };
}

function compare(bytes: Buffer): void {
  const message = decoded(bytes);
  const mine = toSipJs(message);
  // sip.js knows neither octets behind a message nor the compact form of Subject.
  const text = message.bytes.toString('utf8').replace(/\r\ns *:/, '\r\nSubject:');
  const theirs = Core.Parser.parseMessage(text, silent);
  if (!theirs) throw new Error('sip.js refuses the message');
  // Bodies that sip.js has no use for are kept from it.
  if (mine.body === '') theirs.body = '';
  expect(essence(mine)).toEqual(essence(theirs));
  // Requests without a branch get one from us.
  if (theirs.viaBranch !== undefined) expect(mine.viaBranch).toBe(theirs.viaBranch);
}

describe('a decoded message, compared with what the parser of sip.js makes of it', () => {
  test.each([
    [
      'an invitation',
      sipRequest(
        'INVITE',
        [
          'Contact: "Ana, Reyes" <sip:ana@contoso.example:5061;transport=tls;gruu>;q=0.5;+sip.instance="<urn:uuid:1>"',
          'Record-Route: <sip:a.example;lr>;tag=1, <sip:b.example;lr;ms-route-sig=x>',
          'Record-Route: <sip:c.example>',
          'Max-Forwards: 70',
          'Supported: a, b',
          'Subject: folded\r\n subject',
          'Content-Type: application/sdp',
          'X-Unknown: 1',
        ],
        { body: 'v=0\r\n' },
      ),
    ],
    ['an answer', sipResponse('200 OK', 'INVITE', ['Contact: <sip:10.20.0.7:50412;transport=tls>', 'Expires: 60'])],
    [
      'a notification',
      sipRequest('NOTIFY', ['Event: presence;id=5', 'Subscription-State: terminated;reason=timeout;expires=0']),
    ],
    ['a body beyond ASCII', sipRequest('MESSAGE', ['Content-Type: text/plain'], { body: 'grüße' })],
    [
      'escapes in a user',
      sipRequest('MESSAGE', [], { replaced: { to: 'To: <sip:%61na%20reyes@contoso.example;a=b>' } }),
    ],
  ])('is the same: %s', (_, bytes) => {
    compare(bytes);
  });

  const suite = 'messages of the shared vectors';
  describe.skipIf(skippedWithoutShared(suite))(suite, () => {
    const read = <T>(...path: string[]): T | undefined =>
      shared === undefined ? undefined : (JSON.parse(readFileSync(sharedPath('vectors', ...path), 'utf8')) as T);

    type Index = { messages: { name: string; class: string; file?: string }[] };
    const valid = (['rfc4475', 'rfc5118'] as const).flatMap((folder) =>
      (read<Index>(folder, 'index.json')?.messages ?? [])
        .filter((entry) => entry.class === 'valid')
        .map((entry) => [entry.name, sharedPath('vectors', folder, entry.file ?? entry.name)] as const),
    );
    test.each(valid)('are the same: %s', (_, path) => {
      compare(readFileSync(path));
    });

    type Transcript = { derived_transcript: { messages: { note: string; raw: string }[] } };
    const transcript = read<Transcript>('sipae-signature.json')?.derived_transcript.messages ?? [];
    test.each(transcript.map(({ note, raw }, i) => [`${i + 1} ${note}`, raw] as const))(
      'are the same: %s',
      (_, raw) => {
        compare(Buffer.from(raw, 'utf8'));
      },
    );
  });
});
