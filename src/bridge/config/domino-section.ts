import type { DirectoryConfig, DominoConfig } from './config.js';
import type { NamedFiles } from './ocs-section.js';
import type { ConfigText } from './schema.js';

type Report = (path: readonly PropertyKey[], message: string) => void;

/** Rules over several keys of the sections that are about Domino and about who is watched. */
export function checkDomino({ domino, directory, people }: ConfigText, report: Report): void {
  if (domino.driver === 'domino-db' && domino.secure) {
    for (const key of ['caFile', 'certificateFile', 'keyFile'] as const) {
      if (domino[key] === undefined) report(['domino', key], `"${key}" is missing: TLS needs it`);
    }
  }
  if (domino.driver === 'domino-rest') {
    if ((domino.passwordFile === undefined) === (domino.tokenFile === undefined)) {
      report(['domino'], 'give either "user" and "passwordFile", or "tokenFile"');
    } else if (domino.passwordFile !== undefined && domino.user === undefined) {
      report(['domino'], '"user" is missing: "passwordFile" needs it');
    }
    if (new URL(domino.url).protocol === 'http:' && !domino.allowHttp) {
      const advice = 'use "https:", or set "allowHttp: true" in section "domino"';
      report(['domino', 'url'], `without TLS anybody on the way could read the password; ${advice}`);
    }
  }
  const place = domino.driver === 'domino-rest' ? 'scope' : 'database';
  const other = place === 'scope' ? 'database' : 'scope';
  if (directory[other] !== undefined) {
    report(['directory', other], `with the driver "${domino.driver}" the Domino Directory is named by "${place}"`);
  }
  if (people.length === 0 && directory[place] === undefined && directory.csvFile === undefined) {
    report(['people'], 'nobody would be watched: list people, or name a directory in section "directory"');
  }
}

/** The driver's configuration; what is wrong with a file is reported through `files`, and the result then of no use. */
export function resolveDomino(domino: ConfigText['domino'], files: NamedFiles): DominoConfig {
  switch (domino.driver) {
    case 'embedded':
      return { kind: 'embedded', folder: files.resolve(['domino', 'folder'], domino.folder) };
    case 'domino-db': {
      const rootCertificateFile = readable(files, domino, 'caFile');
      const clientCertificateFile = readable(files, domino, 'certificateFile');
      const clientKeyFile = readable(files, domino, 'keyFile');
      return {
        kind: 'domino-db',
        hostName: domino.host,
        port: domino.port,
        filePath: domino.database,
        secure: domino.secure,
        ...(rootCertificateFile === undefined ? {} : { rootCertificateFile }),
        ...(clientCertificateFile === undefined ? {} : { clientCertificateFile }),
        ...(clientKeyFile === undefined ? {} : { clientKeyFile }),
      };
    }
    case 'domino-rest': {
      const { url, scope, user = '', passwordFile, tokenFile, caFile, parallel } = domino;
      const ca = caFile === undefined ? undefined : files.certificates(['domino', 'caFile'], caFile);
      return {
        kind: 'domino-rest',
        url: url.replace(/\/+$/, ''),
        scope,
        login:
          tokenFile === undefined
            ? { kind: 'password', user, password: files.secret(['domino', 'passwordFile'], passwordFile ?? '') }
            : { kind: 'token', file: files.resolve(['domino', 'tokenFile'], tokenFile) },
        ...(ca === undefined ? {} : { ca }),
        parallel,
      };
    }
  }
}

/** `domain`: that of the OCS account, whose addresses count unless others are named. */
export function resolveDirectory(
  { database, scope, csvFile, domains, ...rest }: ConfigText['directory'],
  domain: string,
  resolve: (file: string) => string,
): DirectoryConfig {
  const place = database ?? scope;
  return {
    ...rest,
    ...(place === undefined ? {} : { database: place }),
    ...(csvFile === undefined ? {} : { csvFile: resolve(csvFile) }),
    domains: (domains ?? [domain]).map((one) => one.toLowerCase()),
  };
}

/** Absolute path of a file that can be read now; the driver reads it anew at each opening. */
function readable(
  files: NamedFiles,
  domino: { readonly [Key in PemKey]?: string | undefined },
  key: PemKey,
): string | undefined {
  const file = domino[key];
  return file === undefined || files.bytes(['domino', key], file) === undefined
    ? undefined
    : files.resolve(['domino', key], file);
}

type PemKey = 'caFile' | 'certificateFile' | 'keyFile';
