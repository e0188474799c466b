import { beforeEach, describe, expect, test } from 'vitest';
import type { Answer, OcsCore, RequestDraft } from '../../../src/ocs/agent/core.js';
import type { OwnTerms } from '../../../src/ocs/agent/own-side.js';
import { RoamingSelf } from '../../../src/ocs/agent/roaming-self.js';
import { decodeMessage } from '../../../src/ocs/wire/decode.js';
import type { SipMessage } from '../../../src/ocs/wire/message.js';
import { sip } from '../../support/people.js';
import { silentLog } from '../../support/silent-log.js';
import { SimulatedClock, seededRandom } from '../../support/simulated-clock.js';

const SELF = sip('bridge@contoso.example');
const DOCUMENT =
  '<roamingData xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">' +
  '<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="sip:bridge@contoso.example">' +
  '<category name="state" instance="536870912" container="2" version="3" expireType="static"/>' +
  '</categories></roamingData>';

let clock: SimulatedClock;
let roaming: RoamingSelf;
let sent: { readonly draft: RequestDraft; readonly answer: (answer: Answer) => void }[];
let heard: string[];

beforeEach(() => {
  clock = new SimulatedClock();
  [sent, heard] = [[], []];
  const core = {
    exchange: (draft: RequestDraft, answer: (answer: Answer) => void) => sent.push({ draft, answer }),
  } as unknown as OcsCore;
  const terms: OwnTerms = {
    core,
    account: SELF,
    epid: '5f0c9a1b2d',
    contact: '<sip:bridge@contoso.example;gruu>',
    localAddress: '192.0.2.7:50412',
    dialect: 'categories',
    ports: { clock, random: seededRandom(), log: silentLog, count: (_what, reason) => heard.push(`refused ${reason}`) },
    onSignInNeeded: () => heard.push('sign-in'),
  };
  roaming = new RoamingSelf(terms, {
    onOpened: (report) => heard.push(`opened ${report?.publications?.length ?? 'blind'}`),
    onNotOpened: ({ status, passing }) => heard.push(`not-opened ${status} ${passing}`),
    onReport: (report) => heard.push(`report ${report.publications?.length}`),
    onClosed: () => heard.push('closed'),
  });
});

function message(startLine: string, headers: readonly string[], body = ''): SipMessage {
  const draft = sent.at(-1)?.draft;
  const type = body === '' ? [] : ['Content-Type: application/vnd-microsoft-roaming-self+xml'];
  const us = `<${SELF}>;tag=${draft?.fromTag}`;
  const parties = startLine.startsWith('SIP')
    ? [`From: ${us}`, `To: <${SELF}>;tag=server`]
    : [`From: <${SELF}>;tag=server`, `To: ${us}`];
  const lines = [
    startLine,
    'Via: SIP/2.0/TLS 192.0.2.7:50412;branch=z9hG4bK1',
    ...parties,
    `Call-ID: ${draft?.callId}`,
    `CSeq: 1 ${startLine.startsWith('SIP') ? 'SUBSCRIBE' : 'BENOTIFY'}`,
    'Contact: <sip:pool.contoso.example:5061;transport=tls>',
    ...headers,
    ...type,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const decoded = decodeMessage(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`));
  if (!decoded.ok) throw decoded.error;
  return decoded.message;
}

const answer = (status: number, body = '', expires = 1_000): void =>
  sent.at(-1)?.answer(message(`SIP/2.0 ${status} Answer`, [`Expires: ${expires}`], body));

describe('the subscription to our own data', () => {
  test('is opened with what the answer carries, and refreshed in its dialog', async () => {
    roaming.open();
    expect(sent[0]?.draft).toMatchObject({ method: 'SUBSCRIBE', requestUri: SELF, to: SELF, cseq: 1 });
    expect(sent[0]?.draft.headers).toContain('Event: vnd-microsoft-roaming-self');
    answer(200, DOCUMENT);
    expect(heard).toEqual(['opened 1']);
    await clock.advance(750_000);
    expect(sent[1]?.draft).toMatchObject({
      requestUri: 'sip:pool.contoso.example:5061;transport=tls',
      toTag: 'server',
      cseq: 2,
      callId: sent[0]?.draft.callId,
    });
    answer(200, DOCUMENT);
    expect(heard).toEqual(['opened 1', 'report 1']);
    await clock.advance(750_000);
    expect(sent).toHaveLength(3);
  });

  test('waits a moment for a notification when the answer says nothing', async () => {
    roaming.open();
    answer(200);
    expect(heard).toEqual([]);
    const notification = message('BENOTIFY sip:x SIP/2.0', [], DOCUMENT);
    expect(roaming.owns(notification)).toBe(true);
    roaming.receive(notification);
    await clock.advance(6_000);
    expect(heard).toEqual(['opened 1']);
  });

  test('counts as opened when nothing comes: refusals will tell the versions', async () => {
    roaming.open();
    answer(200);
    await clock.advance(6_000);
    expect(heard).toEqual(['opened blind']);
    await clock.advance(750_000);
    expect(sent).toHaveLength(2);
  });

  test.each([
    [403, ['not-opened 403 false']],
    [503, ['not-opened 503 true']],
    [401, ['sign-in', 'not-opened 401 true']],
  ])('tells when it is refused with %i', (status, words) => {
    roaming.open();
    answer(status);
    expect(heard).toEqual(words);
  });

  test('is over when it is not extended, or the server ends it', async () => {
    roaming.open();
    answer(200, DOCUMENT);
    await clock.advance(750_000);
    answer(481);
    expect(heard).toEqual(['opened 1', 'closed']);
    expect(clock.pendingTimers).toBe(0);
    roaming.open();
    answer(200, DOCUMENT);
    roaming.receive(message('BENOTIFY sip:x SIP/2.0', ['Subscription-State: terminated;expires=0']));
    expect(heard).toEqual(['opened 1', 'closed', 'opened 1', 'closed']);
  });

  test('ignores a document that cannot be read, and counts it', () => {
    roaming.open();
    answer(200, DOCUMENT);
    roaming.receive(message('BENOTIFY sip:x SIP/2.0', [], '<!DOCTYPE x><roamingData/>'));
    expect(heard).toEqual(['opened 1', 'refused doctype']);
  });

  test('ends in its dialog at the sign-off', () => {
    roaming.open();
    answer(200, DOCUMENT);
    roaming.signOff();
    expect(sent[1]?.draft.headers).toContain('Expires: 0');
    expect(clock.pendingTimers).toBe(0);
  });
});
