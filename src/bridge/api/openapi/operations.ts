import type { z } from 'zod';
import type { ErrorCode } from '../../../presence/errors.js';
import { personQuerySchema } from '../person-schemas.js';
import { peopleQuerySchema } from '../query-schemas.js';
import { wordsQuerySchema } from '../query-words.js';
import { messageSchema, ownStatusSchema } from '../self-schemas.js';

/** What the document says of a route besides what the HTTP library knows. */
export interface Operation {
  /** Name of the function in clients that are generated. Never changed once published. */
  readonly id: string;
  readonly tag: 'presence' | 'own account' | 'stored data' | 'bridge' | 'pages';
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Media type of an answer that is not JSON. */
  readonly media?: string;
  /** Codes besides those that every route can answer with. */
  readonly errors?: readonly ErrorCode[];
  /** Of the answer with 200. */
  readonly example?: unknown;
  readonly bodyExample?: unknown;
}

const NOTES = ['NOTES_UNREACHABLE', 'NOTES_TIMEOUT', 'NOTES_FORBIDDEN', 'NOTES_NOT_FOUND', 'NOTES_INTERNAL'] as const;
const BUSY = { status: 'busy', activity: 'on-the-phone', note: 'Back at noon' };

const ANA = {
  query: 'Ana Reyes/Sales/Contoso',
  found: true,
  address: 'sip:ana.reyes@contoso.example',
  name: 'CN=Ana Reyes/OU=Sales/O=Contoso',
  status: 'busy',
  outOfOffice: false,
  since: 1_767_600_000_000,
  observedAt: 1_767_600_000_000,
  freshUntil: 1_767_600_095_000,
  confirmed: true,
};

/** By route, as in `ROUTE_ACCESS`. A route that is missing here stands in the document with its path as summary. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /': { id: 'getBoard', tag: 'pages', summary: "The board's page", media: 'text/html' },
  'GET /board/:name': {
    id: 'getBoardFile',
    tag: 'pages',
    summary: 'A file of the board',
    media: '*/*',
    errors: ['API_NOT_FOUND'],
  },
  'GET /icons/:name': {
    id: 'getIcon',
    tag: 'pages',
    summary: 'An icon of the Notes template',
    media: 'image/*',
    errors: ['API_NOT_FOUND'],
  },
  'GET /healthz': {
    id: 'getHealth',
    tag: 'bridge',
    summary: 'Whether the bridge does its work',
    example: { healthy: true, reasons: [] },
  },
  'GET /metrics': {
    id: 'getMetrics',
    tag: 'bridge',
    summary: 'Metrics in the Prometheus text format',
    media: 'text/plain',
  },
  'GET /api/v1/openapi.json': { id: 'getOpenApi', tag: 'bridge', summary: 'This document' },
  'GET /api/v1/status': { id: 'getStatus', tag: 'bridge', summary: 'State of the bridge' },
  'GET /api/v1/people/:who': {
    id: 'getPerson',
    tag: 'presence',
    summary: 'Status of one person, by Notes name in any spelling, SIP address or mail address',
    query: wordsQuerySchema,
    errors: ['DIRECTORY_NOBODY'],
    example: { at: 1_767_600_005_000, ...ANA },
  },
  'GET /api/v1/people': { id: 'listPeople', tag: 'presence', summary: 'Everybody whom the bridge watches' },
  'POST /api/v1/people/query': {
    id: 'queryPeople',
    tag: 'presence',
    summary: 'Statuses of the people who are named, in the order of the question',
    query: wordsQuerySchema,
    body: peopleQuerySchema,
    bodyExample: { people: ['Ana Reyes/Sales/Contoso', 'ben@contoso.example'] },
    example: {
      at: 1_767_600_005_000,
      people: [
        ANA,
        {
          query: 'ben@contoso.example',
          status: 'unknown',
          outOfOffice: false,
          confirmed: false,
          found: false,
          reason: 'not-found',
        },
      ],
    },
  },
  'GET /api/v1/self': {
    id: 'getOwnStatus',
    tag: 'own account',
    summary: "What the bridge's own account says of itself",
    example: { own: BUSY },
  },
  'PUT /api/v1/self': {
    id: 'setOwnStatus',
    tag: 'own account',
    summary: "Sets the status of the bridge's own account",
    body: ownStatusSchema,
    bodyExample: BUSY,
    example: { own: BUSY },
    errors: ['OCS_PUBLISH'],
  },
  'DELETE /api/v1/self': {
    id: 'clearOwnStatus',
    tag: 'own account',
    summary: "Takes the status of the bridge's own account back",
    example: { own: null },
    errors: ['OCS_PUBLISH'],
  },
  'POST /api/v1/messages': {
    id: 'sendMessage',
    tag: 'own account',
    summary: "Sends an instant message as the bridge's own account; answers once the other side has accepted it",
    body: messageSchema,
    bodyExample: { to: 'sip:ana.reyes@contoso.example', text: 'The order is ready.' },
    example: { delivered: true },
    errors: ['OCS_MESSAGE', 'DIRECTORY_NOBODY'],
  },
  'GET /api/v1/person': {
    id: 'getStoredOfPerson',
    tag: 'stored data',
    summary: 'All that is stored of one person',
    query: personQuerySchema.omit({ optOut: true }),
    errors: ['DIRECTORY_NOBODY', ...NOTES],
  },
  'DELETE /api/v1/person': {
    id: 'eraseStoredOfPerson',
    tag: 'stored data',
    summary: 'Erases all that is stored of one person',
    query: personQuerySchema,
    errors: ['DIRECTORY_NOBODY', ...NOTES],
  },
  'POST /api/v1/reconcile': {
    id: 'reconcile',
    tag: 'stored data',
    summary: 'Compares all documents with what they should say, and mends them; answers when that is done',
    errors: ['BRIDGE_STANDBY', ...NOTES],
  },
  'POST /api/v1/stream-ticket': {
    id: 'issueStreamTicket',
    tag: 'presence',
    summary: 'A ticket that opens one live stream, for pages that cannot send the token with it',
    example: { ticket: '3q2-7w', expiresInSeconds: 30 },
  },
};
