import { parseSipUri } from '../../../presence/ids.js';
import { readAddress } from '../codec/address.js';
import { headerOf, type SipRequest } from '../codec/message.js';
import type { ServerContext } from './context.js';
import type { Binding } from './registrar.js';

export type RelayTarget =
  | { readonly kind: 'endpoints'; readonly bindings: readonly Binding[] }
  /** The person exists but is not signed in. */
  | { readonly kind: 'offline' }
  | { readonly kind: 'unknown' };

/**
 * Where a request goes: to the endpoint that its Request-URI names (GRUU, registered contact), to the one in the epid of
 * `To`, otherwise to all endpoints of the person.
 */
export function relayTarget(context: ServerContext, request: SipRequest): RelayTarget {
  const { registrar, presence } = context;
  const direct = registrar.findContact(request.uri);
  if (direct) return { kind: 'endpoints', bindings: [direct] };
  const user = parseSipUri(request.uri);
  if (!user.ok) return { kind: 'unknown' };
  const named = registrar.find(user.value, request.uri);
  if (named) return { kind: 'endpoints', bindings: [named] };
  const bindings = registrar.endpointsOf(user.value);
  const epid = readAddress(headerOf(request, 'to') ?? '').params.get('epid');
  const byEpid = bindings.filter(({ session }) => epid !== undefined && session.epid === epid);
  if (bindings.length > 0) return { kind: 'endpoints', bindings: byEpid.length > 0 ? byEpid : bindings };
  return { kind: presence.find(user.value) ? 'offline' : 'unknown' };
}
