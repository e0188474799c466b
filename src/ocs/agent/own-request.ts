import type { Random } from '../../bridge/ports.js';
import type { Answer, RequestDraft } from './core.js';
import type { OwnTerms } from './own-side.js';

/** Sends a request when its turn comes. `onAnswer` is called once, or never when it was not needed any more by then. */
export type Exchange = (draft: RequestDraft, onAnswer: (answer: Answer) => void) => void;

/** Own requests share the budget of all that is sent to the server. */
export function exchangeInTurn(
  { core, ports }: { readonly core: Pick<OwnTerms['core'], 'exchange'>; readonly ports: OwnTerms['ports'] },
  isNeeded: () => boolean,
): Exchange {
  return (draft, onAnswer) => {
    const send = (): void => {
      if (isNeeded()) core.exchange(draft, onAnswer);
    };
    if (ports.budget === undefined) send();
    else ports.budget.take(send);
  };
}

/** A request outside of any dialog (RFC 3261 §8.1.1), with a Call-ID and a tag of its own. */
export function loneRequest(
  method: 'MESSAGE' | 'SERVICE',
  target: string,
  {
    headers = [],
    body,
    random,
  }: Pick<RequestDraft, 'body'> & { readonly headers?: readonly string[]; readonly random: Random },
): RequestDraft {
  return {
    method,
    requestUri: target,
    to: target,
    toTag: undefined,
    fromTag: random.bytes(5).toString('hex'),
    callId: random.bytes(16).toString('hex'),
    cseq: 1,
    routes: [],
    supported: [],
    headers,
    ...(body === undefined ? {} : { body }),
  };
}

/** SERVICE to ourselves (MS-PRES 3.2.5.3, MS-SIP 3.1). */
export function serviceToSelf(
  { account, contact, ports }: Pick<OwnTerms, 'account' | 'contact' | 'ports'>,
  contentType: string,
  content: Buffer,
): RequestDraft {
  const { random } = ports;
  return loneRequest('SERVICE', account, { headers: [`Contact: ${contact}`], body: { contentType, content }, random });
}
