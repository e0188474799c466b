import { describe, expect, test } from 'vitest';
import type { RequestDraft } from '../../../src/ocs/agent/core.js';
import { chooseDialect } from '../../../src/ocs/agent/dialects/choose.js';
import { newDialog, nextRequest } from '../../../src/ocs/agent/dialog.js';
import { registerRequest } from '../../../src/ocs/agent/register-request.js';
import { subscribeRequest } from '../../../src/ocs/agent/subscribe-request.js';
import type { SubscribeAction } from '../../../src/ocs/agent/subscription-words.js';
import { unescapedUri, wireUri } from '../../../src/ocs/agent/wire-uri.js';
import { sip } from '../../support/people.js';

const ACCOUNT = sip('bridge@contoso.example');
const [ANA, BEN] = [sip('ana@contoso.example'), sip('ben@contoso.example')];
const NOTHING_MISSING: readonly string[] = [];

function draft(
  dialect: ReturnType<typeof chooseDialect>,
  action: SubscribeAction = 'open',
  kind = dialect.kind,
): RequestDraft {
  const dialog = nextRequest(newDialog('call', 'tag', ACCOUNT));
  const request = { action, people: [ANA, BEN], benotify: true } as const;
  return subscribeRequest(kind, request, dialog, { account: ACCOUNT, contact: '<c>', categories: ['state'], dialect });
}

function bodyOf({ body }: RequestDraft): string {
  return body?.content.toString('utf8') ?? '';
}

describe('the dialect of a server', () => {
  test('follows from the option tags that it left out, and from the word of the operator', () => {
    const cases = [
      ['ocs', NOTHING_MISSING, 'categories', 'batch'],
      ['ocs', ['adhoclist'], 'categories', 'single'],
      ['ocs', ['msrtc-event-categories'], 'lcs', 'batch'],
      ['ocs', ['adhoclist', 'msrtc-event-categories'], 'lcs', 'single'],
      ['sip', NOTHING_MISSING, 'pidf', 'single'],
      ['sip', ['adhoclist', 'msrtc-event-categories'], 'pidf', 'single'],
    ] as const;
    for (const [asked, missing, name, kind] of cases) {
      expect(chooseDialect(asked, missing)).toMatchObject({ name, kind });
    }
  });
});

describe('LCS 2005', () => {
  const lcs = chooseDialect('ocs', ['msrtc-event-categories']);

  test('is asked with an ad-hoc list of people, for their documents', () => {
    const request = draft(lcs);
    expect(request.headers).toEqual([
      'Contact: <c>',
      'Event: presence',
      'Supported: ms-benotify',
      'Proxy-Require: ms-benotify',
      'Accept: application/rlmi+xml, multipart/related, text/xml+msrtc.pidf, application/pidf+xml, application/xpidf+xml',
      'Require: adhoclist',
      'Supported: eventlist',
    ]);
    expect(request.supported).toEqual(['com.microsoft.autoextend', 'ms-piggyback-first-notify']);
    expect(request.body?.contentType).toBe('application/adrl+xml');
    expect(bodyOf(request)).toBe(
      `<adhoclist xmlns="urn:ietf:params:xml:ns:adrl" uri="${ACCOUNT}" name="${ACCOUNT}"><create xmlns=""><resource uri="${ANA}"/><resource uri="${BEN}"/></create></adhoclist>`,
    );
  });

  test('is told of people who come and go in the same dialog', () => {
    expect(bodyOf(draft(lcs, 'add'))).toContain('<add xmlns=""><resource');
    expect(bodyOf(draft(lcs, 'remove'))).toContain('<delete xmlns=""><resource');
    expect(bodyOf(draft(lcs, 'refresh'))).toContain('<create xmlns=""><resource');
  });

  test('without lists is asked for one person, without a body', () => {
    const request = draft(lcs, 'open', 'single');
    expect(request.body).toBeUndefined();
    expect(request.headers.join()).not.toMatch(/adhoclist|eventlist/);
  });
});

describe('a server of RFC 3856', () => {
  const pidf = chooseDialect('sip', NOTHING_MISSING);

  test('is asked for one person in the words of the standard only', () => {
    const request = draft(pidf);
    expect(request.headers).toEqual([
      'Contact: <c>',
      'Event: presence',
      'Accept: application/pidf+xml, application/xpidf+xml',
      'Expires: 3600',
    ]);
    expect(request.supported).toEqual([]);
    expect(request.body).toBeUndefined();
    expect(draft(pidf, 'close').headers).toEqual(['Contact: <c>', 'Event: presence', 'Expires: 0']);
  });

  test('gets a REGISTER without anything of Microsoft', () => {
    const terms = {
      account: ACCOUNT,
      dialect: 'sip',
      localAddress: '10.20.0.7:50412',
      transport: 'tcp',
      instance: '488034f8-5165-5d34-a500-cfdd0a904716',
      contactId: '6f1d2c3b4a',
      callId: 'c',
      fromTag: 't',
    } as const;
    expect(registerRequest(terms, 1, 'keep')).toMatchObject({
      supported: [],
      headers: [
        'Contact: <sip:10.20.0.7:50412;transport=tcp>;+sip.instance="<urn:uuid:488034f8-5165-5d34-a500-cfdd0a904716>"',
        'Expires: 3600',
      ],
    });
    expect(registerRequest(terms, 2, 'remove').headers.at(-1)).toBe('Expires: 0');
  });
});

describe('a person whom the batch cannot serve', () => {
  test('may be described by documents of other servers too', () => {
    const { headers } = draft(chooseDialect('ocs', NOTHING_MISSING), 'open', 'single');
    expect(headers.join()).toContain('text/xml+msrtc.pidf, application/pidf+xml');
  });
});

describe('an address on the wire', () => {
  const cases = [
    ['ana.reyes@contoso.example', 'sip:ana.reyes@contoso.example'],
    ['müller@contoso.example', 'sip:m%C3%BCller@contoso.example'],
    ['李@contoso.example', 'sip:%E6%9D%8E@contoso.example'],
    ['100%@contoso.example', 'sip:100%25@contoso.example'],
    ['a%20b@contoso.example', 'sip:a%20b@contoso.example'],
    ["o'neil+x=1;y@contoso.example", "sip:o'neil+x=1;y@contoso.example"],
  ] as const;
  for (const [address, wire] of cases) {
    test(`escapes of "${address}" what a header cannot hold`, () => {
      expect(wireUri(sip(address))).toBe(wire);
    });
  }

  test('is known again in the spelling in which it comes back', () => {
    expect(unescapedUri(sip('m%c3%bcller@contoso.example'))).toBe(sip('müller@contoso.example'));
    expect(unescapedUri(sip('ana@contoso.example'))).toBeUndefined();
    expect(unescapedUri(sip('a%ff@contoso.example'))).toBeUndefined();
  });
});
