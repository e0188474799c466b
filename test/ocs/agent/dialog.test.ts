import { describe, expect, test } from 'vitest';
import { afterSuccess, newDialog, nextRequest, routeOf } from '../../../src/ocs/agent/dialog.js';
import { sipMessage } from '../../support/sip-message.js';

const OK = (...headers: readonly string[]) =>
  sipMessage([
    'SIP/2.0 200 OK',
    'From: <sip:bridge@contoso.example>;tag=11;epid=5f',
    'To: <sip:bridge@contoso.example>;tag=AB',
    'Call-ID: c1',
    'CSeq: 1 SUBSCRIBE',
    ...headers,
  ]);
const START = nextRequest(newDialog('c1', '11', 'sip:bridge@contoso.example'));

describe('dialog', () => {
  test('starts at the address itself, with the first number', () => {
    expect(START.sequence).toBe(1);
    expect(routeOf(START)).toEqual({ requestUri: 'sip:bridge@contoso.example', routes: [] });
  });

  test('goes on to the contact of the server, byte for byte', () => {
    const contact = 'sip:pool.contoso.example:5061;transport=tls;ms-fe="fe1.contoso.example"';
    const dialog = afterSuccess(START, OK(`Contact: <${contact}>`));
    expect(dialog).toMatchObject({ remoteTag: 'AB', remoteTarget: contact });
    expect(routeOf(nextRequest(dialog)).requestUri).toBe(contact);
  });

  test('takes the recorded route backwards, from several headers or one list', () => {
    const near = '<sip:edge.contoso.example:5061;transport=tls;lr;ms-route-sig=abc==>';
    const far = '<sip:pool.contoso.example:5061;transport=tls;opaque=state:F;lr>;tag=9';
    for (const headers of [[`Record-Route: ${far}`, `Record-Route: ${near}`], [`Record-Route: ${far}, ${near}`]]) {
      const dialog = afterSuccess(START, OK(...headers, 'Contact: <sip:fe1.contoso.example>'));
      expect(routeOf(dialog)).toEqual({ requestUri: 'sip:fe1.contoso.example', routes: [near, far] });
    }
  });

  test('gives way to a strict router', () => {
    const dialog = afterSuccess(
      START,
      OK('Record-Route: <sip:far.example;lr>, <sip:strict.example;lrx=1>', 'Contact: <sip:fe1.contoso.example>'),
    );
    expect(routeOf(dialog)).toEqual({
      requestUri: 'sip:strict.example;lrx=1',
      routes: ['<sip:far.example;lr>', '<sip:fe1.contoso.example>'],
    });
  });

  test('moves its target with a later contact, but never its route', () => {
    const first = afterSuccess(START, OK('Contact: <sip:fe1.contoso.example>', 'Record-Route: <sip:a.example;lr>'));
    const later = afterSuccess(first, OK('Contact: <sip:fe2.contoso.example>', 'Record-Route: <sip:b.example;lr>'));
    expect(later).toMatchObject({ remoteTarget: 'sip:fe2.contoso.example', routeSet: ['<sip:a.example;lr>'] });
    expect(afterSuccess(first, OK()).remoteTarget).toBe('sip:fe1.contoso.example');
  });
});
