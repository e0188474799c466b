/** Kinds of media under which texts are sent. COMPAT(lcs2005): its clients use the second. */
export const MESSAGE_MEDIA = ['message', 'x-ms-message'] as const;

export type MessageMedia = (typeof MESSAGE_MEDIA)[number];

export interface MessageSdp {
  readonly media: MessageMedia;
  /** `address:port` of our end; IPv6 in brackets. */
  readonly localAddress: string;
  /** What follows `sip` in the media line: `null` in offers, the own address in answers. */
  readonly target: string;
}

const ACCEPTED = 'text/plain text/html application/im-iscomposing+xml';

/** Session description of a conversation in texts (MS-SIP, `m=message`; RFC 4566). Nothing ever connects to its port. */
export function writeMessageSdp({ media, localAddress, target }: MessageSdp): Buffer {
  const [, host = '0.0.0.0', port = '5060'] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(localAddress) ?? [];
  const address = `IN ${host.includes(':') ? 'IP6' : 'IP4'} ${host}`;
  const lines = [
    'v=0',
    `o=- 0 0 ${address}`,
    's=session',
    `c=${address}`,
    't=0 0',
    `m=${media} ${port} sip ${target}`,
    `a=accept-types:${ACCEPTED}`,
  ];
  return Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'utf8');
}

const LONGEST_SDP = 16_384;

/** The kind of texts that an offer is about; `undefined` when it is about anything else. */
export function messageMediaOf(sdp: string): MessageMedia | undefined {
  const lines = sdp.slice(0, LONGEST_SDP).split(/\r\n|\r|\n/);
  return MESSAGE_MEDIA.find((media) => lines.some((line) => line.startsWith(`m=${media} `)));
}
