import { Core } from 'sip.js';
import { afterEach, describe, expect, test } from 'vitest';
import { toSipJs } from '../../../src/ocs/agent/incoming.js';
import { toSipJsUri } from '../../../src/ocs/agent/sip-js-address.js';
import { decodeMessage } from '../../../src/ocs/wire/decode.js';
import { encodeMessage, splitText } from '../../../src/ocs/wire/encode.js';
import { SipFramer } from '../../../src/ocs/wire/frame.js';
import { validateMessage } from '../../../src/ocs/wire/validate.js';

const ROUTE = '<sip:pool.contoso.example:5061;transport=tls;lr;ms-route-sig=aaXX/+==>;tag=0A';
const OFFER = {
  contentDisposition: 'session',
  contentType: 'application/sdp',
  content: 'v=0\r\nm=message 5060 sip null\r\n',
};

const cores: Core.UserAgentCore[] = [];
afterEach(() => {
  for (const core of cores.splice(0)) core.dispose();
});

/** Feeds a core with what comes over the wire, octets in two chunks, through nothing but our own decoder. */
function receiverOf(core: () => Core.UserAgentCore): (bytes: Buffer) => void {
  const framer = new SipFramer({
    onMessage(bytes) {
      const decoded = decodeMessage(bytes);
      if (!decoded.ok) throw decoded.error;
      const refusal = validateMessage(decoded.message);
      if (refusal) throw refusal.error;
      const message = toSipJs(decoded.message);
      if (message instanceof Core.IncomingRequestMessage) core().receiveIncomingRequestFromTransport(message);
      else core().receiveIncomingResponseFromTransport(message);
    },
    onKeepAlive() {},
    onError(error) {
      throw error;
    },
  });
  return (bytes) => {
    framer.push(bytes.subarray(0, 100));
    framer.push(bytes.subarray(100));
  };
}

/** A core of sip.js whose messages go to the other side, past a proxy that records its route. */
function coreOf(name: string, contact: string, sent: string[], receive: (bytes: Buffer) => void): Core.UserAgentCore {
  const send = async (text: string): Promise<void> => {
    sent.push(text);
    const { startLine, headers, body } = splitText(text);
    const isOffer = startLine.startsWith('INVITE');
    const bytes = encodeMessage({
      startLine,
      headers: isOffer ? [['RECORD-ROUTE', ROUTE], ...headers] : headers,
      body: Buffer.from(body),
    });
    queueMicrotask(() => receive(bytes));
  };
  const loggerFactory = new Core.LoggerFactory();
  loggerFactory.builtinEnabled = false;
  const core = new Core.UserAgentCore({
    aor: toSipJsUri(`sip:${name}@contoso.example`),
    contact: { pubGruu: undefined, tempGruu: undefined, uri: toSipJsUri(contact), toString: () => `<${contact}>` },
    displayName: '',
    loggerFactory,
    hackViaTcp: false,
    routeSet: [],
    sipjsId: name,
    supportedOptionTags: [],
    supportedOptionTagsResponse: [],
    userAgentHeaderFieldValue: undefined,
    viaForceRport: false,
    viaHost: `${name}.contoso.example:5061`,
    authenticationFactory: () => undefined,
    transportAccessor: () => ({ protocol: 'TLS', send }),
  });
  cores.push(core);
  return core;
}

describe('a conversation of two sip.js cores over our wire', () => {
  test('goes from INVITE over ACK and MESSAGE to BYE', async () => {
    const sent: string[] = [];
    const bobContact = 'sip:192.0.2.2:5061;transport=tls;ms-fe="fe1.contoso.example"';
    const ana: Core.UserAgentCore = coreOf(
      'ana',
      'sip:192.0.2.1:5061;transport=tls',
      sent,
      receiverOf(() => bob),
    );
    const bob: Core.UserAgentCore = coreOf(
      'bob',
      bobContact,
      sent,
      receiverOf(() => ana),
    );

    const heard: string[] = [];
    const ended = new Promise<void>((resolve) => {
      bob.delegate = {
        onInvite(invitation) {
          heard.push(`invited with ${invitation.message.body}`);
          const { session } = invitation.accept({ statusCode: 200, body: OFFER });
          session.delegate = {
            onAck: () => void heard.push('acknowledged'),
            onMessage(message) {
              heard.push(`told ${message.message.body}`);
              message.accept();
            },
            onBye(bye) {
              heard.push('left');
              bye.accept();
            },
          };
        },
      };
      const invitation = ana.makeOutgoingRequestMessage(
        'INVITE',
        toSipJsUri('sip:bob@contoso.example'),
        toSipJsUri('sip:ana@contoso.example'),
        toSipJsUri('sip:bob@contoso.example'),
        {},
        ['Contact: <sip:192.0.2.1:5061;transport=tls>'],
        OFFER,
      );
      ana.invite(invitation, {
        onAccept({ ack, session }) {
          ack();
          const text = { contentDisposition: 'render', contentType: 'text/plain', content: 'grüße' };
          session.message({ onAccept: () => void session.bye({ onAccept: () => resolve() }) }, { body: text });
        },
      });
    });
    await ended;

    expect(heard).toEqual([`invited with ${OFFER.content}`, 'acknowledged', 'told grüße', 'left']);
    const starts = sent.map((text) => splitText(text).startLine);
    expect(starts.filter((line) => !line.startsWith('SIP/2.0 1'))).toEqual([
      'INVITE sip:bob@contoso.example SIP/2.0',
      'SIP/2.0 200 OK',
      `ACK ${bobContact} SIP/2.0`,
      `MESSAGE ${bobContact} SIP/2.0`,
      'SIP/2.0 200 OK',
      `BYE ${bobContact} SIP/2.0`,
      'SIP/2.0 200 OK',
    ]);
    const routes = sent.flatMap((text) => splitText(text).headers.filter(([name]) => name === 'Route'));
    expect(routes).toEqual(Array(3).fill(['Route', ROUTE]));
  });

  test('ends before it began when the other side is asked to cancel', async () => {
    const sent: string[] = [];
    const ana: Core.UserAgentCore = coreOf(
      'ana',
      'sip:192.0.2.1:5061',
      sent,
      receiverOf(() => bob),
    );
    const bob: Core.UserAgentCore = coreOf(
      'bob',
      'sip:192.0.2.2:5061',
      sent,
      receiverOf(() => ana),
    );
    const status = new Promise<number | undefined>((resolve) => {
      const to = toSipJsUri('sip:bob@contoso.example');
      const message = ana.makeOutgoingRequestMessage('INVITE', to, toSipJsUri('sip:ana@contoso.example'), to, {}, [
        'Contact: <sip:192.0.2.1:5061>',
      ]);
      const invitation = ana.invite(message, { onReject: (response) => resolve(response.message.statusCode) });
      bob.delegate = {
        onInvite(incoming) {
          incoming.delegate = { onCancel: () => void incoming.reject({ statusCode: 487 }) };
          incoming.progress({ statusCode: 180 });
          queueMicrotask(() => invitation.cancel());
        },
      };
    });
    expect(await status).toBe(487);
  });
});
