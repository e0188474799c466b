import { headerList, type SipRequest } from '../codec/message.js';
import type { ServerContext } from './context.js';
import type { Binding } from './registrar.js';

/**
 * Tells an endpoint that the server removed its registration (MS-SIPREGE 3.2.6): a NOTIFY in the registration's own
 * dialog. The answer is not awaited.
 */
export function sendDeregistration(context: ServerContext, { session, contact, callId, fromTag }: Binding): void {
  const { uri } = session.account;
  const { via } = context.vias.next(session.link);
  const epid = session.epid === '' ? '' : `;epid=${session.epid}`;
  const request: SipRequest = {
    kind: 'request',
    method: 'NOTIFY',
    uri: contact,
    headers: headerList(
      ['Via', via],
      ['Max-Forwards', '70'],
      ['From', `<${uri}>;tag=${context.settings.random.bytes(5).toString('hex').toUpperCase()}`],
      ['To', `<${uri}>;tag=${fromTag}${epid}`],
      ['Call-ID', callId],
      ['CSeq', '1 NOTIFY'],
      ['Event', 'registration-notify'],
      ['subscription-state', 'terminated;expires=0'],
      ['Content-Type', 'text/registration-event'],
    ),
    body: Buffer.from('deregistered;event=unregistered', 'utf8'),
  };
  session.send(request);
}
