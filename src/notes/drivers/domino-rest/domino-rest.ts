import type { Clock, Log } from '../../../bridge/ports.js';
import { BridgeError, type ErrorCode } from '../../../presence/errors.js';
import type { Unid } from '../../../presence/ids.js';
import { dqlForm } from '../../dql-text.js';
import type { DocumentOutcome, Driver, DriverIdentity, FindRequest, FoundDocument, ItemsChange } from '../../driver.js';
import { FORMS } from '../../fields.js';
import type { Items } from '../../item-value.js';
import { textsOf, textsOfQuery } from '../sent-texts.js';
import { deletedOutcomes, elementsOf, foundDocument, type JsonObject } from './answers.js';
import { createdOutcomes } from './created-outcomes.js';
import { jsonOf } from './document-json.js';
import { findDocuments } from './find-documents.js';
import type { RestAnswer, RestRequest } from './http.js';
import { inParallel } from './in-parallel.js';
import { DEFAULT_DOMINO_REST_LIMITS, type DominoRestLimits } from './limits.js';
import { type RefusalContext, refusalOf } from './refusal.js';
import { memoryRefusedLogins, type RefusedLogins } from './refused-logins.js';
import { RestClient, type RestCounts } from './rest-client.js';
import { Turns } from './turns.js';

export interface DominoRestOptions {
  /** Without a slash at the end; may hold a path prefix. */
  readonly url: string;
  /** Name under which the API publishes the database ("dataSource"). */
  readonly scope: string;
  readonly login:
    | { readonly kind: 'password'; readonly user: string; readonly password: string }
    /** Read anew whenever the server refuses the token. */
    | { readonly kind: 'token'; readonly file: string };
  /** Certificate authorities to trust instead of Node's, PEM. */
  readonly ca?: string;
  /** Requests under way at once, at most. */
  readonly parallel: number;
  readonly limits?: Partial<DominoRestLimits>;
}

export interface DominoRestPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** Logins that were refused, shared by drivers of one account. In memory when absent. */
  readonly refusedLogins?: RefusedLogins;
}

/**
 * Say that the call as a whole failed, even when a single document met them. Of others, such as a missing right, a single
 * document may be the cause, which must not stop the writing of all: who sees many of them decides.
 */
const WHOLE: ReadonlySet<ErrorCode> = new Set([
  'NOTES_BUSY',
  'NOTES_CREDENTIALS',
  'NOTES_FULL',
  'NOTES_READ_ONLY',
  'NOTES_TIMEOUT',
  'NOTES_UNREACHABLE',
  'NOTES_UNTRUSTED',
]);

/**
 * `Driver` over the HCL Domino REST API, version 1 of its data endpoints (`/api/v1`, OpenAPI document "basis"). The site
 * publishes the database by a schema and a scope; `nsf-templates/rest-api` holds both.
 */
export class DominoRestDriver implements Driver {
  readonly maxBatch: number;
  readonly revisions = true;
  readonly #options: DominoRestOptions;
  readonly #limits: DominoRestLimits;
  readonly #ports: DominoRestPorts;
  readonly #refusedLogins: RefusedLogins;
  #open: { readonly client: RestClient; readonly turns: Turns } | undefined;
  #earlier: RestCounts = { requests: 0, logins: 0, refusedTokens: 0 };

  constructor(options: DominoRestOptions, ports: DominoRestPorts) {
    this.#options = options;
    this.#limits = { ...DEFAULT_DOMINO_REST_LIMITS, ...options.limits };
    this.maxBatch = this.#limits.maxBatch;
    this.#ports = ports;
    this.#refusedLogins = ports.refusedLogins ?? memoryRefusedLogins();
  }

  /** Requests, logins and refused tokens since the driver was made. */
  get counts(): RestCounts {
    const now = this.#open?.client.counts;
    return {
      requests: this.#earlier.requests + (now?.requests ?? 0),
      logins: this.#earlier.logins + (now?.logins ?? 0),
      refusedTokens: this.#earlier.refusedTokens + (now?.refusedTokens ?? 0),
    };
  }

