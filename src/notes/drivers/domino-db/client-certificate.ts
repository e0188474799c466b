import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { BridgeError } from '../../../presence/errors.js';
import { isOpenToOthers } from '../../../system/open-to-others.js';

/** Files with which the bridge shows Domino who it is; all PEM. */
export interface ClientCertificateFiles {
  /** Authorities that sign the server's certificate. */
  readonly rootCertificateFile: string;
  readonly clientCertificateFile: string;
  /** Not encrypted: domino-db takes no password for it. */
  readonly clientKeyFile: string;
}

export interface ClientCertificate {
  /** Contents of the three files. */
  readonly rootCertificate: Buffer;
  readonly clientCertificate: Buffer;
  readonly clientKey: Buffer;
  /** Common name, or the whole subject where there is none. */
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly validTo: number;
  /** What may become a trouble, one sentence each. */
  readonly doubts: readonly string[];
}

const MAX_PEM_BYTES = 1024 * 1024;
const MAX_CERTIFICATES = 500;
/** Extended key usage "client authentication" (RFC 5280, 4.2.1.12). */
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';

/**
 * Reads and checks certificate, key and authorities; contacts nothing. `now`: milliseconds since 1970. Throws
 * `NOTES_CERTIFICATE` when a file is missing or unreadable, the key is encrypted or belongs to another certificate, or the
 * certificate has expired or is not yet valid. Neither message nor details hold anything of a key.
 */
export function readClientCertificate(files: ClientCertificateFiles, now: number): ClientCertificate {
  const rootCertificate = readPem(files.rootCertificateFile);
  const clientCertificate = readPem(files.clientCertificateFile);
  const clientKey = readPem(files.clientKeyFile);
  const authorities = certificatesIn(rootCertificate, files.rootCertificateFile);
  const [own, ...chain] = certificatesIn(clientCertificate, files.clientCertificateFile);
  if (own === undefined || authorities.length === 0) throw new RangeError('certificatesIn gives one at least');
  if (!own.checkPrivateKey(keyIn(clientKey, files.clientKeyFile))) {
    throw unusable(
      `The key in ${files.clientKeyFile} does not belong to the certificate in ${files.clientCertificateFile}.`,
    );
  }
  const subject = nameOf(own);
  const [validFrom, validTo] = [Date.parse(own.validFrom), Date.parse(own.validTo)];
  // An unreadable date compares as false with everything, and must not pass.
  if (!(now < validTo)) throw unusable(`The certificate of "${subject}" expired on ${day(validTo)}.`, { subject });
  if (!(now >= validFrom)) {
    throw unusable(`The certificate of "${subject}" is not valid before ${day(validFrom)}; is the clock right?`, {
      subject,
    });
  }
  const doubts = [...authorityDoubts(authorities, now), ...issuerDoubts(own, [...chain, ...authorities])];
  if (own.keyUsage !== undefined && !own.keyUsage.includes(CLIENT_AUTHENTICATION)) {
    doubts.push(`The certificate of "${subject}" is not meant for clients (extended key usage).`);
  }
  if (isOpenToOthers(files.clientKeyFile, statSync(files.clientKeyFile).mode)) {
    doubts.push(`The key in ${files.clientKeyFile} can be read by others; run: chmod 600 ${files.clientKeyFile}`);
  }
  return { rootCertificate, clientCertificate, clientKey, subject, validTo, doubts };
}

function readPem(file: string): Buffer {
  try {
    if (statSync(file).size > MAX_PEM_BYTES) throw new RangeError(`it is larger than ${MAX_PEM_BYTES} bytes`);
    return readFileSync(file);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw unusable(`${file} cannot be read: ${code ?? message}`, { file });
  }
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]*-----END CERTIFICATE-----/g;

function certificatesIn(pem: Buffer, file: string): readonly X509Certificate[] {
  const texts = pem.toString('latin1').match(CERTIFICATE) ?? [];
  if (texts.length === 0) throw unusable(`${file} holds no certificate in PEM form.`, { file });
  if (texts.length > MAX_CERTIFICATES)
    throw unusable(`${file} holds more than ${MAX_CERTIFICATES} certificates.`, { file });
  try {
    return texts.map((text) => new X509Certificate(text));
  } catch {
    throw unusable(`${file} holds a certificate that cannot be read.`, { file });
  }
}

/** PKCS #8 and the older form of OpenSSL. */
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

function keyIn(pem: Buffer, file: string): KeyObject {
  if (ENCRYPTED.test(pem.toString('latin1'))) {
    const advice = 'write an unencrypted one that only the bridge can read, such as with "openssl pkey -in … -out …"';
    throw unusable(`The key in ${file} is encrypted, and there is no way to give domino-db its password; ${advice}.`, {
      file,
    });
  }
  try {
    return createPrivateKey(pem);
  } catch {
    // What OpenSSL says of it might quote it.
    throw unusable(`${file} holds no private key in PEM form.`, { file });
  }
}

function authorityDoubts(authorities: readonly X509Certificate[], now: number): string[] {
  return authorities
    .filter((one) => !(now < Date.parse(one.validTo)))
    .map((one) => `The authority "${nameOf(one)}" expired on ${day(Date.parse(one.validTo))}.`);
}

/** In the set-up that HCL describes one authority signs both sides, but a server may know further ones. */
function issuerDoubts(own: X509Certificate, known: readonly X509Certificate[]): string[] {
  if (known.some((one) => own.checkIssued(one) && own.verify(one.publicKey))) return [];
  return [`None of the authorities signed the certificate of "${nameOf(own)}"; Proton must know the one that did.`];
}

function nameOf({ subject }: X509Certificate): string {
  return /^CN=(.+)$/m.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ');
}

function day(time: number): string {
  return Number.isNaN(time) ? 'an unreadable date' : new Date(time).toISOString().slice(0, 10);
}

function unusable(message: string, details: Readonly<Record<string, string>> = {}): BridgeError {
  return new BridgeError('NOTES_CERTIFICATE', message, { details });
}
