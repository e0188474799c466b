import type { SignableMessage } from '../../src/ocs/auth/signed-fields.js';
import { parseCSeq } from '../../src/ocs/wire/headers/cseq.js';
import { parseNameAddr } from '../../src/ocs/wire/headers/name-addr.js';

/** A message given as raw text, complete or not; knows neither folding nor compact names. */
export function signable(raw: string): SignableMessage {
  const [startLine = '', ...lines] = (raw.split('\r\n\r\n', 1)[0] ?? '').split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const header = (name: string) => headers.find(([given]) => given === name.toLowerCase())?.[1];
  return {
    callId: header('Call-ID') ?? '',
    cseq: parseCSeq(header('CSeq') ?? ''),
    from: parseNameAddr(header('From') ?? ''),
    to: parseNameAddr(header('To') ?? ''),
    status: Number(/^SIP\/2\.0 (\d{3})/.exec(startLine)?.[1] ?? 0),
    header,
    headerValues: (name) => headers.filter(([given]) => given === name.toLowerCase()).map(([, value]) => value),
  };
}
