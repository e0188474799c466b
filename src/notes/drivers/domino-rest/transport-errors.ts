import { BridgeError } from '../../../presence/errors.js';
import { codeOfTransport } from '../domino-db/transport-trouble.js';

const MAX_CAUSES = 8;

/** Whatever a connection or a request without an answer failed with. `server` names the other side for people. */
export function transportError(thrown: unknown, server: string, operation: string): BridgeError {
  const chain = causes(thrown);
  const own = chain.find((error) => error instanceof BridgeError);
  if (own instanceof BridgeError) return own;
  const codes = chain.map(codeOf).filter((code) => code !== '');
  const details = { operation, cause: codes.at(-1) };
  const untrusted = codes.find((code) => codeOfTransport(code, '') === 'NOTES_UNTRUSTED');
  if (untrusted !== undefined) {
    return new BridgeError('NOTES_UNTRUSTED', `The certificate of ${server} is not trusted (${untrusted}).`, {
      cause: thrown,
      details,
    });
  }
  if (codes.some((code) => code === 'EPROTO' || code.startsWith('ERR_SSL_'))) {
    const message = `There is no common TLS with ${server}: its port is one without TLS, or no version or cipher fits.`;
    return new BridgeError('NOTES_UNREACHABLE', message, { cause: thrown, details });
  }
  const reason = codes.length === 0 ? '' : ` (${codes.at(-1)})`;
  return new BridgeError('NOTES_UNREACHABLE', `The Domino REST API at ${server} cannot be reached${reason}.`, {
    cause: thrown,
    details,
  });
}

function causes(thrown: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let error = thrown; typeof error === 'object' && error !== null && chain.length < MAX_CAUSES; ) {
    chain.push(error);
    // Several addresses of one name that all failed.
    const [first] = error instanceof AggregateError ? error.errors : [];
    error = first ?? (error as { readonly cause?: unknown }).cause;
  }
  return chain;
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown }).code;
  return typeof code === 'string' ? code : '';
}
