import { bad, ok, type Result } from '../../../presence/result.js';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** A timer can hold no more. */
const MAX_MS = 2 ** 31 - 1;

/** Reads `5s`, `200ms`, `2m`, `8h`; a bare number counts seconds. Milliseconds. */
export function readDuration(text: string): Result<number> {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)?$/.exec(text);
  const milliseconds = Math.round(Number(match?.[1]) * (UNITS[match?.[2] ?? 's'] ?? 0));
  if (!match || !(milliseconds <= MAX_MS)) return bad(`"${text}" is not a time; write 5s, 200ms, 2m or 8h`);
  return ok(milliseconds);
}

/** As a person writes it: `5s`, `200ms`. */
export function durationText(milliseconds: number): string {
  if (milliseconds % 1000 !== 0) return `${milliseconds}ms`;
  return milliseconds % 60_000 === 0 && milliseconds > 0 ? `${milliseconds / 60_000}m` : `${milliseconds / 1000}s`;
}
