import { endOf, TOKEN } from '../char-class.js';
import { isBlank, skipBlanks } from '../scan.js';
import { endOfHost, scanPort } from './host.js';
import { type Params, parseParams } from './params.js';

/** One hop of a message (RFC 3261 §20.42). */
export interface Via {
  /** As received: COMPAT(ocs2007): lower case is sent (`sip/2.0/tcp`). */
  readonly transport: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;
  /** COMPAT(communicator): absent in some requests. */
  readonly branch: string | undefined;
}

const NO_PORT = { port: undefined, end: -1 };

/** Reads one Via value; `undefined` when it is malformed or of another SIP version. */
export function parseVia(text: string): Via | undefined {
  const protocol = scanWord(text, 0);
  const version = protocol && scanWord(text, afterSlash(text, protocol.end));
  const transport = version && scanWord(text, afterSlash(text, version.end));
  if (!transport || protocol.word.toUpperCase() !== 'SIP' || version.word !== '2.0') return undefined;
  if (!isBlank(text.charCodeAt(transport.end))) return undefined;
  const hostStart = skipBlanks(text, transport.end);
  const hostEnd = endOfHost(text, hostStart);
  if (hostEnd < 0) return undefined;
  const host = text.slice(hostStart, hostEnd);
  const colon = skipBlanks(text, hostEnd);
  const scanned = text[colon] === ':' ? scanPort(text, skipBlanks(text, colon + 1)) : NO_PORT;
  const params = scanned && parseParams(text, scanned === NO_PORT ? hostEnd : scanned.end);
  return params && { transport: transport.word, host, port: scanned.port, params, branch: params.get('branch') };
}

function scanWord(text: string, at: number): { word: string; end: number } | undefined {
  if (at < 0) return undefined;
  const start = skipBlanks(text, at);
  const end = endOf(TOKEN, text, start);
  return end > start ? { word: text.slice(start, end), end } : undefined;
}

/** Position behind the next slash, blanks around it allowed; -1 when there is none. */
function afterSlash(text: string, at: number): number {
  const slash = skipBlanks(text, at);
  return text[slash] === '/' ? slash + 1 : -1;
}
