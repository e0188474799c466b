import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Conversations } from '../../../src/ocs/agent/conversations.js';
import { OcsCore } from '../../../src/ocs/agent/core.js';
import { decodeMessage } from '../../../src/ocs/wire/decode.js';
import type { SipMessage } from '../../../src/ocs/wire/message.js';
import { sip } from '../../support/people.js';
import { silentLog } from '../../support/silent-log.js';
import { SimulatedClock, seededRandom, settle } from '../../support/simulated-clock.js';

const SELF = sip('bridge@contoso.example');
const ANA = sip('ana@contoso.example');
const SDP =
  'v=0\r\no=- 0 0 IN IP4 192.0.2.1\r\ns=session\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=message 5060 sip null\r\n';

let clock: SimulatedClock;
let core: OcsCore;
let conversations: Conversations;
let sent: SipMessage[];
let texts: string[];
let typing: boolean[];
let listens: boolean;
let unheard: string | undefined;

beforeEach(() => {
  clock = new SimulatedClock();
  [sent, texts, typing, listens, unheard] = [[], [], [], true, undefined];
  const transport = {
    protocol: 'TLS',
    send: async (text: string) => {
      const decoded = decodeMessage(Buffer.from(text));
      if (decoded.ok) sent.push(decoded.message);
    },
  };
  core = new OcsCore(
    { account: SELF, epid: '5f0c9a1b2d', userAgent: 'test', localAddress: '192.0.2.7:50412', log: silentLog },
    transport,
  );
  conversations = new Conversations(
    {
      core,
      account: SELF,
      epid: '5f0c9a1b2d',
      contact: '<sip:bridge@contoso.example;opaque=user:epid:x;gruu>',
      localAddress: '192.0.2.7:50412',
      dialect: 'categories',
      ports: { clock, random: seededRandom(), log: silentLog, count: () => {} },
      onSignInNeeded: () => {},
    },
    {
      listens: (from) => listens && from !== unheard,
      onText: (from, text) => texts.push(`${from}: ${text}`),
      onTypingOf: (_from, active) => typing.push(active),
    },
    2,
  );
});
afterEach(() => core.dispose());

let serial = 0;

/** Lets a request come in; gives the status of its answer. */
async function receive(
  method: string,
  options: {
    call?: string;
    toTag?: string | undefined;
    cseq?: number;
    type?: string;
    body?: string;
    from?: string;
  } = {},
): Promise<SipMessage | undefined> {
  const { call = `call-${++serial}`, toTag, cseq = 1, type, body = '', from = ANA } = options;
  const before = sent.length;
  const lines = [
    `${method} sip:192.0.2.7:50412;transport=tls SIP/2.0`,
    `Via: SIP/2.0/TLS 192.0.2.1:5061;branch=z9hG4bK${++serial}`,
    'Max-Forwards: 70',
    `From: <${from}>;tag=them;epid=aa`,
    `To: <${SELF}>;epid=5f0c9a1b2d${toTag === undefined ? '' : `;tag=${toTag}`}`,
    `Call-ID: ${call}`,
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:192.0.2.1:5061;transport=tls>',
    ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const decoded = decodeMessage(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`));
  if (!decoded.ok) throw decoded.error;
  core.acceptRequest(decoded.message);
  await settle();
  return sent.slice(before).find(({ kind, callId }) => kind === 'response' && callId === call);
}

/** Lets an answer come in to a request that was sent. */
async function answer(request: SipMessage | undefined, status: number, body = ''): Promise<void> {
  if (request === undefined) throw new Error('nothing was sent');
  const copied = request.headers().filter(([name]) => /^(via|from|call-id|cseq)$/i.test(name));
  const to = request.header('To') ?? '';
  const lines = [
    `SIP/2.0 ${status} Answer`,
    ...copied.map(([name, value]) => `${name}: ${value}`),
    `To: ${to.includes('tag=') ? to : `${to};tag=them`}`,
    'Contact: <sip:192.0.2.1:5061;transport=tls>',
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const decoded = decodeMessage(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`));
  if (!decoded.ok) throw decoded.error;
  core.acceptResponse(decoded.message);
  await settle();
}

