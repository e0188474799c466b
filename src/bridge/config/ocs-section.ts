import type { OcsConfig, OcsDiscoveryConfig, OcsServerConfig, OcsTlsConfig } from './config.js';
import type { ConfigText } from './schema.js';

type OcsText = ConfigText['ocs'];
type Path = readonly PropertyKey[];
type Report = (path: Path, message: string) => void;

/** Files that the configuration names. What is wrong with one is reported, and the result then of no use. */
export interface NamedFiles {
  /** Absolute path; the file need not be there. */
  resolve(path: Path, file: string): string;
  secret(path: Path, reference: string): string;
  /** PEM text. */
  certificates(path: Path, file: string): string | undefined;
  bytes(path: Path, file: string): Buffer | undefined;
}

/** Rules over several keys of the section. */
export function checkOcs(ocs: OcsText, report: Report): void {
  if (ocs.server !== undefined && ocs.discovery !== undefined) {
    report(['ocs', 'discovery'], 'give either "server" or "discovery": a server set by hand is not looked for');
  }
  if (ocs.server === undefined && ocs.alternates.length > 0) {
    report(['ocs', 'alternates'], 'alternates need a "server" that they stand in for');
  }
  const missing = missingSwitch(ocs);
  if (missing !== undefined) {
    for (const [path, transport] of transportsOf(ocs)) {
      if (transport !== 'tls') report(path, unsafe(missing));
    }
  }
  checkProof(ocs, report);
  checkTls(ocs, report);
  const seen = new Set<string>([ocs.account]);
  for (const [index, { account }] of ocs.moreAccounts.entries()) {
    if (seen.has(account)) report(['ocs', 'moreAccounts', index, 'account'], `${account} stands here twice`);
    seen.add(account);
  }
}

function unsafe(missing: string): string {
  return `without TLS the password could be attacked by anybody on the way; use "tls", or set "${missing}: true" in section "ocs"`;
}

function transportsOf(ocs: OcsText): readonly (readonly [Path, string])[] {
  return [
    ...(ocs.server === undefined ? [] : [[['ocs', 'server', 'transport'], ocs.server.transport] as const]),
    ...(ocs.discovery === undefined ? [] : [[['ocs', 'discovery', 'transports'], ocs.discovery.transports] as const]),
    ...ocs.alternates.map(({ transport }, index) => [['ocs', 'alternates', index, 'transport'], transport] as const),
  ];
}

/** The switch that would have to be on for a connection without TLS. Kerberos sends nothing that could be attacked. */
function missingSwitch(ocs: OcsText): 'allowNtlmWithoutTls' | 'allowDigestWithoutTls' | undefined {
  const { passwordFile, authentication = [ocs.dialect === 'sip' ? 'digest' : 'ntlm'] } = ocs;
  if (passwordFile === undefined) return undefined;
  if (authentication.includes('ntlm') && !ocs.allowNtlmWithoutTls) return 'allowNtlmWithoutTls';
  if (authentication.includes('digest') && !ocs.allowDigestWithoutTls) return 'allowDigestWithoutTls';
  return undefined;
}

function checkProof(ocs: OcsText, report: Report): void {
  const { passwordFile, kerberos, authentication, tls, dialect } = ocs;
  if (authentication?.includes('kerberos') && kerberos === undefined) {
    report(['ocs', 'authentication'], '"kerberos" needs a section "kerberos" with the principal');
  }
  const otherwise = kerberos?.keytabFile ?? tls.certificateFile;
  // A plain SIP server may ask for nothing.
  if (passwordFile === undefined && otherwise === undefined && dialect === 'ocs') {
    report(
      ['ocs', 'passwordFile'],
      '"passwordFile" is missing: without it a Kerberos keytab or a client certificate is needed',
    );
  }
}

function checkTls({ tls }: OcsText, report: Report): void {
  if ((tls.certificateFile === undefined) !== (tls.keyFile === undefined)) {
    report(['ocs', 'tls'], '"certificateFile" and "keyFile" belong together');
  }
}

/** The section with files read and defaults in place. */
export function resolveOcs(ocs: OcsText, files: NamedFiles): OcsConfig {
  const tls = resolveTls(ocs.tls, files);
  const { kerberos, maxPeoplePerAccount, authentication, userAgent } = ocs;
  return {
    ...account(ocs, files, ['ocs']),
    moreAccounts: ocs.moreAccounts.map((more, index) => account(more, files, ['ocs', 'moreAccounts', index])),
    ...(maxPeoplePerAccount === undefined ? {} : { maxPeoplePerAccount }),
    server: ocs.server === undefined ? discovered(ocs, tls) : server(ocs.server, tls),
    alternates: ocs.alternates.map((one) => server(one, tls)),
    trustedDomains: ocs.trustedDomains,
    dialect: ocs.dialect,
    ...(authentication === undefined ? {} : { authentication }),
    ...(kerberos === undefined ? {} : { kerberos: kerberosOf(kerberos, files) }),
    ...(userAgent === undefined ? {} : { userAgent }),
    batchSize: ocs.batchSize,
    requestsPerSecond: ocs.requestsPerSecond,
    allowNtlmWithoutTls: ocs.allowNtlmWithoutTls,
    allowDigestWithoutTls: ocs.allowDigestWithoutTls,
    ...(ocs.openContainers === undefined ? {} : { openContainers: ocs.openContainers }),
  };
}

function account(
  { account, user, passwordFile }: Pick<OcsText, 'account' | 'user' | 'passwordFile'>,
  files: NamedFiles,
  path: Path,
): Pick<OcsConfig, 'account' | 'user' | 'domain' | 'password'> {
  const backslash = user.indexOf('\\');
  return {
    account,
    user: user.slice(backslash + 1),
    domain: backslash < 0 ? '' : user.slice(0, backslash),
    password: passwordFile === undefined ? '' : files.secret([...path, 'passwordFile'], passwordFile),
  };
}

function server(
  { host, port, transport, serverName }: NonNullable<OcsText['server']>,
  tls: OcsTlsConfig,
): OcsServerConfig {
  return { host, port, transport, ...(serverName === undefined ? {} : { serverName }), tls };
}

function discovered({ account, discovery }: OcsText, tls: OcsTlsConfig): OcsDiscoveryConfig {
  return {
    domain: discovery?.domain ?? account.slice(account.lastIndexOf('@') + 1),
    transports: discovery?.transports ?? 'tls',
    nameServers: discovery?.nameServers ?? [],
    tls,
  };
}

function kerberosOf(
  { principal, keytabFile }: NonNullable<OcsText['kerberos']>,
  files: NamedFiles,
): NonNullable<OcsConfig['kerberos']> {
  return {
    principal,
    ...(keytabFile === undefined ? {} : { keytab: files.resolve(['ocs', 'kerberos', 'keytabFile'], keytabFile) }),
  };
}

function resolveTls(tls: OcsText['tls'], files: NamedFiles): OcsTlsConfig {
  const ca = tls.caFile === undefined ? undefined : files.certificates(['ocs', 'tls', 'caFile'], tls.caFile);
  const certificate =
    tls.certificateFile === undefined
      ? undefined
      : files.certificates(['ocs', 'tls', 'certificateFile'], tls.certificateFile);
  const key = tls.keyFile === undefined ? undefined : files.bytes(['ocs', 'tls', 'keyFile'], tls.keyFile);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined || key === undefined
      ? {}
      : { clientCertificate: { certificate, key: key.toString('latin1') } }),
    exceptions: tls.exceptions,
  };
}
