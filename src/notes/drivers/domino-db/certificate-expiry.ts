const DAY_MS = 86_400_000;
/** Days before the end at which the tone changes: time to renew, time to hurry, time to drop everything else. */
const THRESHOLDS = [3, 14, 30] as const;

export interface CertificateExpiry {
  /** Whole days that are left; negative when it is over. */
  readonly days: number;
  /** The smallest threshold that was passed; absent while there is time. */
  readonly within: (typeof THRESHOLDS)[number] | undefined;
}

/** How near the end of a certificate is. Both times in milliseconds since 1970. */
export function certificateExpiry(validTo: number, now: number): CertificateExpiry {
  const left = validTo - now;
  return { days: Math.floor(left / DAY_MS), within: THRESHOLDS.find((days) => left <= days * DAY_MS) };
}
