import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Clock } from '../../../bridge/ports.js';
import { BridgeError } from '../../../presence/errors.js';
import type { LookUpAnswer, NameLookUp, SrvRecord } from './look-up.js';

export interface DnsLimits {
  /** Milliseconds that one name server has for one try. */
  readonly tryMs: number;
  readonly tries: number;
  /** Milliseconds for one question, whatever happens. */
  readonly questionMs: number;
  /** Records of one answer that are looked at. */
  readonly records: number;
}

export const DNS_LIMITS: DnsLimits = { tryMs: 1_500, tries: 2, questionMs: 6_000, records: 16 };

/** Codes of c-ares and of the system's resolver that say: asked and answered, there is nothing. */
const NOTHING: Readonly<Record<string, string>> = { ENOTFOUND: 'no such name', ENODATA: 'no such record' };

const GIVEN_UP = 'given up';

const FAILURES: Readonly<Record<string, string>> = {
  ESERVFAIL: 'the name server failed (SERVFAIL)',
  EREFUSED: 'the name server refused',
  ETIMEOUT: 'no answer in time',
  ECONNREFUSED: 'no name server listens',
  EBADRESP: 'the answer cannot be read',
  EFORMERR: 'the name server did not understand the question',
  EAI_AGAIN: 'no answer of the name service',
};

/**
 * Questions to the system's name servers, or to those given as `address` or `address:port`. Host names go to the
 * system's own resolver unless name servers are given, so that its hosts file counts. Throws `CFG_INVALID` when a name
 * server cannot be one.
 */
export function dnsLookUp(
  nameServers: readonly string[],
  clock: Pick<Clock, 'after'>,
  limits: DnsLimits = DNS_LIMITS,
): NameLookUp {
  const resolver = new Resolver({ timeout: limits.tryMs, tries: limits.tries });
  if (nameServers.length > 0) useServers(resolver, nameServers);
  const open = new Set<() => void>();
  let closed = false;
  const within = <T>(ask: () => Promise<readonly T[]>): Promise<LookUpAnswer<T>> =>
    closed ? Promise.resolve({ kind: 'failed', reason: GIVEN_UP }) : answerOf(ask(), open, clock, limits);
  const resolveBoth = async (host: string): Promise<readonly string[]> => {
    const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const found = [four, six].flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    if (found.length > 0) return found;
    const reasons: unknown[] = [four, six].flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    // That there is no address is known only when both questions were answered.
    throw reasons.find((reason) => refusalOf(reason).kind === 'failed') ?? reasons[0];
  };
  const systemLookUp = async (host: string): Promise<readonly string[]> =>
    (await lookup(host, { all: true })).map(({ address }) => address);
  return {
    srv: (name) => within<SrvRecord>(() => resolver.resolveSrv(name).then(byPriority)),
    addresses(host) {
      if (isIP(host) !== 0) return Promise.resolve({ kind: 'records', records: [host] });
      return within(() => (nameServers.length > 0 ? resolveBoth(host) : systemLookUp(host)));
    },
    close() {
      closed = true;
      resolver.cancel();
      // The system's own resolver cannot be stopped; it is not waited for.
      for (const giveUp of open) giveUp();
    },
  };
}

/** Of too many records those that come first are looked at. */
function byPriority(records: readonly SrvRecord[]): readonly SrvRecord[] {
  return records.toSorted((a, b) => a.priority - b.priority);
}

function useServers(resolver: Resolver, nameServers: readonly string[]): void {
  try {
    resolver.setServers(nameServers);
  } catch (cause) {
    const text = `"${nameServers.join(', ')}" cannot be name servers: give addresses, with a port if need be.`;
    throw new BridgeError('CFG_INVALID', text, { cause });
  }
}

function answerOf<T>(
  asked: Promise<readonly T[]>,
  open: Set<() => void>,
  clock: Pick<Clock, 'after'>,
  { questionMs, records }: DnsLimits,
): Promise<LookUpAnswer<T>> {
  return new Promise((resolve) => {
    let cancel: () => void = () => {};
    const settle = (answer: LookUpAnswer<T>): void => {
      cancel();
      open.delete(giveUp);
      resolve(answer);
    };
    const giveUp = (): void => settle({ kind: 'failed', reason: GIVEN_UP });
    open.add(giveUp);
    cancel = clock.after(questionMs, () => settle({ kind: 'failed', reason: 'no answer in time' }));
    asked.then(
      (found) => settle({ kind: 'records', records: found.slice(0, records) }),
      (thrown: unknown) => settle(refusalOf(thrown)),
    );
  });
}

function refusalOf(thrown: unknown): { readonly kind: 'none' | 'failed'; readonly reason: string } {
  const code = String((thrown as { readonly code?: unknown }).code ?? 'unknown error');
  const nothing = NOTHING[code];
  if (nothing !== undefined) return { kind: 'none', reason: nothing };
  return { kind: 'failed', reason: FAILURES[code] ?? code };
}