const lastOf = (method: string): SipMessage | undefined =>
  sent.findLast((message) => message.kind === 'request' && message.method === method);

async function invited(call: string, from?: string): Promise<string> {
  const accepted = await receive('INVITE', {
    call,
    type: 'application/sdp',
    body: SDP,
    ...(from === undefined ? {} : { from }),
  });
  expect(accepted?.status).toBe(200);
  const toTag = accepted?.to?.tag ?? '';
  await receive('ACK', { call, toTag, ...(from === undefined ? {} : { from }) });
  return toTag;
}

describe('an invitation', () => {
  test('to exchange texts is accepted with our address that works from anywhere', async () => {
    const accepted = await receive('INVITE', { type: 'application/sdp', body: SDP });
    expect(accepted?.contacts[0]?.uri).toBe('sip:bridge@contoso.example;opaque=user:epid:x;gruu');
    expect(accepted?.body.toString()).toContain('m=message 50412 sip sip:bridge@contoso.example');
  });

  test.each([
    ['to a call', 'application/sdp', SDP.replace('message', 'audio'), 488],
    ['without an offer', undefined, '', 488],
    ['to a conference', 'application/ms-conf-invite+xml', '<Conferencing/>', 488],
  ])('%s is declined', async (_what, type, body, status) => {
    expect((await receive('INVITE', { ...(type === undefined ? {} : { type }), body }))?.status).toBe(status);
  });

  test('is refused as if nobody were there while nobody listens', async () => {
    listens = false;
    expect((await receive('INVITE', { type: 'application/sdp', body: SDP }))?.status).toBe(480);
    expect((await receive('MESSAGE', { type: 'text/plain', body: 'x' }))?.status).toBe(480);
  });

  test('is refused as if nobody were there from somebody to whom nobody listens', async () => {
    unheard = ANA;
    const status = async (method: string, from: string, type: string, body: string) =>
      (await receive(method, { from, type, body }))?.status;
    const ben = 'sip:ben@contoso.example';
    expect(await status('INVITE', ANA, 'application/sdp', SDP)).toBe(480);
    expect(await status('MESSAGE', ANA, 'text/plain', 'x')).toBe(480);
    expect(await status('MESSAGE', ben, 'text/plain', 'hello')).toBe(200);
    expect(texts).toEqual([`${ben}: hello`]);
  });
});

