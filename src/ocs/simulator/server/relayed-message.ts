import type { Header, SipRequest, SipResponse } from '../codec/message.js';
import { headerOf, headersOf, withoutHeaders } from '../codec/message.js';
import type { Binding } from './registrar.js';
import type { Session } from './session.js';
import { withoutCredentials, withoutFirstVia } from './vias.js';

/** The server's own name in Route and Record-Route. */
export interface RouteName {
  readonly hostName: string;
  readonly port: number;
  readonly transport: 'TLS' | 'TCP';
  /** Names of all pools of the site: their Route headers end here. */
  readonly own: readonly string[];
}

/** A request on its way to an endpoint: own Via on top, one hop less, own Route removed, sender asserted. */
export function forwardedRequest(
  request: SipRequest,
  from: Session,
  to: Binding,
  via: string,
  route: RouteName,
): SipRequest {
  const bare = withoutHeaders(withoutCredentials(request), 'max-forwards', 'p-asserted-identity', 'route');
  const routes = headersOf(request, 'route').filter((value) => !route.own.some((name) => value.includes(name)));
  const opensDialog = request.method === 'INVITE';
  const added: Header[] = [
    { name: 'Via', value: via },
    ...(opensDialog ? [{ name: 'Record-Route', value: recordRoute(route) }] : []),
    { name: 'Max-Forwards', value: String(hopsLeft(request) - 1) },
    ...routes.map((value) => ({ name: 'Route', value })),
    ...(opensDialog ? [assertedIdentity(from)] : []),
  ];
  return { ...bare, uri: to.contact, headers: [...added, ...bare.headers] };
}

/** A response on its way back to whoever asked. */
export function forwardedResponse(response: SipResponse, from: Session, method: string): SipResponse {
  const bare = withoutFirstVia(withoutHeaders(withoutCredentials(response), 'p-asserted-identity'));
  return method === 'INVITE' ? { ...bare, headers: [...bare.headers, assertedIdentity(from)] } : bare;
}

/** `Max-Forwards`, 70 when it is absent or no number. */
export function hopsLeft(request: SipRequest): number {
  const hops = Number(headerOf(request, 'max-forwards') ?? 70);
  return Number.isInteger(hops) && hops >= 0 ? Math.min(hops, 255) : 70;
}

function recordRoute({ hostName, port, transport }: RouteName): string {
  return `<sip:${hostName}:${port};transport=${transport.toLowerCase()};opaque=state:F;lr>`;
}

/** Who the server says is speaking (RFC 3325); part of the signed text. */
function assertedIdentity({ account }: Session): Header {
  const name = account.displayName.replace(/["\\\r\n]/g, '');
  return { name: 'P-Asserted-Identity', value: `"${name}"<${account.uri}>` };
}
