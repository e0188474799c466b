import { isIP } from 'node:net';

/**
 * Why a server must not be answered under `targetName`, the name that its challenge gives; `undefined` when all is
 * well.
 *
 * NTLM itself does not bind a proof to a server, so this check and verified TLS are what keeps a proof from being
 * carried to another server. The name is right when it is one of `known` (the configured name and those in the verified
 * certificate), or stands in the same DNS domain as one of them: a pool name leads to any of its front ends, and each
 * front end names itself.
 */
export function objectionToTarget(targetName: string, known: readonly string[]): string | undefined {
  const target = targetName.toLowerCase();
  const names = known.map((name) => name.toLowerCase()).filter((name) => isIP(name) === 0 && name !== 'localhost');
  // Without TLS and with an address instead of a name there is nothing to compare with.
  if (names.length === 0) return undefined;
  if (names.some((name) => name === target || sameDomain(name, target) || isShortFormOf(name, target)))
    return undefined;
  return `the server asks to sign in to "${targetName}", which is not in the domain of ${names.map((name) => `"${name}"`).join(', ')}`;
}

/** Same parent domain, of at least two labels: `pool.contoso.example` and `fe01.contoso.example`. */
function sameDomain(name: string, target: string): boolean {
  const domain = parentOf(name);
  return domain.includes('.') && domain === parentOf(target);
}

function parentOf(name: string): string {
  return name.slice(name.indexOf('.') + 1 || name.length);
}

/** `ocs01` configured, `ocs01.contoso.example` in the challenge. */
function isShortFormOf(name: string, target: string): boolean {
  return !name.includes('.') && target.startsWith(`${name}.`);
}

/** Host in `sip/ocs01.contoso.example`, the name of the Kerberos service; `undefined` for any other service. */
export function hostOfService(targetName: string): string | undefined {
  return /^sip\/([a-z0-9](?:[a-z0-9.-]{0,253}[a-z0-9])?)$/i.exec(targetName)?.[1];
}
