import { headerList, type SipRequest } from '../codec/message.js';
import type { ServerContext } from './context.js';
import type { Binding } from './registrar.js';

/** Why the server ends a registration by itself (MS-SIPREGE 2.2.4). */
export type DeregistrationEvent =
  /** The user has too many endpoints, and this is the oldest. */
  | 'unregistered'
  /** The account was disabled. */
  | 'rejected'
  /** The account is on another server now. */
  | 'deactivated';

/**
 * Tells an endpoint that the server removed its registration (MS-SIPREGE 3.2.6): a NOTIFY in the registration's own
 * dialog. The answer is not awaited. `event`: one of the above, or another word that the specification knows.
 */
export function sendDeregistration(
  context: ServerContext,
  { session, contact, callId, fromTag }: Binding,
  event: string,
): void {
  const { settings, vias, pools } = context;
  const { uri } = session.account;
  const { hostName } = pools.of(session.link);
  const { via } = vias.next(session.link);
  const epid = session.epid === '' ? '' : `;epid=${session.epid}`;
  const request: SipRequest = {
    kind: 'request',
    method: 'NOTIFY',
    uri: contact,
    headers: headerList(
      ['Via', via],
      ['Max-Forwards', '70'],
      ['From', `<${uri}>;tag=${settings.random.bytes(5).toString('hex').toUpperCase()}`],
      ['To', `<${uri}>;tag=${fromTag}${epid}`],
      ['Call-ID', callId],
      ['CSeq', '1 NOTIFY'],
      ['Event', 'registration-notify'],
      ['subscription-state', 'terminated;expires=0'],
      ['ms-diagnostics-public', event === 'rejected' ? '4141;reason="User disabled"' : undefined],
      ['P-Preferred-Registrar', event === 'preferred-registrar-change' ? `<sip:${hostName}>` : undefined],
      ['Content-Type', 'text/registration-event'],
    ),
    body: Buffer.from(`deregistered;event=${event}`, 'utf8'),
  };
  session.send(request);
}
