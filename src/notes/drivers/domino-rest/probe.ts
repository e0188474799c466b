import { BridgeError } from '../../../presence/errors.js';
import { failed, noted, type ProbeStep, passed, warned } from '../../probe/probe-step.js';
import { certificateExpiry } from '../domino-db/certificate-expiry.js';
import { DominoRestDriver, type DominoRestOptions, type DominoRestPorts } from './domino-rest.js';
import type { RestAnswer } from './http.js';
import { DEFAULT_DOMINO_REST_LIMITS, type DominoRestLimits } from './limits.js';
import { serverCertificate } from './peer-certificate.js';
import { memoryRefusedLogins } from './refused-logins.js';
import { RestClient } from './rest-client.js';

const SERVER = 'Domino REST API server';
const LOGIN = 'Domino REST API login';
const VERSION = 'Domino REST API version';
const SCOPE = 'Domino REST API scope';
const QUERY = 'Domino REST API query';

/**
 * Tries each prerequisite of the driver in turn: the server and its certificate, login, version (`GET /info`), the scope
 * (`GET /scopes`), a query. Ends with the first step that failed; writes nothing. A refused login is tried once only.
 * Resolves always.
 */
export async function probeDominoRest(
  options: DominoRestOptions,
  ports: DominoRestPorts,
): Promise<readonly ProbeStep[]> {
  const limits = { ...DEFAULT_DOMINO_REST_LIMITS, ...options.limits };
  const refused = ports.refusedLogins ?? memoryRefusedLogins();
  const client = new RestClient({ ...options, limits }, ports.clock, refused);
  const steps: ProbeStep[] = [];
  let name = SERVER;
  try {
    steps.push(await certificateStep(options, limits, ports));
    name = LOGIN;
    await client.signIn();
    const info = await client.send(get('info', '/info', limits));
    steps.push(passed(LOGIN, loginText(options)));
    steps.push(versionStep(info));
    name = SCOPE;
    steps.push(scopeStep(await client.send({ ...get('scopes', '/scopes', limits), query: SKIP_ICONS }), options.scope));
    name = QUERY;
    await queryOnce(options, { ...ports, refusedLogins: refused });
    steps.push(passed(QUERY, `A query over scope "${options.scope}" was answered.`));
  } catch (thrown) {
    const error = BridgeError.from(thrown);
    steps.push(failed(isAboutServer(error) ? SERVER : name, error));
  } finally {
    await client.close();
  }
  return steps;
}

const SKIP_ICONS = { skipIcon: 'true' } as const;

function get(operation: string, path: string, { timeoutMs }: DominoRestLimits) {
  return { operation, method: 'GET', path, timeoutMs } as const;
}

async function certificateStep(
  { url, ca }: DominoRestOptions,
  { timeoutMs }: DominoRestLimits,
  { clock }: DominoRestPorts,
): Promise<ProbeStep> {
  if (new URL(url).protocol === 'http:') {
    return warned(SERVER, `${url} is reached without TLS: anybody on the way can read the password.`, 'Use "https:".');
  }
  const { protocol, subject, validTo } = await serverCertificate(url, ca, timeoutMs, clock);
  const { days, within } = certificateExpiry(validTo, clock.now());
  const until = new Date(validTo).toISOString().slice(0, 10);
  const text = `${url}; ${protocol}; certificate "${subject}", valid until ${until} (${days} days).`;
  // Those that renew themselves are new by then.
  if (within === undefined || within > 14) return passed(SERVER, text);
  return warned(SERVER, text, 'Renew the certificate of the server.');
}

function loginText({ login, scope }: DominoRestOptions): string {
  const who = login.kind === 'password' ? `Signed in as "${login.user}"` : `The token in ${login.file} is accepted`;
  return `${who}, for scope "${scope}" alone.`;
}

/** Versions are for people; a site may keep them to itself. */
function versionStep({ status, json }: RestAnswer): ProbeStep {
  // COMPAT(domino-rest): the names are spelled with and without a blank.
  const product = text(json, ['KeepProperties', 'Keep Properties'], 'keep-version');
  const domino = text(json, ['DominoProperties', 'Domino Properties'], 'version');
  if (status !== 200 || product === '') return noted(VERSION, 'The server does not tell its version.');
  return passed(VERSION, `Domino REST API ${product}${domino === '' ? '' : ` on Domino ${domino}`}`);
}

function scopeStep(answer: RestAnswer, scope: string): ProbeStep {
  const unlisted = `The server does not list its scopes (status ${answer.status}); the query will tell.`;
  if (!Array.isArray(answer.json)) return noted(SCOPE, unlisted);
  const entry = answer.json.find((one: unknown) => text(one, [], 'apiName').toLowerCase() === scope.toLowerCase());
  if (entry === undefined) {
    const message = `There is no active scope "${scope}" that this login may use.`;
    throw new BridgeError('NOTES_SCOPE', message, { details: { operation: 'scopes', scopes: answer.json.length } });
  }
  const place = text(entry, [], 'nsfPath') || 'a database that the server does not name';
  return passed(SCOPE, `Scope "${scope}" publishes ${place} by schema "${text(entry, [], 'schemaName')}".`);
}

async function queryOnce(options: DominoRestOptions, ports: DominoRestPorts): Promise<void> {
  const driver = new DominoRestDriver(options, ports);
  try {
    await driver.open();
  } finally {
    await driver.close();
  }
}

function text(value: unknown, groups: readonly string[], name: string): string {
  const of = (one: unknown, key: string): unknown =>
    typeof one === 'object' && one !== null ? (one as Readonly<Record<string, unknown>>)[key] : undefined;
  const group = groups.length === 0 ? value : groups.map((key) => of(value, key)).find((one) => one !== undefined);
  const found = of(group, name);
  return typeof found === 'string' ? found.slice(0, 200) : '';
}

function isAboutServer({ code }: BridgeError): boolean {
  return code === 'NOTES_UNREACHABLE' || code === 'NOTES_UNTRUSTED' || code === 'NOTES_TIMEOUT';
}
