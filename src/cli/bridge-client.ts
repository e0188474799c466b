import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MeAnswer } from '../bridge/api/me-routes.js';
import type { ListAnswer, ListsAnswer } from '../bridge/api/people/list-schemas.js';
import type { AssertedAnswer } from '../bridge/api/people/others-schemas.js';
import type { PeopleAnswer } from '../bridge/api/people/query-schemas.js';
import type { ResolveAnswer } from '../bridge/api/people/resolve-schemas.js';
import type { WhyAnswer } from '../bridge/api/people/why-schemas.js';
import { loadPlace } from '../bridge/config/load.js';
import type { ReconcileFacts } from '../bridge/engine/reconcile-facts.js';
import type { AssertedStatus } from '../bridge/list-ports.js';
import type { Erasure, PersonFile } from '../bridge/person-ports.js';
import type { LinkReport, OwnStatus } from '../bridge/ports.js';
import { lastFailure } from '../bridge/runtime/last-failure.js';
import { STATE_FILES } from '../bridge/runtime/state-folder.js';
import type { BridgeStatus, PersonStatus } from '../bridge/status.js';
import { BridgeError, ERROR_CODES, type ErrorCode } from '../presence/errors.js';
import type { SipUri } from '../presence/ids.js';
import type { Vocabulary } from '../presence/vocabularies.js';
import { holderOfFolder } from '../system/folder-lock.js';
import { fetchTrusting } from './bridge-fetch.js';

/** Where a running bridge listens, and the key to it. */
export interface BridgeAddress {
  readonly url: string;
  readonly token: string;
  /** The one that is trusted, PEM; those of the system's authorities when absent. */
  readonly certificate?: string;
}

interface WireLink extends Pick<LinkReport, 'state' | 'since' | 'retryAt'> {
  readonly error?: { readonly message: string };
}

type Wire<T> = Omit<T, 'ocs' | 'notes'> & { readonly ocs: WireLink; readonly notes: WireLink };

/** The few calls of the HTTP API that commands need. */
export interface BridgeApiClient {
  status(): Promise<Wire<BridgeStatus>>;
  people(): Promise<readonly PersonStatus[]>;
  /** Statuses of those who are named, in their order; `words` in words of other programs too. */
  query(people: readonly string[], words: readonly Vocabulary[]): Promise<PeopleAnswer>;
  /** What the token allows, and of whom. */
  me(): Promise<MeAnswer>;
  /** Whom a name or an address means, and by which rule. */
  resolve(name: string): Promise<ResolveAnswer>;
  /** Why somebody is shown as they are. Rejects with `DIRECTORY_NOBODY` for nobody. */
  why(who: string): Promise<WhyAnswer>;
  lists(): Promise<ListsAnswer>;
  /** One list with its members. Rejects with `DIRECTORY_NOBODY` when it is not there. */
  list(id: string, words: readonly Vocabulary[]): Promise<ListAnswer>;
  /** Says the status of somebody else. Rejects with `PERSON_NOT_ALLOWED` without that person's leave. */
  setStatusOf(who: string, status: AssertedStatus): Promise<AssertedAnswer>;
  /** Takes back what `setStatusOf` said. */
  clearStatusOf(who: string): Promise<AssertedAnswer>;
  /** Resolves when all documents are compared. */
  reconcile(): Promise<ReconcileFacts>;
  /** Sets the status of the bridge's own account; gives what is wanted now. */
  setOwn(status: OwnStatus): Promise<OwnAnswer>;
  clearOwn(): Promise<OwnAnswer>;
  /** Resolves when the message was delivered. */
  sendMessage(to: SipUri, text: string): Promise<void>;
  /** Everything that is stored about one person. */
  person(who: string): Promise<PersonFile>;
  erasePerson(who: string, optOut: boolean): Promise<Erasure>;
}

interface OwnAnswer {
  readonly own: OwnStatus | undefined;
}

const TIMEOUT_MS = 5_000;
/** What goes on to the OCS server takes as long as people and servers may take. */
const LONG_TIMEOUT_MS = 140_000;
/** A large database through the REST API. Longer than five minutes Node's `fetch` waits for no answer. */
const RECONCILE_TIMEOUT_MS = 290_000;

/** How commands are told which bridge is meant. */
export interface BridgeOptions {
  readonly config: string;
  readonly url?: string | undefined;
  readonly tokenFile?: string | undefined;
}

/** Finds the bridge by its configuration, or by address and token file. Throws `BridgeError`. */
export function bridgeAddress({ config, url, tokenFile }: BridgeOptions): BridgeAddress {
  return url === undefined ? addressFromConfig(config) : givenAddress(url, tokenFile);
}