  identify(): Promise<DriverIdentity> {
    return Promise.resolve({ kind: 'domino-rest', module: 'Domino REST API', version: 'v1' });
  }

  async open(): Promise<void> {
    const before = this.#open;
    const { clock } = this.#ports;
    const client =
      before?.client ?? new RestClient({ ...this.#options, limits: this.#limits }, clock, this.#refusedLogins);
    this.#open ??= { client, turns: new Turns(clock, () => client.idle()) };
    const query = dqlForm(FORMS.heartbeat);
    await this.#inTurn('open', (open) => this.#page(open, query, 0, 1));
  }

  find({ query, itemNames }: FindRequest): Promise<readonly FoundDocument[]> {
    return this.#inTurn('find', async (client) => {
      const { pageSize, rereads } = this.#limits;
      const page = (start: number, count: number) => this.#page(client, query, start, count);
      const { found, isStable } = await findDocuments({ itemNames, pageSize, rereads, page });
      if (!isStable) this.#ports.log.warn('notes.pages-shifted', { found: found.length });
      return found;
    });
  }

  async read(unids: readonly Unid[], itemNames: readonly string[]): Promise<readonly (FoundDocument | undefined)[]> {
    if (this.#isEmpty(unids)) return [];
    return this.#inTurn('read', async (client) => {
      const answer = await client.send({ ...this.#post('read', '/bulk/unid', { unids, mode: MODE }), lingerMs: 0 });
      if (this.#nothingThere(answer, 'read')) return unids.map(() => undefined);
      const found = new Map<Unid, FoundDocument>();
      for (const element of this.#elements(client, answer, 'read')) {
        const document = foundDocument(element, itemNames);
        if (document !== undefined) found.set(document.unid, document);
      }
      return unids.map((unid) => found.get(unid));
    });
  }

  async create(documents: readonly Items[]): Promise<readonly DocumentOutcome[]> {
    if (this.#isEmpty(documents)) return [];
    return this.#inTurn('create', async (client) => {
      const outcomes: DocumentOutcome[] = [];
      for (let start = 0; start < documents.length; start += this.#limits.maxCreate) {
        const sent = documents.slice(start, start + this.#limits.maxCreate);
        const body = { documents: sent.map((items) => jsonOf(items, 'create')) };
        const answer = await client.send(this.#post('create', '/bulk/create', body));
        const elements = this.#elements(client, answer, 'create', sent.flatMap(textsOf));
        outcomes.push(...createdOutcomes(elements, sent));
      }
      return unlessAllFailed(outcomes);
    });
  }

  async replaceItems(changes: readonly ItemsChange[]): Promise<readonly DocumentOutcome[]> {
    if (this.#isEmpty(changes)) return [];
    return this.#inTurn('replace items', async (client) => {
      // Changes of one document keep their order; the API has no call for different values of several documents.
      const byUnid = new Map<Unid, (readonly [number, ItemsChange])[]>();
      changes.forEach((change, index) => {
        byUnid.set(change.unid, [...(byUnid.get(change.unid) ?? []), [index, change]]);
      });
      const outcomes: DocumentOutcome[] = [];
      await inParallel([...byUnid.values()], this.#options.parallel, async (ofOne) => {
        for (const [index, change] of ofOne) outcomes[index] = await this.#patch(client, change);
      });
      return unlessAllFailed(outcomes);
    });
  }

  async remove(unids: readonly Unid[]): Promise<readonly DocumentOutcome[]> {
    if (this.#isEmpty(unids)) return [];
    return this.#inTurn('delete', async (client) => {
      const answer = await client.send(this.#post('delete', '/bulk/delete', { unids, mode: MODE }));
      if (this.#nothingThere(answer, 'delete')) {
        const error = refusalOf(answer, this.#context(client, 'delete', 'document'));
        return unids.map(() => ({ ok: false, error }));
      }
      return unlessAllFailed(deletedOutcomes(this.#elements(client, answer, 'delete'), unids));
    });
  }

  async close(): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    this.#earlier = this.counts;
    this.#open = undefined;
    await open.client.close();
  }

  async #patch(client: RestClient, { unid, revision, items }: ItemsChange): Promise<DocumentOutcome> {
    const answer = await client.send({
      operation: 'replace items',
      method: 'PATCH',
      path: `/document/${unid}`,
      query: { dataSource: this.#options.scope, mode: MODE, ...(revision === undefined ? {} : { revision }) },
      body: jsonOf(items, 'change'),
      timeoutMs: this.#limits.timeoutMs,
      lingerMs: this.#limits.lingerMs,
    });
    if (isDone(answer)) return { ok: true, unid };
    const context = this.#context(client, 'replace items', 'document', textsOf(items));
    const error = refusalOf(answer, { ...context, isConditional: revision !== undefined });
    if (WHOLE.has(error.code)) throw error;
    return { ok: false, error };
  }

  async #page(client: RestClient, query: string, start: number, count: number): Promise<readonly JsonObject[]> {
    const { queryTimeoutMs } = this.#limits;
    const answer = await client.send({
      operation: 'find',
      method: 'POST',
      path: '/query',
      query: {
        dataSource: this.#options.scope,
        action: 'execute',
        count: String(count),
        start: String(start),
      },
      // COMPAT(domino-rest): the mode counts in the body only.
      body: { query, mode: QUERY_MODE, timeoutSecs: Math.ceil(queryTimeoutMs / 1000) },
      timeoutMs: queryTimeoutMs,
    });
    return this.#elements(client, answer, 'find', textsOfQuery(query));
  }

  #post(operation: string, path: string, body: unknown): RestRequest {
    const { timeoutMs, lingerMs } = this.#limits;
    return { operation, method: 'POST', path, query: { dataSource: this.#options.scope }, body, timeoutMs, lingerMs };
  }

  #elements(
    client: RestClient,
    answer: RestAnswer,
    operation: string,
    secrets: readonly string[] = [],
  ): readonly JsonObject[] {
    if (isDone(answer)) return elementsOf(answer, operation);
    throw refusalOf(answer, this.#context(client, operation, 'database', secrets));
  }

  /** A bulk call of which no document was found may be refused as a whole. */
  #nothingThere(answer: RestAnswer, operation: string): boolean {
    if (answer.status !== 404 || answer.json === undefined) return false;
    return refusalOf(answer, { operation, about: 'document', secrets: [] }).code === 'NOTES_NOT_FOUND';
  }

  #context(
    client: RestClient,
    operation: string,
    about: RefusalContext['about'],
    secrets: readonly string[] = [],
  ): RefusalContext {
    return { operation, about, secrets: [...client.secrets, ...secrets] };
  }

  #isEmpty(inputs: readonly unknown[]): boolean {
    if (inputs.length > this.maxBatch) {
      throw new RangeError(`${inputs.length} documents in one call, at most ${this.maxBatch} may be`);
    }
    return inputs.length === 0;
  }

  async #inTurn<T>(operation: string, call: (client: RestClient) => Promise<T>): Promise<T> {
    const open = this.#open;
    if (open === undefined) throw new BridgeError('NOTES_UNREACHABLE', 'The database is not open.');
    return open.turns.run(operation, this.#limits.turnMs, () => call(open.client));
  }
}

/** Mode for documents, and the one that queries need. */
const MODE = 'default';
const QUERY_MODE = 'dql';

/** Anything but JSON comes from something else than the API, whatever its status says. */
function isDone({ status, json }: RestAnswer): boolean {
  return status >= 200 && status < 300 && json !== undefined;
}

/** When every document failed alike by something that is not about documents, the call did. */
function unlessAllFailed(outcomes: readonly DocumentOutcome[]): readonly DocumentOutcome[] {
  const [first] = outcomes;
  if (first === undefined || first.ok || !WHOLE.has(first.error.code)) return outcomes;
  const { code } = first.error;
  if (outcomes.every((outcome) => !outcome.ok && outcome.error.code === code)) throw first.error;
  return outcomes;
}
