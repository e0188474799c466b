import type { SipUri } from '../../../presence/ids.js';
import { headerList } from '../codec/message.js';
import { xml } from '../documents/xml-write.js';
import type { ServerContext } from '../server/context.js';
import type { Dialog } from '../server/dialog.js';
import type { Binding } from '../server/registrar.js';
import type { ServerAct } from './fault.js';

const RLMI_TYPE = 'application/rlmi+xml';

/** Carries out what a fault or a scenario asks of the server, to endpoints of `user` or to all. */
export function carryOut(context: ServerContext, act: ServerAct, user: SipUri | undefined): void {
  switch (act.kind) {
    case 'end-subscriptions': {
      const reason = act.retryAfter === undefined ? act.reason : `${act.reason};retry-after=${act.retryAfter}`;
      for (const dialog of dialogsOf(context, user)) context.notifier.terminate(dialog, reason);
      return;
    }
    case 'deregister':
      for (const { uri } of context.settings.accounts) {
        if (user === undefined || uri === user) deregister(context, uri, act.event);
      }
      return;
    case 'resubscribe':
      for (const dialog of dialogsOf(context, user)) sendElsewhere(context, dialog, act.person, act.pool);
  }
}

function dialogsOf(context: ServerContext, user: SipUri | undefined): readonly Dialog[] {
  return [...context.subscriptions.all()].filter(
    ({ event, session }) => event === 'presence' && (user === undefined || session.account.uri === user),
  );
}

function deregister(context: ServerContext, uri: SipUri, event: string): void {
  for (const binding of [...context.registrar.endpointsOf(uri)]) {
    sendNotice(context, binding, event);
    context.registrar.remove(binding.session, 'unregistered');
  }
}

/** `registration-notify` in the dialog of the registration (MS-SIPREGE 3.2.6), with any of its events. */
function sendNotice(context: ServerContext, { session, contact, callId, fromTag }: Binding, event: string): void {
  const { settings, vias } = context;
  const { uri } = session.account;
  const epid = session.epid === '' ? '' : `;epid=${session.epid}`;
  session.send({
    kind: 'request',
    method: 'NOTIFY',
    uri: contact,
    headers: headerList(
      ['Via', vias.next(session.link).via],
      ['Max-Forwards', '70'],
      ['From', `<${uri}>;tag=${settings.random.bytes(5).toString('hex').toUpperCase()}`],
      ['To', `<${uri}>;tag=${fromTag}${epid}`],
      ['Call-ID', callId],
      ['CSeq', '1 NOTIFY'],
      ['Event', 'registration-notify'],
      ['subscription-state', 'terminated;expires=0'],
      ['ms-diagnostics-public', event === 'rejected' ? '4141;reason="User disabled"' : undefined],
      ['P-Preferred-Registrar', event === 'preferred-registrar-change' ? `<sip:${settings.hostName}>` : undefined],
      ['Content-Type', 'text/registration-event'],
    ),
    body: Buffer.from(`deregistered;event=${event}`, 'utf8'),
  });
}

/** Says "resubscribe" of people the dialog covers, and tells it nothing of them any more. */
function sendElsewhere(
  context: ServerContext,
  dialog: Dialog,
  person: SipUri | undefined,
  pool: string | undefined,
): void {
  const people = [...dialog.watched.keys()].filter((uri) => person === undefined || uri === person);
  if (people.length === 0) return;
  for (const uri of people) context.subscriptions.unwatch(dialog, uri);
  const resources = people.map((uri) =>
    xml('resource', { uri }, xml('instance', { id: 0, state: 'resubscribe', poolFqdn: pool })),
  );
  const list = {
    xmlns: 'urn:ietf:params:xml:ns:rlmi',
    uri: dialog.session.account.uri,
    version: 1,
    fullState: 'false',
  };
  context.notifier.notify(dialog, RLMI_TYPE, xml('list', list, ...resources));
}
