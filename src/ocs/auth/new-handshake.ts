import type { Clock, Random } from '../../bridge/ports.js';
import type { DigestIdentity } from './digest.js';
import { type Gssapi, systemGssapi } from './gssapi/binding.js';
import { KerberosMechanism } from './gssapi/mechanism.js';
import { type AllowedMechanism, Handshake } from './handshake.js';
import { type SignInIdentity, schemesOf } from './identity.js';
import { NtlmMechanism } from './ntlm/mechanism.js';
import { hostOfService, objectionToTarget } from './target-name.js';

export interface SignInPolicy {
  readonly identity: SignInIdentity;
  /** Name of the server as configured. */
  readonly serverName: string;
  /** Names in the verified certificate; `undefined` without TLS. */
  readonly certificateNames: readonly string[] | undefined;
  /** NTLM outside of verified TLS gives its proof to whoever answers. For tests and isolated networks only. */
  readonly allowNtlmWithoutTls: boolean;
  /** The same for Digest, whose proofs can be tried against lists of passwords. Default false. */
  readonly allowDigestWithoutTls?: boolean | undefined;
}

export interface HandshakePorts {
  readonly random: Random;
  readonly clock: Clock;
  /** Default: the library of the system. */
  readonly gssapi?: () => Promise<Gssapi>;
}

/** A handshake for one sign-in, with the mechanisms that may be used on this connection, strongest first. */
export function newHandshake(policy: SignInPolicy, ports: HandshakePorts): Handshake {
  const known = [policy.serverName, ...(policy.certificateNames ?? [])];
  return new Handshake(
    {
      mechanisms: mechanismsFor(policy, ports),
      digest: digestIdentity(policy) !== undefined,
      objectionTo(targetName, scheme) {
        if (scheme !== 'Kerberos') return objectionToTarget(targetName, known);
        const host = hostOfService(targetName);
        return host === undefined ? NO_SERVICE : objectionToTarget(host, known);
      },
    },
    ports.random,
  );
}

/** Who answers Digest challenges on this connection; `undefined` when nobody may. */
export function digestIdentity(policy: SignInPolicy): DigestIdentity | undefined {
  const { identity, certificateNames, allowDigestWithoutTls } = policy;
  const { user, password } = identity;
  const safe = certificateNames !== undefined || allowDigestWithoutTls === true;
  return safe && password !== '' && schemesOf(identity).has('digest') ? { user, password } : undefined;
}

/** A ticket for any other service could be used there in our name. */
const NO_SERVICE = 'the server asks for a Kerberos ticket of another service than its own';

function mechanismsFor(policy: SignInPolicy, ports: HandshakePorts): readonly AllowedMechanism[] {
  const { identity, certificateNames, allowNtlmWithoutTls } = policy;
  const { kerberos, password } = identity;
  const allowed = schemesOf(identity);
  const mechanisms: AllowedMechanism[] = [];
  if (allowed.has('kerberos') && kerberos !== undefined && (kerberos.keytab !== undefined || password !== '')) {
    const gssapi = ports.gssapi ?? systemGssapi;
    const create = () => new KerberosMechanism({ ...kerberos, password }, { ...ports, gssapi });
    mechanisms.push({ scheme: 'Kerberos', create });
  }
  // Without a password there is a keytab or a client certificate, and an empty proof would only be counted as wrong.
  if (allowed.has('ntlm') && password !== '' && (certificateNames !== undefined || allowNtlmWithoutTls)) {
    mechanisms.push({
      scheme: 'NTLM',
      // COMPAT(lcs2005): it signs with a checksum only, and names no version.
      create: (version) =>
        new NtlmMechanism(identity, { extendedSecurity: version === 2 ? 'optional' : 'required' }, ports),
    });
  }
  return mechanisms;
}
