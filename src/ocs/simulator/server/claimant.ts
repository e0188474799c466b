import { readAddress } from '../codec/address.js';
import { type Credentials, readCredentials } from '../codec/credentials.js';
import { headerOf, headersOf, type SipMessage, type SipRequest } from '../codec/message.js';
import type { SimulatorScheme } from '../options.js';

/** Who a request says it comes from. */
export interface Claimant {
  readonly key: string;
  readonly epid: string;
}

/** Address and epid together name an endpoint (MS-SIPAE). */
export function claimantOf(request: SipRequest): Claimant {
  const from = readAddress(headerOf(request, 'from') ?? '');
  const epid = from.params.get('epid') ?? '';
  return { key: `${from.uri.toLowerCase()} ${epid}`, epid };
}

export function schemeOf({ scheme }: Credentials): SimulatorScheme {
  return scheme.toLowerCase() === 'kerberos' ? 'Kerberos' : 'NTLM';
}

/** Credentials in either header family: Communicator was seen to use the proxy's. */
export function credentialsOf(message: SipMessage): readonly Credentials[] {
  return [...headersOf(message, 'authorization'), ...headersOf(message, 'proxy-authorization')].flatMap(
    (value) => readCredentials(value) ?? [],
  );
}