/** Calls of the bridge that is found so. Throws `BridgeError`. */
export function connectToBridge(options: BridgeOptions): BridgeApiClient {
  const address = bridgeAddress(options);
  return {
    status: () => call(address, 'GET', '/api/v1/status'),
    people: () => call(address, 'GET', '/api/v1/people'),
    query: (people, words) =>
      call(address, 'POST', '/api/v1/people/query', { people, ...(words.length > 0 && { words }) }, TIMEOUT_MS),
    me: () => call(address, 'GET', '/api/v1/me'),
    resolve: (name) => call(address, 'GET', `/api/v1/resolve?${new URLSearchParams({ name })}`),
    why: (who) => call(address, 'GET', `${pathOf(who)}/why`),
    lists: () => call(address, 'GET', '/api/v1/lists'),
    list: (id, words) =>
      call(address, 'GET', `/api/v1/lists/${encodeURIComponent(id)}${words.length > 0 ? `?words=${words}` : ''}`),
    setStatusOf: (who, status) => call(address, 'PUT', `${pathOf(who)}/status`, status, TIMEOUT_MS),
    clearStatusOf: (who) => call(address, 'DELETE', `${pathOf(who)}/status`, undefined, TIMEOUT_MS),
    reconcile: () => call(address, 'POST', '/api/v1/reconcile', undefined, RECONCILE_TIMEOUT_MS),
    setOwn: async (status) => ownOf(await call(address, 'PUT', '/api/v1/self', status)),
    clearOwn: async () => ownOf(await call(address, 'DELETE', '/api/v1/self')),
    sendMessage: async (to, text) => {
      await call(address, 'POST', '/api/v1/messages', { to, text });
    },
    person: (who) => call(address, 'GET', `/api/v1/person?${new URLSearchParams({ who })}`, undefined, LONG_TIMEOUT_MS),
    erasePerson: (who, optOut) =>
      call(address, 'DELETE', `/api/v1/person?${new URLSearchParams({ who, optOut: String(optOut) })}`),
  };
}

function pathOf(who: string): string {
  return `/api/v1/people/${encodeURIComponent(who)}`;
}

function givenAddress(url: string, tokenFile: string | undefined): BridgeAddress {
  if (tokenFile === undefined) throw new BridgeError('CLI_USAGE', '--url needs --token-file');
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw new BridgeError('CLI_USAGE', `"${url}" is not an address such as http://127.0.0.1:8480`);
  }
  try {
    return { url, token: readFileSync(tokenFile, 'utf8').trim() };
  } catch (cause) {
    throw new BridgeError('CLI_USAGE', `the token file ${tokenFile} cannot be read: ${systemCode(cause)}`, { cause });
  }
}

function addressFromConfig(file: string): BridgeAddress {
  const { stateFolder } = loadPlace(file);
  const url = readState(stateFolder, STATE_FILES.address);
  const address = {
    url,
    ...(url.startsWith('https:') ? { certificate: readState(stateFolder, STATE_FILES.certificate) } : {}),
    token: readState(stateFolder, STATE_FILES.token),
  };
  // A bridge that was killed leaves its address, and whatever took the port since must not get the token.
  if (holderOfFolder(stateFolder) === undefined) throw noBridge(stateFolder);
  return address;
}

function readState(stateFolder: string, name: string): string {
  const file = join(stateFolder, name);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const code = systemCode(cause);
    if (code !== 'ENOENT') throw new BridgeError('API_UNREACHABLE', `${file} cannot be read: ${code}`, { cause });
    throw noBridge(stateFolder, cause);
  }
}

function noBridge(stateFolder: string, cause?: unknown): BridgeError {
  const holder = holderOfFolder(stateFolder);
  if (holder !== undefined) {
    return new BridgeError('API_UNREACHABLE', `the bridge, process ${holder}, does not listen: it begins or ends`, {
      cause,
    });
  }
  const failure = lastFailure(stateFolder);
  const ended =
    failure === undefined
      ? ''
      : `; the last run ended at ${new Date(failure.at).toISOString()} with ${failure.code}: ${failure.message}`;
  return new BridgeError('API_UNREACHABLE', `no bridge runs with this configuration${ended}`, {
    cause,
    details: { stateFolder },
  });
}

function systemCode(thrown: unknown): string {
  return (thrown as NodeJS.ErrnoException).code ?? String(thrown);
}

function ownOf({ own }: { readonly own: OwnStatus | null }): OwnAnswer {
  return { own: own ?? undefined };
}

type Method = 'GET' | 'PUT' | 'DELETE' | 'POST';

async function call<T>(
  { url, token, certificate }: BridgeAddress,
  method: Method,
  path: string,
  body?: object,
  timeout = method === 'GET' ? TIMEOUT_MS : LONG_TIMEOUT_MS,
): Promise<T> {
  let response: Response;
  try {
    response = await fetchTrusting(certificate)(new URL(path, url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeout),
    });
  } catch (cause) {
    const isLate = (cause as Error).name === 'TimeoutError';
    const message = isLate ? `${url} gave no answer within ${timeout / 1000} s` : `${url} does not answer`;
    throw new BridgeError('API_UNREACHABLE', message, { cause });
  }
  if (response.status === 401) throw new BridgeError('API_UNAUTHORIZED', `${url} refused the access token`);
  if (!response.ok) throw await refusalOf(response, url);
  return (await response.json()) as T;
}

/** What the bridge says is wrong, in its own words where it has a code of ours. */
async function refusalOf(response: Response, url: string): Promise<BridgeError> {
  const { code, message } = (await response.json().catch(() => ({}))) as { code?: unknown; message?: unknown };
  const told = typeof code === 'string' && Object.hasOwn(ERROR_CODES, code) && typeof message === 'string';
  // A bridge of an older version has no such route.
  if (!told || code === 'API_NOT_FOUND') {
    return new BridgeError('API_UNREACHABLE', `${url} answered ${response.status}`);
  }
  return new BridgeError(code as ErrorCode, message);
}
