import { cseqOf, headerOf, type SipRequest, type SipResponse } from '../codec/message.js';
import { newTag, type ServerContext } from './context.js';
import { type Link, nominalPort } from './link.js';
import type { Binding } from './registrar.js';
import { type RelayTarget, relayTarget } from './relay-target.js';
import { forwardedRequest, forwardedResponse, hopsLeft, type RouteName } from './relayed-message.js';
import { diagnostics, respond } from './responses.js';
import type { Session } from './session.js';
import { branchOf } from './vias.js';

/** One leg of a relayed request. */
interface Branch {
  readonly id: string;
  readonly session: Session;
  readonly sent: SipRequest;
  final: SipResponse | undefined;
}

/** A relayed request that waits for answers. */
interface Transaction {
  readonly key: string;
  readonly origin: Session;
  readonly request: SipRequest;
  readonly branches: Branch[];
  answered: boolean;
  readonly cancelTimer: () => void;
}

/** INVITEs wait longer than others: a person may have to accept. Factor on the ordinary time. */
const INVITE_PATIENCE = 6;

/**
 * Relays requests between signed-in endpoints (a stateful proxy, RFC 3261 §16): an INVITE goes to all endpoints of the
 * person, the first 2xx wins and the others are cancelled; everything else goes to one.
 */
export class Relay {
  readonly #context: ServerContext;
  readonly #transactions = new Map<string, Transaction>();
  readonly #byBranch = new Map<string, Transaction>();
  /** INVITEs that ended without success: their ACK ends here. With what stops the timer that forgets them. */
  readonly #refused = new Map<string, () => void>();

  constructor(context: ServerContext) {
    this.#context = context;
  }

  onRequest(origin: Session, request: SipRequest): void {
    if (request.method === 'CANCEL') this.#cancel(origin, request);
    else if (request.method === 'ACK') this.#acknowledge(origin, request);
    else this.#relay(origin, request);
  }

  /** Takes an answer; one that comes over another connection than the request went out on is ignored. */
  onResponse(branchId: string, link: Link, response: SipResponse): void {
    const transaction = this.#byBranch.get(branchId);
    const branch = transaction?.branches.find(({ id }) => id === branchId);
    if (!transaction || branch?.session.link !== link) return;
    const isInvite = transaction.request.method === 'INVITE';
    if (response.status < 200) {
      if (response.status > 100 && !transaction.answered) this.#forward(transaction, branch, response);
      return;
    }
    if (branch.final) return;
    branch.final = response;
    if (isInvite && response.status >= 300) this.#acknowledgeRefusal(branch);
    if (response.status < 300) {
      transaction.answered = true;
      this.#forward(transaction, branch, response);
      if (isInvite) this.#cancelOthers(transaction);
    }
    if (transaction.branches.every(({ final }) => final !== undefined)) this.#finish(transaction);
  }

