import { isAllowedName, isHostName, plainName } from '../domain-rule.js';
import type { ServerAddress } from '../server-address.js';
import { sameServer, serverText } from '../server-text.js';
import type { LookUpAnswer, NameLookUp, SrvRecord } from './look-up.js';
import type { ServerDiscovery } from './options.js';
import { type HostQuestion, hostQuestions, type SrvQuestion, srvQuestions } from './plan.js';
import { orderSrv } from './srv-order.js';
import type { DiscoveryStep } from './step.js';

export interface DiscoveryTerms extends ServerDiscovery {
  /** Domains besides `domain` whose names may be taken from SRV records. */
  readonly trustedDomains: readonly string[];
}

export interface Discovery {
  /** In the order in which to try them. */
  readonly candidates: readonly ServerAddress[];
  readonly steps: readonly DiscoveryStep[];
  /** True when a question stayed without answer, so that no candidates does not mean that there is no server. */
  readonly failed: boolean;
}

/** Far more than any site has front ends and Edge Servers. */
const MAX_CANDIDATES = 24;

/**
 * Looks for the servers of a SIP domain: SRV records in the order of `srvQuestions`, and only when none of them leads
 * anywhere the well-known host names. An SRV target counts when its name lies in the domain or a trusted one (strict
 * naming, as Communicator has it). Never rejects.
 */
export async function discover(terms: DiscoveryTerms, names: NameLookUp, unit: () => number): Promise<Discovery> {
  const questions = srvQuestions(terms);
  const answers = await Promise.all(questions.map(({ name }) => names.srv(name)));
  const bySrv = questions.map((question, index) =>
    takeSrv(question, answers[index] ?? { kind: 'none', reason: 'not asked' }, terms, unit),
  );
  const found = outcomeOf(bySrv);
  if (found.candidates.length > 0) return found;
  const hosts = hostQuestions(terms);
  const byHost = outcomeOf(
    await Promise.all(hosts.map(async (question) => takeHost(question, await names.addresses(question.host), terms))),
  );
  return {
    candidates: byHost.candidates,
    steps: [...found.steps, ...byHost.steps],
    failed: found.failed || byHost.failed,
  };
}

/** What one question brought. */
interface Taken {
  readonly candidates: readonly ServerAddress[];
  readonly step: DiscoveryStep;
  readonly failed: boolean;
}

function outcomeOf(taken: readonly Taken[]): Discovery {
  const candidates: ServerAddress[] = [];
  for (const server of taken.flatMap((one) => one.candidates)) {
    if (candidates.length < MAX_CANDIDATES && !candidates.some((known) => sameServer(known, server)))
      candidates.push(server);
  }
  return { candidates, steps: taken.map(({ step }) => step), failed: taken.some(({ failed }) => failed) };
}

function takeSrv(
  { name, transport }: SrvQuestion,
  answer: LookUpAnswer<SrvRecord>,
  terms: DiscoveryTerms,
  unit: () => number,
): Taken {
  const asked = `SRV ${name}`;
  if (answer.kind !== 'records') return nothing(asked, answer);
  const accepted: ServerAddress[] = [];
  const refused: { server: string; reason: string }[] = [];
  for (const record of orderSrv(answer.records, unit)) {
    const server: ServerAddress = { host: plainName(record.name), port: record.port, transport, ...tlsOf(terms) };
    const reason = objectionTo(server, terms);
    if (reason === undefined) accepted.push(server);
    else refused.push({ server: server.host === '' ? '"."' : printable(serverText(server)), reason });
  }
  const records = answer.records.map(
    ({ name: target, port, priority, weight }) => `${printable(target)}:${port} priority ${priority} weight ${weight}`,
  );
  return {
    candidates: accepted,
    failed: false,
    step: { asked, answer: records.join(', ') || 'no record', accepted: accepted.map(serverText), refused },
  };
}

function takeHost(
  { host, transport, ports }: HostQuestion,
  answer: LookUpAnswer<string>,
  terms: DiscoveryTerms,
): Taken {
  const asked = `A ${host} (${transport.toUpperCase()})`;
  if (answer.kind !== 'records') return nothing(asked, answer);
  const candidates = ports.map((port): ServerAddress => ({ host, port, transport, ...tlsOf(terms) }));
  const step = { asked, answer: answer.records.join(', '), accepted: candidates.map(serverText), refused: [] };
  return { candidates, failed: false, step };
}

function nothing(asked: string, { kind, reason }: { readonly kind: string; readonly reason: string }): Taken {
  return { candidates: [], failed: kind === 'failed', step: { asked, answer: reason, accepted: [], refused: [] } };
}

function objectionTo({ host, port }: ServerAddress, { domain, trustedDomains }: DiscoveryTerms): string | undefined {
  // RFC 2782: the service is decidedly not there.
  if (host === '') return 'the domain says that it has no such service';
  if (!isHostName(host) || port === 0) return 'it is no name and port of a server';
  if (isAllowedName(host, [domain, ...trustedDomains])) return undefined;
  return `its name is neither in ${domain} nor in a trusted domain`;
}

function tlsOf({ tls }: ServerDiscovery): Pick<ServerAddress, 'tls'> {
  return tls === undefined ? {} : { tls };
}

const MAX_PRINTED = 300;

/** DNS lets a name hold any octet. */
function printable(text: string): string {
  return text.replace(/[^\x21-\x7e ]/g, '?').slice(0, MAX_PRINTED);
}
