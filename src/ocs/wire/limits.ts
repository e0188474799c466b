/** How much of a message is read before it is refused. All figures are octets, `headers` is a count. */
export interface SipLimits {
  readonly startLine: number;
  /** One header field with its continuation lines. */
  readonly line: number;
  /** Start line and all header fields together. */
  readonly headerBlock: number;
  readonly headers: number;
  readonly body: number;
}

/** Far above what OCS sends: its largest heads have about 4 kB, its largest bodies some hundred. */
export const DEFAULT_SIP_LIMITS: SipLimits = {
  startLine: 4 * 1024,
  line: 8 * 1024,
  headerBlock: 64 * 1024,
  headers: 256,
  body: 4 * 1024 * 1024,
};
