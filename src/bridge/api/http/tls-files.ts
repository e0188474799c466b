import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Server } from 'node:https';
import { createSecureContext, type SecureVersion } from 'node:tls';
import { BridgeError } from '../../../presence/errors.js';
import { isOpenToOthers } from '../../../system/open-to-others.js';
import type { Clock, Log } from '../../ports.js';

/** PEM files with which the HTTP port speaks TLS; the certificate's file holds the authorities between as well. */
export interface TlsFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

export interface TlsSettings {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly minVersion: SecureVersion;
}

/** Between two looks at whether the files were renewed. */
const LOOK_MS = 60_000;

/** Throws `CFG_INVALID` when the files cannot be used, `CFG_SECRET` when others can read the key. */
export function readTls({ certificateFile, keyFile }: TlsFiles): TlsSettings {
  const cert = read(certificateFile);
  const key = read(keyFile);
  if (isOpenToOthers(keyFile, statSync(keyFile).mode)) {
    throw new BridgeError('CFG_SECRET', `the key ${keyFile} can be read by others; run: chmod 600 ${keyFile}`);
  }
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    const why = `${certificateFile} and ${keyFile} are no certificate with its key`;
    throw new BridgeError('CFG_INVALID', `${why}: ${(cause as Error).message}`, { cause });
  }
  return { cert, key, minVersion: 'TLSv1.2' };
}

/** When the certificate ends, milliseconds since 1970. */
export function endOfCertificate({ cert }: TlsSettings): number {
  return Date.parse(new X509Certificate(cert).validTo);
}

/**
 * Takes renewed files without a restart; while they do not fit each other, as between two copies, the old ones stay. The
 * returned function ends it. `onRenewed` gets the new certificate.
 */
export function followTls(
  server: Pick<Server, 'setSecureContext'>,
  files: TlsFiles,
  {
    clock,
    log,
    onRenewed,
  }: { readonly clock: Clock; readonly log: Log; readonly onRenewed?: ((cert: Buffer) => void) | undefined },
): () => void {
  let taken = readTls(files);
  let complained = '';
  let cancel = (): void => undefined;
  const look = (): void => {
    cancel = clock.after(LOOK_MS, look);
    try {
      const found = readTls(files);
      complained = '';
      if (found.cert.equals(taken.cert) && found.key.equals(taken.key)) return;
      server.setSecureContext(found);
      taken = found;
      onRenewed?.(found.cert);
      log.info('http.certificate-renewed', { until: new Date(endOfCertificate(found)).toISOString() });
    } catch (thrown) {
      const error = BridgeError.from(thrown);
      if (complained !== error.message) log.warn('http.certificate-not-renewed', { error });
      complained = error.message;
    }
  };
  cancel = clock.after(LOOK_MS, look);
  return () => cancel();
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new BridgeError('CFG_INVALID', `${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}
