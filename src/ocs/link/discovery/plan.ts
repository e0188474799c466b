import type { ServerDiscovery } from './options.js';

/** One thing to ask DNS for on the way to a server. */
export interface SrvQuestion {
  readonly name: string;
  readonly transport: 'tls' | 'tcp';
}

export interface HostQuestion {
  readonly host: string;
  readonly transport: 'tls' | 'tcp';
  readonly ports: readonly number[];
}

/** Services in the order of Communicator 2007: inside before outside, TLS before TCP. */
const SERVICES = [
  ['_sipinternaltls._tcp', 'tls'],
  ['_sipinternal._tcp', 'tcp'],
  ['_sip._tls', 'tls'],
  ['_sip._tcp', 'tcp'],
] as const;

const SIPS_PORT = 5061;
const SIP_PORT = 5060;
/** Where an Edge Server listens. */
const HTTPS_PORT = 443;

/** Names that clients fall back to without SRV records, the domain itself last. */
const HOSTS = [
  ['sipinternal.', 'tls', [SIPS_PORT]],
  ['sip.', 'tls', [SIPS_PORT, HTTPS_PORT]],
  ['sipexternal.', 'tls', [HTTPS_PORT, SIPS_PORT]],
  ['sipinternal.', 'tcp', [SIP_PORT]],
  ['sip.', 'tcp', [SIP_PORT]],
  ['', 'tls', [SIPS_PORT]],
  ['', 'tcp', [SIP_PORT]],
] as const;

/** SRV records to ask for, in order of preference. */
export function srvQuestions({ domain, transports }: ServerDiscovery): readonly SrvQuestion[] {
  return SERVICES.filter(([, transport]) => transports === 'any' || transports === transport).map(
    ([service, transport]) => ({ name: `${service}.${domain}`, transport }),
  );
}

/** Host names to ask for when no SRV record leads anywhere, in order of preference. */
export function hostQuestions({ domain, transports }: ServerDiscovery): readonly HostQuestion[] {
  return HOSTS.filter(([, transport]) => transports === 'any' || transports === transport).map(
    ([label, transport, ports]) => ({ host: `${label}${domain}`, transport, ports }),
  );
}
