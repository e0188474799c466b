import { BridgeError, type ErrorCode } from '../../../presence/errors.js';
import { codeOfNotesStatus } from '../domino-db/notes-status.js';
import { cleanServerText } from './clean-text.js';
import type { RestAnswer } from './http.js';

export interface RefusalContext {
  readonly operation: string;
  /** What "not found" is about. */
  readonly about: 'document' | 'database';
  /** Texts that must not reach logs: password, values of documents, text of a query. */
  readonly secrets: readonly string[];
  /** The request named a revision. */
  readonly isConditional?: boolean;
}

/** Phrases of Notes and of the Domino REST API, in order: how they are worded tells more than their status does. */
const BY_TEXT: readonly (readonly [RegExp, ErrorCode])[] = [
  [/disk quota|quota .{0,40}exceed|insufficient disk space|maximum (?:database|allowable|file) size/i, 'NOTES_FULL'],
  [/database .{0,40}(?:read-only|being (?:compacted|copied|replicated)|in use by)/i, 'NOTES_READ_ONLY'],
  [
    /\b(?:scope|data\s?source|schema|mode|illegal field)s?\b|field.{0,80}not (?:allowed|configured|defined)/i,
    'NOTES_SCOPE',
  ],
];

/** Phrases count only with these; with others the status says enough. */
const SPEAKING: ReadonlySet<number> = new Set([400, 403, 404, 406, 409, 412, 500, 501, 507]);

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'NOTES_CREDENTIALS',
  403: 'NOTES_FORBIDDEN',
  404: 'NOTES_NOT_FOUND',
  405: 'NOTES_SCOPE',
  408: 'NOTES_TIMEOUT',
  409: 'NOTES_CHANGED',
  412: 'NOTES_CHANGED',
  429: 'NOTES_BUSY',
  501: 'NOTES_SCOPE',
  502: 'NOTES_UNREACHABLE',
  503: 'NOTES_BUSY',
  504: 'NOTES_TIMEOUT',
  507: 'NOTES_FULL',
};

/** What the administrator can do about it, where it is not the advice that its code has anyhow. */
const HINTS: Readonly<Record<number, string>> = {
  404: 'Check "domino.url" and "domino.scope".',
  413: 'Lower "bridge.batchSize", or raise "bodyLimit" of the Domino REST API and of proxies.',
  501: 'This version of the Domino REST API does not know the request.',
};

/** The error of an answer, or of one element of a bulk answer given as one. Sources: OpenAPI document, §responses. */
export function refusalOf(answer: RestAnswer, context: RefusalContext): BridgeError {
  const { operation, secrets } = context;
  const { status, retryAfter } = answer;
  const said = messageOf(answer, secrets);
  const details = { operation, status, retryAfterSeconds: retryAfter };
  const spoken = said === '' ? '' : `: ${said}`;
  if (status < 400) {
    const what =
      status >= 300
        ? `Domino REST API expected, but the address answers with a redirect to ${place(answer.location)}`
        : 'Domino REST API expected, but something else answers at the address';
    return new BridgeError('NOTES_UNREACHABLE', `${what}${spoken}. Check "domino.url".`, { details });
  }
  const code = codeOf(status, messageText(answer), context);
  const hint = status === 404 && context.about === 'document' ? undefined : HINTS[status];
  const by = answer.json === undefined ? ', not by the Domino REST API itself' : '';
  const message = `Refused with status ${status}${by}${spoken}${hint === undefined ? '' : ` ${hint}`}`;
  return new BridgeError(code, message, { details });
}

function codeOf(status: number, text: string, { about, isConditional }: RefusalContext): ErrorCode {
  if (SPEAKING.has(status)) {
    // Without one in the request the schema demands revisions, which the one that is shipped does not.
    if (/\brevision\b/i.test(text)) return isConditional === true ? 'NOTES_CHANGED' : 'NOTES_SCOPE';
    const known = codeOfNotesStatus(undefined, text);
    if (known !== undefined && known !== 'NOTES_NOT_FOUND') return known;
    for (const [phrase, code] of BY_TEXT) if (phrase.test(text)) return code;
  }
  if (status === 404 && about === 'database') return 'NOTES_SCOPE';
  return BY_STATUS[status] ?? (status >= 500 ? 'NOTES_INTERNAL' : 'NOTES_BAD_REQUEST');
}

function messageOf(answer: RestAnswer, secrets: readonly string[]): string {
  return cleanServerText(answer.json === undefined ? answer.text : messageText(answer), secrets);
}

/** What the API itself says; pages of proxies say nothing that could be relied on. */
function messageText({ json }: RestAnswer): string {
  if (typeof json !== 'object' || json === null) return '';
  const { message, details } = json as Readonly<Record<string, unknown>>;
  const texts = [message, details].filter((text) => typeof text === 'string');
  return texts.filter((text) => text !== '').join(' - ');
}

/** Scheme, host and path alone: a query may hold anything. */
function place(location: string | undefined): string {
  if (location === undefined || !URL.canParse(location)) return 'another path';
  const { origin, pathname } = new URL(location);
  return `${origin}${pathname}`.slice(0, 200);
}
