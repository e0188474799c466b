/** One look-up on the way to a server, told so that an administrator can follow it. */
export interface DiscoveryStep {
  /** `SRV _sip._tls.contoso.example` or `A sip.contoso.example`. */
  readonly asked: string;
  /** What came: records, or why there are none. */
  readonly answer: string;
  /** Servers taken from it, in the order in which they are tried: `host:port` and transport. */
  readonly accepted: readonly string[];
  readonly refused: readonly { readonly server: string; readonly reason: string }[];
}

/** The step as one sentence. */
export function describeStep({ asked, answer, accepted, refused }: DiscoveryStep): string {
  const taken = accepted.length === 0 ? '' : `; taken: ${accepted.join(', ')}`;
  const left = refused.map(({ server, reason }) => `; refused: ${server} (${reason})`).join('');
  return `${asked}: ${answer}${taken}${left}.`;
}
