import type { z } from 'zod';
import { STATUSES, type Status } from '../../../presence/availability.js';
import type { ErrorCode } from '../../../presence/errors.js';
import { assertedSchema } from '../people/others-schemas.js';
import { peopleQuerySchema } from '../people/query-schemas.js';
import { wordsQuerySchema } from '../people/query-words.js';
import { resolveQuerySchema } from '../people/resolve-schemas.js';
import { personQuerySchema } from '../person-schemas.js';
import { messageSchema, ownStatusSchema } from '../self-schemas.js';
import { streamBodySchema, streamQuerySchema, streamTicketSchema } from '../stream/subscribe-request.js';

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
  /** The path alone may be refused with 400. */
  readonly pathChecked?: true;
  /** Codes besides those that every route can answer with. */
  readonly errors?: readonly ErrorCode[];
  /** Of the answer with 200. */
  readonly example?: unknown;
  readonly bodyExample?: unknown;
}

const NOTES = ['NOTES_UNREACHABLE', 'NOTES_TIMEOUT', 'NOTES_FORBIDDEN', 'NOTES_NOT_FOUND', 'NOTES_INTERNAL'] as const;
const BUSY = { status: 'busy', activity: 'on-the-phone', note: 'Back at noon' };

const AT = 1_767_600_005_000;
const FRESH = { freshUntil: 1_767_600_095_000 };
const WHO = { address: 'sip:ana.reyes@contoso.example', name: 'CN=Ana Reyes/OU=Sales/O=Contoso' };
const SEEN = {
  ...WHO,
  status: 'busy',
  outOfOffice: false,
  since: 1_767_600_000_000,
  observedAt: 1_767_600_000_000,
  source: 'ocs',
  confirmed: true,
};
const ASKED = { query: 'Ana Reyes/Sales/Contoso' };
const ANA = { ...ASKED, found: true, ...SEEN, ...FRESH };
const KEY = '1f0c7fb0e2a94f0a8f2f5d0c2b7a9e31';
const SAID = { status: 'busy', activity: 'on-the-phone', until: 1_767_603_600_000 };
const HELP_DESK = { id: 'help-desk', title: 'Help desk', kind: 'list', people: 1 };

