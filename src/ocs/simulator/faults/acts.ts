import type { SipUri } from '../../../presence/ids.js';
import { xml } from '../documents/xml-write.js';
import type { ServerContext } from '../server/context.js';
import { sendDeregistration } from '../server/deregistration.js';
import type { Dialog } from '../server/dialog.js';
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
    sendDeregistration(context, binding, event);
    context.registrar.remove(binding.session, 'unregistered');
  }
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
