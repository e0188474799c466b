import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../bridge/config/load.js';
import type { LinkReport } from '../bridge/ports.js';
import { STATE_FILES } from '../bridge/runtime/state-folder.js';
import type { BridgeStatus, PersonStatus } from '../bridge/status.js';
import { BridgeError } from '../presence/errors.js';

/** Where a running bridge listens, and the key to it. */
export interface BridgeAddress {
  readonly url: string;
  readonly token: string;
}

interface WireLink extends Pick<LinkReport, 'state' | 'since' | 'retryAt'> {
  readonly error?: { readonly message: string };
}

type Wire<T> = Omit<T, 'ocs' | 'notes'> & { readonly ocs: WireLink; readonly notes: WireLink };

/** The few calls of the HTTP API that commands need. */
export interface BridgeApiClient {
  status(): Promise<Wire<BridgeStatus>>;
  people(): Promise<readonly PersonStatus[]>;
}

const TIMEOUT_MS = 5_000;

/** Finds the bridge by its configuration, or by address and token file. Throws `BridgeError`. */
export function connectToBridge(options: {
  config: string;
  url?: string | undefined;
  tokenFile?: string | undefined;
}): BridgeApiClient {
  const address =
    options.url === undefined ? addressFromConfig(options.config) : givenAddress(options.url, options.tokenFile);
  return {
    status: () => get(address, '/api/v1/status'),
    people: () => get(address, '/api/v1/people'),
  };
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
  const { stateFolder } = loadConfig(file).bridge;
  return {
    url: readState(join(stateFolder, STATE_FILES.address)),
    token: readState(join(stateFolder, STATE_FILES.token)),
  };
}

function readState(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const code = systemCode(cause);
    const why =
      code === 'ENOENT' ? 'does not exist: no bridge runs with this configuration' : `cannot be read: ${code}`;
    throw new BridgeError('API_UNREACHABLE', `${file} ${why}`, { cause });
  }
}

function systemCode(thrown: unknown): string {
  return (thrown as NodeJS.ErrnoException).code ?? String(thrown);
}

async function get<T>({ url, token }: BridgeAddress, path: string): Promise<T> {
  let response: Response;
  try {
    response = await fetch(new URL(path, url), {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    throw new BridgeError('API_UNREACHABLE', `${url} does not answer`, { cause });
  }
  if (response.status === 401) throw new BridgeError('API_UNAUTHORIZED', `${url} refused the access token`);
  if (!response.ok) throw new BridgeError('API_UNREACHABLE', `${url} answered ${response.status}`);
  return (await response.json()) as T;
}
