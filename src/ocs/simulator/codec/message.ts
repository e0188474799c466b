/** One header as it stands on the wire, value unfolded and trimmed. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

export interface SipRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

export interface SipResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

export type SipMessage = SipRequest | SipResponse;

export const NO_BODY = Buffer.alloc(0);

/** Shorthand for a list of headers; entries without a value are left out. */
export function headerList(...entries: readonly (readonly [name: string, value: string | undefined])[]): Header[] {
  return entries.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/** First value of a header. `name` in lower case. */
export function headerOf(message: SipMessage, name: string): string | undefined {
  return message.headers.find((header) => header.name.toLowerCase() === name)?.value;
}

/** All values of a header in order. `name` in lower case. */
export function headersOf(message: SipMessage, name: string): readonly string[] {
  return message.headers.filter((header) => header.name.toLowerCase() === name).map((header) => header.value);
}

/** Option tags of all headers of that name (`Supported`, `Require`), lower case. */
export function tokensOf(message: SipMessage, name: string): ReadonlySet<string> {
  const tokens = headersOf(message, name).flatMap((value) => value.split(','));
  return new Set(tokens.map((token) => token.trim().toLowerCase()).filter((token) => token !== ''));
}

/** The same message without the headers of these names (lower case). */
export function withoutHeaders<M extends SipMessage>(message: M, ...names: readonly string[]): M {
  return { ...message, headers: message.headers.filter((header) => !names.includes(header.name.toLowerCase())) };
}

/** Sequence number and method of `CSeq`, or `undefined` when it is missing or malformed. */
export function cseqOf(message: SipMessage): { readonly number: number; readonly method: string } | undefined {
  const match = /^(\d{1,10})[ \t]+([A-Za-z0-9.!%*_+`'~-]{1,32})$/.exec(headerOf(message, 'cseq') ?? '');
  return match ? { number: Number(match[1]), method: match[2] ?? '' } : undefined;
}
