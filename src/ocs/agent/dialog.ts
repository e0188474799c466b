import type { SipMessage } from '../wire/message.js';

/** One dialog from our side (RFC 3261 §12). Values as on the wire. Immutable. */
export interface Dialog {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string | undefined;
  /** Address in To. */
  readonly remoteUri: string;
  /** Where requests go: the contact that the server gave, and until then `remoteUri`. */
  readonly remoteTarget: string;
  /** Route values with brackets, nearest first. */
  readonly routeSet: readonly string[];
  /** CSeq of the last request that was sent. */
  readonly sequence: number;
}

export function newDialog(callId: string, localTag: string, remoteUri: string): Dialog {
  return { callId, localTag, remoteTag: undefined, remoteUri, remoteTarget: remoteUri, routeSet: [], sequence: 0 };
}

export function nextRequest(dialog: Dialog): Dialog {
  return { ...dialog, sequence: dialog.sequence + 1 };
}

/** The dialog after a 2xx: the first one establishes it (§12.1.2), later ones may move the target (§12.2.1.2). */
export function afterSuccess(dialog: Dialog, response: SipMessage): Dialog {
  const remoteTarget = targetAfter(dialog, response);
  if (dialog.remoteTag !== undefined) return { ...dialog, remoteTarget };
  const routeSet = response.listValues('Record-Route').map(ownCopy).reverse();
  const tag = response.to?.tag;
  return { ...dialog, remoteTag: tag === undefined ? undefined : ownCopy(tag), remoteTarget, routeSet };
}

/** The dialog after a NOTIFY, which may move the target as well (RFC 6665 §4.4.1). */
export function afterNotify(dialog: Dialog, request: SipMessage): Dialog {
  const remoteTarget = targetAfter(dialog, request);
  return remoteTarget === dialog.remoteTarget ? dialog : { ...dialog, remoteTarget };
}

function targetAfter({ remoteTarget }: Dialog, message: SipMessage): string {
  const uri = message.contacts[0]?.uri;
  return uri === undefined || uri === remoteTarget ? remoteTarget : ownCopy(uri);
}

/** A text of its own: one that is cut out of a message would keep the whole message in memory as long as the dialog. */
function ownCopy(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

/** Request-URI and Route headers of the next request (§12.2.1.1). */
export function routeOf(dialog: Dialog): { readonly requestUri: string; readonly routes: readonly string[] } {
  const [first, ...rest] = dialog.routeSet;
  if (first === undefined || isLoose(first)) return { requestUri: dialog.remoteTarget, routes: dialog.routeSet };
  // A strict router takes the place of the target, and the target goes to the end of the list.
  return { requestUri: uriOf(first), routes: [...rest, `<${dialog.remoteTarget}>`] };
}

function uriOf(route: string): string {
  return /<([^>]*)>/.exec(route)?.[1] ?? route;
}

function isLoose(route: string): boolean {
  return /;lr(?:[;=]|$)/i.test(uriOf(route));
}
