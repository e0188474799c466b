import type { Core } from 'sip.js';
import { describe, expect, test } from 'vitest';
import { type Answer, OcsCore } from '../../../src/ocs/agent/core.js';
import { categoriesDialect } from '../../../src/ocs/agent/dialects/categories.js';
import { afterSuccess, newDialog, nextRequest } from '../../../src/ocs/agent/dialog.js';
import { registerRequest } from '../../../src/ocs/agent/register-request.js';
import { type SubscribeTerms, subscribeRequest } from '../../../src/ocs/agent/subscribe-request.js';
import { splitText } from '../../../src/ocs/wire/encode.js';
import { sip } from '../../support/people.js';
import { silentLog } from '../../support/silent-log.js';
import { sipMessage } from '../../support/sip-message.js';

const ACCOUNT = sip('bridge@contoso.example');
const PEOPLE = [sip('ana.reyes@contoso.example'), sip('ben.okoro@contoso.example')];
const GRUU = '<sip:bridge@contoso.example;opaque=user:epid:-DSASGVRNF2lAM_dCpBHFgAA;gruu>';

function newCore() {
  const sent: string[] = [];
  const transport: Core.Transport = {
    protocol: 'TLS',
    send: (text) => {
      sent.push(text);
      return Promise.resolve();
    },
  } as Core.Transport;
  const core = new OcsCore(
    {
      account: ACCOUNT,
      epid: '5f0c9a1b2d',
      userAgent: 'UCCAPI/3.5.6907.0 OcsBridge/1.0',
      localAddress: '10.20.0.7:50412',
      log: silentLog,
    },
    transport,
  );
  return { core, last: () => splitText(sent.at(-1) ?? '') };
}

/** Headers as `name: value`, sorted, without those that are random. */
function sorted(headers: readonly (readonly [string, string])[]): readonly string[] {
  return headers
    .map(([name, value]) => `${name.toLowerCase()}: ${value.replace(/branch=z9hG4bK\d+/, 'branch=z9hG4bK1')}`)
    .toSorted();
}

const REGISTER_TERMS = {
  account: ACCOUNT,
  localAddress: '10.20.0.7:50412',
  transport: 'tls',
  instance: '488034f8-5165-5d34-a500-cfdd0a904716',
  contactId: '6f1d2c3b4a',
  callId: 'c4f1a0b2d3e44f5a9b6c7d8e9f001122',
  fromTag: '7d1f0a2b3c',
} as const;