function countsOf(counts: Partial<Record<Status, number>>): Record<string, number> {
  return { ...Object.fromEntries(STATUSES.map((status) => [status, 0])), ...counts };
}

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
  'GET /client/:name': {
    id: 'getClientModule',
    tag: 'pages',
    summary: 'A module of the JavaScript client, for pages of all origins',
    media: 'text/javascript',
    errors: ['API_NOT_FOUND'],
  },
  'GET /client/badge/:name': {
    id: 'getBadgeModule',
    tag: 'pages',
    summary: 'A module of the element `<presence-badge>`, for pages of all origins',
    media: 'text/javascript',
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
  'GET /api/v1/me': {
    id: 'getMe',
    tag: 'bridge',
    summary: 'What the token allows, and of whom',
    example: { holder: 'crm', scopes: ['read', 'stream'], people: ['*/Sales/Contoso'] },
  },
  'GET /api/v1/status': { id: 'getStatus', tag: 'bridge', summary: 'State of the bridge' },
  'GET /api/v1/people/:who': {
    id: 'getPerson',
    tag: 'presence',
    summary: 'Status of one person, by Notes name in any spelling, SIP address or mail address',
    query: wordsQuerySchema,
    errors: ['DIRECTORY_NOBODY'],
    example: { at: AT, ...ANA },
  },
  'GET /api/v1/people/:who/why': {
    id: 'explainPerson',
    tag: 'presence',
    summary: 'Why somebody is shown as they are: the rule that decided, and what came in',
    errors: ['DIRECTORY_NOBODY'],
    pathChecked: true,
    example: {
      at: AT,
      ...ASKED,
      ...SEEN,
      ...FRESH,
      rule: 'ocs-says-so',
      says: 'The OCS server says so.',
      ocs: { status: 'busy', outOfOffice: false, since: 1_767_600_000_000, observedAt: 1_767_600_000_000 },
    },
  },
  'PUT /api/v1/people/:who/status': {
    id: 'setPersonStatus',
    tag: 'presence',
    summary: 'Says the status of somebody who allowed it to this token, until an end that is at most 24 hours ahead',
    body: assertedSchema,
    bodyExample: SAID,
    example: { at: AT, ...WHO, said: SAID },
    errors: ['DIRECTORY_NOBODY', 'PERSON_NOT_ALLOWED', 'BRIDGE_STANDBY'],
  },
  'DELETE /api/v1/people/:who/status': {
    id: 'clearPersonStatus',
    tag: 'presence',
    summary: 'Takes back what this token said of somebody',
    pathChecked: true,
    example: { at: AT, ...WHO, said: null },
    errors: ['DIRECTORY_NOBODY', 'BRIDGE_STANDBY'],
  },
  'GET /api/v1/resolve': {
    id: 'resolveName',
    tag: 'presence',
    summary: 'Whom a name or an address means, and by which rule; that it is nobody, or several, is an answer too',
    query: resolveQuerySchema,
    example: {
      at: AT,
      ...ASKED,
      outcome: 'found',
      by: 'notes-name',
      ...SEEN,
      ...FRESH,
      directory: {
        outcome: 'mapped',
        rule: 'sip-item',
        reason: 'The Person document holds the SIP address.',
        age: 60_000,
      },
    },
  },
  'GET /api/v1/lists': {
    id: 'getLists',
    tag: 'presence',
    summary: 'All lists, with how many of their members have which status',
    example: { at: AT, ...FRESH, lists: [{ ...HELP_DESK, counts: countsOf({ busy: 1 }) }] },
  },
  'GET /api/v1/lists/:list': {
    id: 'getList',
    tag: 'presence',
    summary: 'One list with its members, in their order',
    query: wordsQuerySchema,
    errors: ['DIRECTORY_NOBODY'],
    example: { at: AT, ...FRESH, ...HELP_DESK, members: [{ key: KEY, ...SEEN }] },
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
      at: AT,
      people: [
        ANA,
        {
          query: 'ben@contoso.example',
          status: 'unknown',
          outOfOffice: false,
          source: 'none',
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
    example: { at: AT, own: BUSY },
  },
  'PUT /api/v1/self': {
    id: 'setOwnStatus',
    tag: 'own account',
    summary: "Sets the status of the bridge's own account",
    body: ownStatusSchema,
    bodyExample: BUSY,
    example: { at: AT, own: BUSY },
    errors: ['OCS_PUBLISH'],
  },
  'DELETE /api/v1/self': {
    id: 'clearOwnStatus',
    tag: 'own account',
    summary: "Takes the status of the bridge's own account back",
    example: { at: AT, own: null },
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
  'GET /api/v1/stream': {
    id: 'followPeople',
    tag: 'presence',
    summary: 'People and lists as they change, as server-sent events; a stream that does not end by itself',
    query: streamQuerySchema,
    media: 'text/event-stream',
  },
  'POST /api/v1/stream': {
    id: 'followNamedPeople',
    tag: 'presence',
    summary: 'The same with the names in the body: up to 1,000 of them, and no names in the logs of proxies',
    query: streamTicketSchema,
    body: streamBodySchema,
    bodyExample: { people: ['Ana Reyes/Sales/Contoso', 'ben@contoso.example'], lists: ['help-desk'] },
    media: 'text/event-stream',
  },
  'POST /api/v1/stream-ticket': {
    id: 'issueStreamTicket',
    tag: 'presence',
    summary: 'A ticket that opens one live stream, for pages that cannot send the token with it',
    example: { ticket: '3q2-7w', expiresInSeconds: 30 },
  },
};
