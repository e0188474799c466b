import type { Clock, Random } from '../../bridge/ports.js';
import { Handshake } from './handshake.js';
import type { NtlmIdentity } from './ntlm/authenticate.js';
import { NtlmMechanism } from './ntlm/mechanism.js';
import { objectionToTarget } from './target-name.js';

export interface SignInPolicy {
  readonly identity: NtlmIdentity;
  /** Name of the server as configured. */
  readonly serverName: string;
  /** Names in the verified certificate; `undefined` without TLS. */
  readonly certificateNames: readonly string[] | undefined;
  /** NTLM outside of verified TLS gives its proof to whoever answers. For tests and isolated networks only. */
  readonly allowNtlmWithoutTls: boolean;
}

/** A handshake for one sign-in, with the mechanisms that may be used on this connection. */
export function newHandshake(
  policy: SignInPolicy,
  ports: { readonly random: Random; readonly clock: Clock },
): Handshake {
  const allowed = policy.certificateNames !== undefined || policy.allowNtlmWithoutTls;
  const known = [policy.serverName, ...(policy.certificateNames ?? [])];
  return new Handshake(
    {
      mechanismFor: (scheme) =>
        allowed && scheme.toUpperCase() === 'NTLM'
          ? new NtlmMechanism(policy.identity, { extendedSecurity: 'required' }, ports)
          : undefined,
      objectionTo: (targetName) => objectionToTarget(targetName, known),
    },
    ports.random,
  );
}