  /** Gives up on everything that this endpoint asked for or was asked. */
  forget(session: Session): void {
    for (const transaction of [...this.#transactions.values()]) {
      if (transaction.origin === session) {
        this.#cancelOthers(transaction);
        this.#remove(transaction);
        continue;
      }
      for (const branch of transaction.branches) {
        if (branch.session === session) branch.final ??= this.#own(transaction.request, 480);
      }
      if (transaction.branches.every(({ final }) => final !== undefined)) this.#finish(transaction);
    }
  }

  clear(): void {
    for (const { cancelTimer } of this.#transactions.values()) cancelTimer();
    this.#transactions.clear();
    this.#byBranch.clear();
    for (const cancelTimer of this.#refused.values()) cancelTimer();
    this.#refused.clear();
  }

  #relay(origin: Session, request: SipRequest): void {
    const target = relayTarget(this.#context, request);
    if (target.kind === 'endpoints' && hopsLeft(request) > 0) this.#open(origin, request, target.bindings);
    else origin.send(this.#refusal(request, target.kind));
  }

  #refusal(request: SipRequest, target: RelayTarget['kind']): SipResponse {
    if (target === 'endpoints') return this.#own(request, 483);
    if (target === 'offline') return this.#own(request, 480);
    const headers = [diagnostics(1003, this.#context.pools.all[0].hostName, 'User does not exist')];
    return respond(request, 404, { toTag: newTag(this.#context), headers });
  }

  #open(origin: Session, request: SipRequest, endpoints: readonly Binding[]): void {
    const { settings, counters } = this.#context;
    const key = transactionKey(origin, request);
    if (this.#transactions.has(key)) return;
    counters.relayed += 1;
    if (request.method === 'MESSAGE') counters.messages += 1;
    const isInvite = request.method === 'INVITE';
    if (isInvite) origin.sendUnsigned(respond(request, 100));
    const bindings = isInvite ? endpoints : endpoints.slice(0, 1);
    const wait = settings.limits.answerSeconds * 1000 * (isInvite ? INVITE_PATIENCE : 1);
    const transaction: Transaction = {
      key,
      origin,
      request,
      branches: [],
      answered: false,
      cancelTimer: settings.clock.after(wait, () => this.#timeOut(key)),
    };
    this.#transactions.set(key, transaction);
    for (const binding of bindings) this.#addBranch(transaction, binding);
    for (const { session, sent } of [...transaction.branches]) session.send(sent);
  }

  #addBranch(transaction: Transaction, binding: Binding): void {
    const { branch, via } = this.#context.vias.next(binding.session.link);
    const sent = forwardedRequest(
      transaction.request,
      transaction.origin,
      binding,
      via,
      this.#routeName(binding.session),
    );
    transaction.branches.push({ id: branch, session: binding.session, sent, final: undefined });
    this.#byBranch.set(branch, transaction);
  }

  #acknowledge(origin: Session, request: SipRequest): void {
    if (this.#refused.has(inviteKey(origin, request)) || hopsLeft(request) === 0) return;
    const target = relayTarget(this.#context, request);
    const [binding] = target.kind === 'endpoints' ? target.bindings : [];
    if (!binding) return;
    const { via } = this.#context.vias.next(binding.session.link);
    binding.session.send(forwardedRequest(request, origin, binding, via, this.#routeName(binding.session)));
  }

  #cancel(origin: Session, request: SipRequest): void {
    const transaction = this.#transactions.get(inviteKey(origin, request));
    origin.send(this.#own(request, transaction ? 200 : 481));
    if (transaction) this.#cancelOthers(transaction);
  }

  /** Cancels the legs that have not answered yet. */
  #cancelOthers(transaction: Transaction): void {
    if (transaction.request.method !== 'INVITE') return;
    for (const branch of transaction.branches) {
      if (!branch.final) branch.session.send(this.#hopRequest(branch, 'CANCEL'));
    }
  }

  #acknowledgeRefusal(branch: Branch): void {
    const ack = this.#hopRequest(branch, 'ACK');
    const to = branch.final && headerOf(branch.final, 'to');
    const headers = ack.headers.map((header) => (header.name === 'To' && to ? { name: 'To', value: to } : header));
    branch.session.send({ ...ack, headers });
  }

  /** CANCEL and the ACK of a refusal: same Request-URI, branch and CSeq number as the INVITE (RFC 3261 §9.1, §17.1.1.3). */
  #hopRequest({ session, sent, id }: Branch, method: 'CANCEL' | 'ACK'): SipRequest {
    const kept = ['From', 'To', 'Call-ID', 'Route'].flatMap((name) =>
      sent.headers
        .filter((header) => header.name.toLowerCase() === name.toLowerCase())
        .map(({ value }) => ({ name, value })),
    );
    const { via } = this.#context.vias.withBranch(session.link, id);
    const cseq = { name: 'CSeq', value: `${cseqOf(sent)?.number ?? 1} ${method}` };
    const headers = [{ name: 'Via', value: via }, { name: 'Max-Forwards', value: '70' }, ...kept, cseq];
    return { kind: 'request', method, uri: sent.uri, headers, body: Buffer.alloc(0) };
  }

  #forward({ origin, request }: Transaction, branch: Branch, response: SipResponse): void {
    origin.send(forwardedResponse(response, branch.session, request.method));
  }

  /** All legs have answered: without a 2xx the best refusal is passed on (RFC 3261 §16.7, step 6). */
  #finish(transaction: Transaction): void {
    this.#remove(transaction);
    if (transaction.answered) return;
    const refusals = transaction.branches.flatMap((branch) => (branch.final ? [{ branch, final: branch.final }] : []));
    const [best] = refusals.toSorted((a, b) => a.final.status - b.final.status);
    if (!best) return;
    if (transaction.request.method === 'INVITE') this.#rememberRefusal(transaction.key);
    const isOwn = branchOf(best.final) !== best.branch.id;
    if (isOwn) transaction.origin.send(best.final);
    else this.#forward(transaction, best.branch, best.final);
  }

  #timeOut(key: string): void {
    const transaction = this.#transactions.get(key);
    if (!transaction) return;
    this.#cancelOthers(transaction);
    this.#remove(transaction);
    if (transaction.answered) return;
    if (transaction.request.method === 'INVITE') this.#rememberRefusal(key);
    transaction.origin.send(this.#own(transaction.request, 408));
  }

  #rememberRefusal(key: string): void {
    const { clock, limits } = this.#context.settings;
    this.#refused.get(key)?.();
    this.#refused.set(
      key,
      clock.after(limits.answerSeconds * 1000, () => this.#refused.delete(key)),
    );
  }

  #remove(transaction: Transaction): void {
    transaction.cancelTimer();
    this.#transactions.delete(transaction.key);
    for (const { id } of transaction.branches) this.#byBranch.delete(id);
  }

  #own(request: SipRequest, status: number): SipResponse {
    return respond(request, status, { toTag: newTag(this.#context) });
  }

  #routeName({ link }: Session): RouteName {
    const { pools } = this.#context;
    const { hostName } = pools.of(link);
    const own = pools.all.map((pool) => pool.hostName);
    return { hostName, port: nominalPort(link.transport), transport: link.transport, own };
  }
}

/** COMPAT(pidgin-sipe): in-dialog requests have no branch, so Call-ID, CSeq and the connection identify them. */
function transactionKey({ link }: Session, request: SipRequest): string {
  const cseq = cseqOf(request);
  return `${link.id} ${headerOf(request, 'call-id')} ${cseq?.number} ${cseq?.method}`;
}

/** Key of the INVITE that an ACK or CANCEL belongs to. */
function inviteKey({ link }: Session, request: SipRequest): string {
  return `${link.id} ${headerOf(request, 'call-id')} ${cseqOf(request)?.number} INVITE`;
}
