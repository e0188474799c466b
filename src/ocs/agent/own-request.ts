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

/** SERVICE to ourselves (MS-PRES 3.2.5.3, MS-SIP 3.1). */
export function serviceToSelf(
  { account, contact, ports }: Pick<OwnTerms, 'account' | 'contact' | 'ports'>,
  contentType: string,
  content: Buffer,
): RequestDraft {
  return {
    method: 'SERVICE',
    requestUri: account,
    to: account,
    toTag: undefined,
    fromTag: ports.random.bytes(5).toString('hex'),
    callId: ports.random.bytes(16).toString('hex'),
    cseq: 1,
    routes: [],
    supported: [],
    headers: [`Contact: ${contact}`],
    body: { contentType, content },
  };
}
