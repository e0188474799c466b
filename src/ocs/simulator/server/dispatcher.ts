import { parseSipUri } from '../../../presence/ids.js';
import {
  cseqOf,
  headerList,
  headerOf,
  headersOf,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../codec/message.js';
import type { Authenticator } from './authenticator.js';
import { newTag, type ServerContext } from './context.js';
import { refuseExtensions } from './extensions.js';
import type { Link } from './link.js';
import { handleRegister } from './register.js';
import type { Relay } from './relay.js';
import { type Answer, diagnostics, respond } from './responses.js';
import { handleService } from './service.js';
import type { Session } from './session.js';
import { handleSubscribe } from './subscribe.js';
import { branchOf, markReceived } from './vias.js';

const MANDATORY = ['via', 'from', 'to', 'call-id', 'cseq'];
const SINGLE = ['from', 'to', 'call-id', 'cseq'];
const NEEDS_USER_SERVICES = new Set(['SUBSCRIBE', 'SERVICE']);
const RELAYED = new Set(['INVITE', 'ACK', 'BYE', 'CANCEL', 'MESSAGE', 'INFO', 'REFER', 'UPDATE', 'OPTIONS']);
const ALLOW = 'REGISTER, SUBSCRIBE, SERVICE, INVITE, ACK, BYE, CANCEL, MESSAGE, INFO, OPTIONS, REFER';

/** Takes every message that a connection delivers: admits it, and hands it to whoever handles its method. */
export class Dispatcher {
  readonly #context: ServerContext;
  readonly #authenticatorOf: (link: Link) => Authenticator;
  readonly #relay: Relay;

  constructor(context: ServerContext, authenticatorOf: (link: Link) => Authenticator, relay: Relay) {
    this.#context = context;
    this.#authenticatorOf = authenticatorOf;
    this.#relay = relay;
  }

  receive(link: Link, message: SipMessage): void {
    if (message.kind === 'response') this.#receiveResponse(link, message);
    else this.#receiveRequest(link, markReceived(message, link));
  }

  #receiveResponse(link: Link, response: SipResponse): void {
    const isAuthentic =
      this.#context.settings.authVersion === 'none' || this.#authenticatorOf(link).isSigned(link, response);
    if (!isAuthentic) return;
    const branch = branchOf(response);
    if (!this.#context.notifier.onResponse(branch, link, response)) this.#relay.onResponse(branch, link, response);
  }

  #receiveRequest(link: Link, request: SipRequest): void {
    if (!isWellFormed(request)) {
      this.#context.counters.malformed += 1;
      if (canBeAnswered(request)) link.send(respond(request, 400, { toTag: newTag(this.#context) }));
      return;
    }
    // NEGOTIATE would start compression, before anybody signed in (MS-SIPCOMP); there is none here.
    if (request.method === 'NEGOTIATE') {
      link.send(this.#notAllowed(request));
      return;
    }
    const admission = this.#authenticatorOf(link).admit(link, request);
    const instead = admission.kind === 'drop' ? undefined : link.faults?.answerInstead(request);
    if (instead) (admission.kind === 'admitted' ? admission.session : link).send(instead);
    else if (admission.kind === 'answer') link.send(admission.response);
    else if (admission.kind === 'admitted') this.#handle(admission.session, request);
  }

  #handle(session: Session, request: SipRequest): void {
    const refusal = this.#refusal(session, request);
    if (refusal) session.send(refusal);
    else this.#serve(session, request);
  }

  /** What keeps a request from being served, whatever it asks for. */
  #refusal(session: Session, request: SipRequest): SipResponse | undefined {
    const { settings, conditions, pools } = this.#context;
    if (request.method === 'ACK' || request.method === 'CANCEL') return undefined;
    const toTag = newTag(this.#context);
    const { dialect, hostName } = pools.of(session.link);
    const unknown = refuseExtensions(request, dialect, settings.benotify, toTag);
    if (unknown) return unknown;
    if (conditions.disabled.has(session.account.uri)) {
      return respond(request, 403, { toTag, headers: [diagnostics(4141, hostName, 'User disabled')] });
    }
    const isDown = conditions.userServicesDown && NEEDS_USER_SERVICES.has(request.method);
    if (!isDown) return undefined;
    return respond(request, 504, { toTag, headers: [diagnostics(1007, hostName, 'Temporarily cannot route')] });
  }

  #serve(session: Session, request: SipRequest): void {
    if (request.method === 'REGISTER') session.send(handleRegister(this.#context, session, request));
    else if (request.method === 'SERVICE') answer(session, handleService(this.#context, session, request));
    else if (request.method === 'SUBSCRIBE') answer(session, handleSubscribe(this.#context, session, request));
    else if (request.method === 'OPTIONS' && this.#isForServer(request)) session.send(this.#capabilities(request));
    else if (RELAYED.has(request.method)) this.#relay.onRequest(session, request);
    else session.send(this.#notAllowed(request));
  }

  #capabilities(request: SipRequest): SipResponse {
    const headers = headerList(['Allow', ALLOW], ['Accept', 'application/sdp']);
    return respond(request, 200, { toTag: newTag(this.#context), headers });
  }

  /** A Request-URI that names neither a person nor an endpoint. */
  #isForServer(request: SipRequest): boolean {
    return !parseSipUri(request.uri).ok && this.#context.registrar.findContact(request.uri) === undefined;
  }

  #notAllowed(request: SipRequest): SipResponse {
    return respond(request, 405, { toTag: newTag(this.#context), headers: headerList(['Allow', ALLOW]) });
  }
}

function answer(session: Session, { response, afterwards }: Answer): void {
  session.send(response);
  afterwards?.();
}

function isWellFormed(request: SipRequest): boolean {
  return (
    MANDATORY.every((name) => headerOf(request, name) !== undefined) &&
    SINGLE.every((name) => headersOf(request, name).length === 1) &&
    cseqOf(request)?.method === request.method
  );
}

function canBeAnswered(request: SipRequest): boolean {
  return request.method !== 'ACK' && headersOf(request, 'via').length > 0 && headerOf(request, 'call-id') !== undefined;
}