describe('requests on the wire', () => {
  test('REGISTER has the headers of an OCS client', () => {
    const { core, last } = newCore();
    core.exchange(registerRequest(REGISTER_TERMS, 1, 'keep'), () => {});
    expect(last().startLine).toBe('REGISTER sip:contoso.example SIP/2.0');
    expect(sorted(last().headers)).toEqual(
      [
        'via: SIP/2.0/TLS 10.20.0.7:50412;branch=z9hG4bK1',
        'max-forwards: 70',
        'from: <sip:bridge@contoso.example>;tag=7d1f0a2b3c;epid=5f0c9a1b2d',
        'to: <sip:bridge@contoso.example>',
        'call-id: c4f1a0b2d3e44f5a9b6c7d8e9f001122',
        'cseq: 1 REGISTER',
        'contact: <sip:10.20.0.7:50412;transport=tls;ms-opaque=6f1d2c3b4a>;methods="INVITE, MESSAGE, INFO, SUBSCRIBE, OPTIONS, BYE, CANCEL, NOTIFY, ACK, REFER, BENOTIFY";proxy=replace;+sip.instance="<urn:uuid:488034f8-5165-5d34-a500-cfdd0a904716>"',
        'user-agent: UCCAPI/3.5.6907.0 OcsBridge/1.0',
        'supported: gruu-10, adhoclist, msrtc-event-categories',
        'supported: ms-forking',
        'ms-keep-alive: UAC;hop-hop=yes',
        'event: registration',
        'content-length: 0',
      ].toSorted(),
    );
    core.exchange(registerRequest(REGISTER_TERMS, 2, 'remove'), () => {});
    expect(last().headers).toContainEqual(['Expires', '0']);
    core.dispose();
  });

  const terms: SubscribeTerms = {
    account: ACCOUNT,
    contact: GRUU,
    categories: ['state', 'note'],
    dialect: categoriesDialect('batch'),
  };
  const dialog = nextRequest(newDialog('aa11bb22cc33dd44ee55ff6600778899', '1122334455', ACCOUNT));

  test('a batched SUBSCRIBE has the headers of an OCS client and names the people', () => {
    const { core, last } = newCore();
    const request = { action: 'open', people: PEOPLE, benotify: true } as const;
    core.exchange(subscribeRequest('batch', request, dialog, terms), () => {});
    const { startLine, headers, body } = last();
    expect(startLine).toBe('SUBSCRIBE sip:bridge@contoso.example SIP/2.0');
    expect(sorted(headers)).toEqual(
      [
        'via: SIP/2.0/TLS 10.20.0.7:50412;branch=z9hG4bK1',
        'max-forwards: 70',
        'from: <sip:bridge@contoso.example>;tag=1122334455;epid=5f0c9a1b2d',
        'to: <sip:bridge@contoso.example>',
        'call-id: aa11bb22cc33dd44ee55ff6600778899',
        'cseq: 1 SUBSCRIBE',
        `contact: ${GRUU}`,
        'user-agent: UCCAPI/3.5.6907.0 OcsBridge/1.0',
        'event: presence',
        'accept: application/msrtc-event-categories+xml, application/rlmi+xml, multipart/related',
        'supported: ms-benotify',
        'proxy-require: ms-benotify',
        'supported: ms-piggyback-first-notify',
        'require: adhoclist, categoryList',
        'supported: eventlist',
        'content-type: application/msrtc-adrl-categorylist+xml',
        `content-length: ${Buffer.byteLength(body)}`,
      ].toSorted(),
    );
    expect(body).toContain('<action name="subscribe"');
    for (const uri of PEOPLE) expect(body).toContain(`"${uri}"`);
    core.dispose();
  });

  test('a SUBSCRIBE to one person asks for no list, or the server would only send it on again', () => {
    const { headers } = subscribeRequest('single', { action: 'open', people: PEOPLE, benotify: true }, dialog, terms);
    expect(headers.join()).not.toMatch(/adhoclist|eventlist/);
    expect(headers).toContain('Proxy-Require: ms-benotify');
  });

  test('without BENOTIFY neither of its headers is there', () => {
    const { headers } = subscribeRequest('batch', { action: 'open', people: PEOPLE, benotify: false }, dialog, terms);
    expect(headers.join()).not.toContain('benotify');
  });

  test('a request in the dialog goes to the contact and along the route as they came', () => {
    const answer = sipMessage([
      'SIP/2.0 200 OK',
      'From: <sip:bridge@contoso.example>;tag=1122334455',
      'To: <sip:bridge@contoso.example>;tag=AB',
      'Call-ID: aa11bb22cc33dd44ee55ff6600778899',
      'CSeq: 1 SUBSCRIBE',
      'Record-Route: <sip:Pool.contoso.example:5061;transport=tls;opaque=state:F;lr;ms-route-sig="x=">',
      'Contact: <sip:FE1.contoso.example:5061;transport=tls;ms-fe=fe1>',
    ]);
    const { core, last } = newCore();
    const inside = nextRequest(afterSuccess(dialog, answer));
    core.exchange(subscribeRequest('batch', { action: 'close', people: [], benotify: true }, inside, terms), () => {});
    expect(last().startLine).toBe('SUBSCRIBE sip:FE1.contoso.example:5061;transport=tls;ms-fe=fe1 SIP/2.0');
    expect(last().headers).toContainEqual([
      'Route',
      '<sip:Pool.contoso.example:5061;transport=tls;opaque=state:F;lr;ms-route-sig="x=">',
    ]);
    expect(last().headers).toContainEqual(['To', '<sip:bridge@contoso.example>;tag=AB']);
    expect(last().headers).toContainEqual(['CSeq', '2 SUBSCRIBE']);
    expect(last().headers).toContainEqual(['Expires', '0']);
    core.dispose();
  });

  test('removing people unsubscribes them by name', () => {
    const { body } = subscribeRequest('batch', { action: 'remove', people: PEOPLE, benotify: true }, dialog, terms);
    expect(body?.content.toString()).toContain('name="unsubscribe"');
  });

  test('a 408 that the server sent is an answer like others, not the lack of one', () => {
    const { core, last } = newCore();
    const answers: Answer[] = [];
    const request = { action: 'open', people: PEOPLE, benotify: true } as const;
    core.exchange(subscribeRequest('batch', request, dialog, terms), (answer) => answers.push(answer));
    const kept = ['via', 'from', 'to', 'call-id', 'cseq'];
    const lines = last().headers.filter(([name]) => kept.includes(name.toLowerCase()));
    const refusal = sipMessage(['SIP/2.0 408 Request Timeout', ...lines.map(([name, value]) => `${name}: ${value}`)]);
    core.acceptResponse(refusal);
    expect(answers).toEqual([refusal]);
    core.dispose();
  });

  test('nothing that comes from outside can add a header', () => {
    const { core } = newCore();
    const draft = subscribeRequest('batch', { action: 'open', people: PEOPLE, benotify: true }, dialog, terms);
    for (const bad of [
      { requestUri: 'sip:x\r\nEvil: 1' },
      { routes: ['<sip:x>\nEvil: 1'] },
      { headers: ['A: 1\r\nB: 2'] },
    ]) {
      expect(() => core.exchange({ ...draft, ...bad }, () => {})).toThrow(/line break/);
    }
    core.dispose();
  });
});