describe('in a conversation that the other side began', () => {
  test.each([
    ['MESSAGE', 'text/plain; charset=UTF-8', 'hello ☺', 200],
    ['MESSAGE', 'text/html', '<b>hello</b>', 200],
    ['MESSAGE', 'text/rtf', '{}', 415],
    ['MESSAGE', 'text/x-msmsgsinvite', 'Application-Name: File Transfer', 415],
    ['MESSAGE', 'text/plain', 'x'.repeat(65_537), 413],
    ['INFO', 'application/xml', '<KeyboardActivity><status status="type"/></KeyboardActivity>', 200],
    ['INFO', 'application/xml', '<!DOCTYPE x [<!ENTITY a "b">]><KeyboardActivity/>', 200],
    ['INFO', 'application/octet-stream', '\u0000', 200],
    ['BYE', undefined, '', 200],
    ['REFER', undefined, '', 405],
  ])('%s with %s is answered', async (method, type, body, status) => {
    const toTag = await invited('dialog');
    const reply = await receive(method, { call: 'dialog', toTag, cseq: 2, ...(type && { type }), body });
    if (status !== 405) expect(reply?.status).toBe(status);
    else expect(reply?.status).toBeGreaterThanOrEqual(400);
  });

  test('texts and typing come out with who wrote them', async () => {
    const toTag = await invited('dialog');
    const say = { call: 'dialog', toTag, type: 'text/plain' };
    await receive('MESSAGE', { ...say, cseq: 2, body: 'one' });
    const body = '<KeyboardActivity><status status="type"/></KeyboardActivity>';
    await receive('INFO', { ...say, cseq: 3, type: 'application/xml', body });
    await receive('MESSAGE', { ...say, cseq: 4, body: 'two' });
    expect([texts, typing]).toEqual([[`${ANA}: one`, `${ANA}: two`], [true]]);
  });

  test('a text is refused once nobody listens any more', async () => {
    const toTag = await invited('dialog');
    listens = false;
    const reply = await receive('MESSAGE', { call: 'dialog', toTag, cseq: 2, type: 'text/plain', body: 'x' });
    expect(reply?.status).toBe(480);
  });

  test('we answer in the same dialog, and hang up after two silent minutes', async () => {
    await invited('dialog');
    const delivered = conversations.send(ANA, 'answer');
    expect(lastOf('MESSAGE')?.callId).toBe('dialog');
    await answer(lastOf('MESSAGE'), 200);
    await delivered;
    await clock.advance(119_000);
    expect(lastOf('BYE')).toBeUndefined();
    await clock.advance(2_000);
    expect(lastOf('BYE')?.callId).toBe('dialog');
  });

  test('the longest silent one makes room when there are too many', async () => {
    await invited('first');
    await clock.advance(1_000);
    await invited('second', 'sip:ben@contoso.example');
    await clock.advance(1_000);
    await invited('third', 'sip:cleo@contoso.example');
    expect(lastOf('BYE')?.callId).toBe('first');
  });
});

describe('a conversation that we begin', () => {
  test('invites, acknowledges and only then says it', async () => {
    const delivered = conversations.send(ANA, 'hello ☺');
    expect(lastOf('INVITE')?.header('Ms-Conversation-ID')).toMatch(/^[0-9a-f]{32}$/);
    expect(lastOf('INVITE')?.from?.params.get('epid')).toBe('5f0c9a1b2d');
    expect(lastOf('INVITE')?.header('ms-text-format')).toBeUndefined();
    await answer(lastOf('INVITE'), 200, SDP);
    expect(lastOf('ACK')).toBeDefined();
    expect(lastOf('MESSAGE')?.body.toString()).toBe('hello ☺');
    expect(lastOf('MESSAGE')?.header('Content-Type')).toBe('text/plain; charset=UTF-8');
    await answer(lastOf('MESSAGE'), 200);
    await delivered;
  });

  test.each([
    [404, 'nobody has this address (404)'],
    [480, 'nobody is signed in there (480)'],
    [486, 'does not want to be disturbed (486)'],
    [302, 'the server said 302'],
    [606, 'not allowed (606)'],
  ])('that is answered with %i fails with "%s"', async (status, words) => {
    const failed = expect(conversations.send(ANA, 'x')).rejects.toThrow(words);
    await answer(lastOf('INVITE'), status);
    await failed;
  });

  test('that nobody answers for a minute is given up', async () => {
    const failed = expect(conversations.send(ANA, 'x')).rejects.toThrow('nobody answered in time');
    await answer(lastOf('INVITE'), 180);
    await clock.advance(60_000);
    await failed;
    expect(lastOf('CANCEL')).toBeDefined();
  });

  test('whose dialog is dead is begun anew, once', async () => {
    const delivered = conversations.send(ANA, 'x');
    const first = lastOf('INVITE');
    await answer(first, 200, SDP);
    await answer(lastOf('MESSAGE'), 481);
    const second = lastOf('INVITE');
    expect(second?.callId).not.toBe(first?.callId);
    expect(lastOf('BYE')?.callId).toBe(first?.callId);
    await answer(second, 200, SDP);
    await answer(lastOf('MESSAGE'), 200);
    await delivered;
  });

  test('fails with the end of the connection', async () => {
    const failed = expect(conversations.send(ANA, 'x')).rejects.toThrow('not signed in');
    conversations.close();
    await failed;
    await expect(conversations.send(ANA, 'y')).rejects.toThrow('not signed in');
  });
});
