import type { SignableMessage } from '../../src/ocs/auth/signed-fields.js';

/** Headers of a message given as raw text; only for tests, knows neither folding nor compact names. */
export function signable(raw: string): SignableMessage & { readonly startLine: string } {
  const [startLine = '', ...lines] = (raw.split('\r\n\r\n', 1)[0] ?? '').split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const status = /^SIP\/2\.0 (\d{3})/.exec(startLine)?.[1];
  return {
    startLine,
    status: status === undefined ? undefined : Number(status),
    header: (name) => headers.find(([given]) => given === name.toLowerCase())?.[1],
    headerValues: (name) => headers.filter(([given]) => given === name.toLowerCase()).map(([, value]) => value),
  };
}
